"""Which stand-ins the demonstration starts, where, and what it does without one."""

import socket
import sys
from contextlib import ExitStack

import pytest

from ops import stand_ins
from ops.console import CannotGoOn
from ops.demo import Demo
from ops.stand_ins import StandIn

DEMO = {"PREAU_MODE": "demo"}


@pytest.fixture
def demo(tmp_path):
    (tmp_path / "log").mkdir()
    with ExitStack() as later:
        made = Demo(tmp_path, 8123, later)
        made.python = sys.executable
        made.env = {**DEMO, "PREAU_SITE_URL": "http://localhost:8123", "PREAU_X_URL": ""}
        yield made


def _only(monkeypatch, **changes):
    given = {"name": "x", "module": "fakes.nowhere", "settings": {"PREAU_X_URL": "http://{x}"}}
    monkeypatch.setattr(stand_ins, "ALL", (StandIn(**given | changes),))


@pytest.mark.parametrize("mode", ["production", "test", ""])
def test_none_outside_of_a_demonstration(mode):
    assert stand_ins.wanted({"PREAU_MODE": mode}) == []
    assert len(stand_ins.wanted(DEMO)) == len(stand_ins.ALL)


def test_none_where_the_true_service_is_named():
    left = stand_ins.wanted(DEMO | {"PREAU_PAYFIP_URL": "https://www.payfip.gouv.fr"})
    assert {one.name for one in stand_ins.ALL} - {one.name for one in left} == {"payfip"}


def test_each_of_them_has_a_place_of_its_own():
    opened = [name for one in stand_ins.ALL for name in one.opens]
    assert len(set(opened)) == len(opened)
    known = dict.fromkeys(opened, 1) | {"site": "s", "var": "v"}
    for one in stand_ins.ALL:
        said = [text.format(**known) for text in [*one.command, *one.settings.values()]]
        assert not any("{p" in text for text in said)
        assert not any("0.0.0.0" in text for text in said)


def test_all_of_them_answer_from_this_machine(demo, capsys):
    demo.env["PREAU_PROCONNECT_ISSUER"] = "https://elsewhere.example"  # its modules are fetched
    demo._stand_ins()
    demo._wait_for_stand_ins(20, optional=True)
    wanted = [one for one in stand_ins.ALL if one.name != "oidc" and not one.missing]
    assert {one.name for one in demo.children} == {one.name for one in wanted}
    assert "which did not start" not in capsys.readouterr().out
    assert any(str(demo.ports["grist"]) in line for line in demo.pages)


def test_ports_stay_until_somebody_else_has_one(tmp_path):
    kept = tmp_path / "stand-ins.json"
    first = stand_ins.ports(["a", "b"], kept)
    assert len(set(first.values())) == 2
    assert stand_ins.ports(["b", "a"], kept) == first
    with socket.socket() as other:
        other.bind(("127.0.0.1", first["a"]))
        other.listen()
        then = stand_ins.ports(["a", "b"], kept)
    assert then["b"] == first["b"]
    assert then["a"] != first["a"]
    kept.write_text("{half")
    assert set(stand_ins.ports(["a"], kept)) == {"a"}


def test_the_demonstration_goes_on_without_what_it_may_miss(demo, monkeypatch, capsys):
    _only(monkeypatch, needs={"sh": "dash"}, title="the thing", page="{x}")
    demo._stand_ins()
    [child] = demo.children
    assert demo.env["PREAU_X_URL"].startswith("http://")
    demo._wait_for_stand_ins(20, optional=True)
    assert "Without the thing, which did not start" in capsys.readouterr().out
    assert "PREAU_X_URL" not in demo.env
    assert demo.children == demo.pages == [] and child.ended


def test_a_missing_program_is_named(demo, monkeypatch, capsys):
    _only(monkeypatch, needs={"no-such-program": "its-package"}, title="the thing")
    demo._stand_ins()
    assert "Without the thing: install its-package" in capsys.readouterr().out
    assert demo.children == [] and not demo.env["PREAU_X_URL"]


def test_what_the_demonstration_needs_is_said_when_it_fails(demo, monkeypatch):
    _only(monkeypatch)
    with pytest.raises(CannotGoOn, match="A stand-in did not start"):
        demo._stand_ins()


def test_ways_in_come_back_to_the_port_that_was_asked(demo, monkeypatch):
    started = {}
    monkeypatch.setattr(demo, "_child", lambda name, words, _: started.update({name: words}))
    monkeypatch.setattr(demo, "_wait_for_stand_ins", lambda *_, **__: None)
    monkeypatch.setattr(StandIn, "missing", [])
    demo._stand_ins()
    words = started["oidc"]
    assert words[words.index("--site") + 1] == "http://localhost:8123"
    port = words[words.index("--proconnect-port") + 1]
    assert demo.env["PREAU_PROCONNECT_ISSUER"] == f"http://127.0.0.1:{port}/api/v2"
