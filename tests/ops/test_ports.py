"""The ports that tests give to the servers they start."""

from pathlib import Path

from tests.ops.conftest import _free_port, own_ports


def test_two_processes_of_a_run_never_draw_the_same_port():
    first, second = set(own_ports("gw0")), set(own_ports("gw1"))
    assert len(first) == len(second) == 1000
    assert not first & second


def test_nor_the_one_that_the_kernel_gives():
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert _free_port() < lowest
    assert max(own_ports("gw9")) < lowest


def test_a_port_is_not_drawn_again_while_its_server_starts():
    assert len({_free_port() for _ in range(50)}) == 50
