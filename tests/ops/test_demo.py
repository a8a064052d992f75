"""`make demo` starts, stops and recovers, whatever is killed under it."""

import os
import shutil
import signal
import socket
import tempfile
from pathlib import Path

import pytest

from ops import demo, processes

pytestmark = pytest.mark.crash
#: What the first start says that it does.
DONE_ONCE = [*demo.STEPS.values(), "Packages"]


def _kill(*pids):
    for pid in pids:
        processes.send(pid, signal.SIGKILL)  # some end by themselves when another one is killed


def test_first_start_says_everything_and_ctrl_c_leaves_nothing(house):
    run = house.start()
    assert f"http://localhost:{house.port}/" in run.said
    assert len(run.running("fakes.")) == 2
    assert "demo@preau.example" in run.said
    assert run.get() == ["loaded"]
    assert run.ask_to_stop() == 0
    assert run.is_gone()


def test_production_has_no_stand_in(house):
    run = house.start(mode="production")
    assert run.get() == ["loaded"]
    assert not run.running("fakes.")
    assert not (house.var / "stand-ins.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_ways_of_asking(house, number):
    run = house.start()
    assert run.ask_to_stop(number) == 0
    assert run.is_gone()


@pytest.mark.parametrize("moment", ["PostgreSQL", "Database schema", "Web server"])
def test_ctrl_c_during_the_start_leaves_nothing(house, moment):
    run = house.begin()
    run.wait_until_said(moment)
    assert run.ask_to_stop() == 0
    assert not run.children() and not processes.working_in(house.var / "pg", "postgres")
    assert house.start().get() == ["loaded"]


def test_second_start_does_nothing_again_and_keeps_everything(house):
    run = house.start()
    run.post("kept")
    run.ask_to_stop()
    run = house.start()
    assert not [title for title in DONE_ONCE if title in run.said]
    assert "demo@preau.example" in run.said
    assert run.get() == ["kept", "loaded"]


def test_everything_stops_when_the_database_is_killed(house, writer):
    run = house.start()
    confirmed = writer(run)
    assert processes.wait_until(lambda: len(confirmed) > 20, 20)
    _kill(run.servers()[0])
    assert run.end() == 1
    assert "PostgreSQL ended unexpectedly" in run.said
    assert run.is_gone()
    assert set(confirmed) <= set(house.start().get())


def test_everything_stops_when_the_web_server_is_killed(house):
    run = house.start()
    _kill(run.web())
    assert run.end() == 1
    assert "web server ended unexpectedly" in run.said
    assert run.is_gone()
    assert house.start().get() == ["loaded"]


def test_nothing_outlives_a_killed_supervisor(house):
    run = house.start()
    _kill(run.process.pid)
    run.end()
    assert run.is_gone()
    assert house.start().get() == ["loaded"]


def test_nothing_outlives_a_killed_make(house):
    run = house.start(through_make=True)
    _kill(run.process.pid)
    run.end()
    assert run.is_gone()
    assert house.start().get() == ["loaded"]


def test_recovery_at_once_after_the_supervisor_is_killed(house):
    """The next start does not wait politely: what is left over is still stopping."""
    run = house.start()
    _kill(run.process.pid)
    assert house.start().get() == ["loaded"]


def test_recovery_when_everything_is_killed_at_once(house, writer):
    run = house.start()
    confirmed = writer(run)
    for goal in (20, 40, 60):
        assert processes.wait_until(lambda goal=goal: len(confirmed) > goal, 20)
        _kill(run.process.pid, *run.servers(), *run.children())
        run.end()
        known = set(confirmed)
        run = house.start()
        assert known <= set(run.get())


def test_web_workers_left_without_their_server_do_not_keep_the_port(house):
    run = house.start()
    _kill(run.process.pid, run.web())
    run.end()
    assert house.start().get() == ["loaded"]


def test_stale_files_naming_another_program(house):
    """After a reboot the pid in the file may be anybody's: that process is left alone."""
    run = house.start()
    _kill(run.process.pid, *run.servers(), *run.children())
    run.end()
    assert run.is_gone()
    data, sockets = house.var / "pg", house.var / "run"
    for stale in (data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        owner = data.stat()
        stale.write_text(f"{os.getpid()}\n{data.resolve()}\n1700000000\n5432\n{sockets}\n\n")
        os.chown(stale, owner.st_uid, owner.st_gid)
    assert house.start().get() == ["loaded"]


def test_half_made_cluster_is_made_again(house):
    for name in ("pg.new", "pg"):
        (house.var / name / "base").mkdir(parents=True)
    assert house.start().get() == ["loaded"]


def test_port_in_use(house):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = house.start(port=other.getsockname()[1])
        assert run.end() == 1
    assert "Port" in run.said and "make demo PORT=" in run.said
    assert "Traceback" not in run.said


def test_data_folder_in_use(house):
    first = house.start()
    second = house.start(port=house.port + 1)
    assert second.end() == 1
    assert f"port {house.port}" in second.said and "VAR=" in second.said
    assert first.get() == ["loaded"]


@pytest.mark.parametrize("place", ["/proc/preau", "/dev/null/preau"])
def test_folder_that_cannot_be_written(house, place):
    run = house.start(var=place)
    assert run.end() == 1
    assert "cannot be written" in run.said and "Traceback" not in run.said


def test_folder_with_a_path_too_long_for_a_socket(house):
    before = set(Path(tempfile.gettempdir()).glob("preau-*-*"))
    run = house.start(var=house.folder / ("d" * 110))
    assert run.get() == ["loaded"]
    run.ask_to_stop()
    assert set(Path(tempfile.gettempdir()).glob("preau-*-*")) == before


@pytest.mark.skipif(os.getuid() != 0, reason="only root has a server of another user")
def test_folder_that_the_server_cannot_reach(house):
    closed = Path(tempfile.mkdtemp(prefix="preau-closed-"))  # mode 0700
    try:
        run = house.start(var=closed / "var")
        assert run.get() == ["loaded"]
        run.ask_to_stop()
        home = (closed / "var" / "pg").resolve().parent
        shutil.rmtree(closed / "var")
        run = house.start(var=closed / "var")
        assert "Database schema" in run.said  # an emptied folder starts from nothing
        run.ask_to_stop()
    finally:
        shutil.rmtree(closed)
    shutil.rmtree(home)
