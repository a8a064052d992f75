"""The measured reads: the brute force agrees with a right engine, and catches a wrong one."""

import pytest

from bench import reads
from bench.country import Country
from bench.figures import FIGURES
from bench.reads import oracle
from bench.reads.kinds import KINDS
from bench.reads.questions import Crowd, moment
from preau.availability.models import SpaceDay
from preau.core import clock


@pytest.fixture
def country(town, monkeypatch):
    monkeypatch.setattr(oracle, "SAMPLE", 4)
    return town


def test_right_answers_are_the_brute_force_s(country):
    with clock.frozen(moment(country.today)):
        assert oracle.compare(country) == 0
    rows = {one["name"]: one["value"] for one in FIGURES}
    assert all(
        rows[f"reads.oracle.{name}.rows"] for name, _, _ in oracle.CHECKS if "odd" not in name
    )


def test_an_index_that_forgets_a_booking_is_caught(country, capsys):
    SpaceDay.objects.all().delete()
    with pytest.raises(SystemExit) as end:
        reads.main(Country(**{**vars(country), "only": ("reads.oracle",)}))
    assert end.value.code == 1
    assert "expected" in capsys.readouterr().out


def test_every_kind_is_measured(country, monkeypatch):
    for name in ("QUERIES", "WARMING", "EXPLAINED"):
        monkeypatch.setattr(reads, name, 2)
    with clock.frozen(moment(country.today)):
        for kind in KINDS:
            reads.measure(kind, country)
    said = {one["name"]: one["value"] for one in FIGURES}
    for kind in KINDS:
        assert said[f"reads.{kind.name}.statements.max"] > 0
        assert said[f"reads.{kind.name}.buffers.max"] > 0


def test_questions_repeat_with_their_seed(country):
    one, other = (list(Crowd("same", country.today).windows(5)) for _ in range(2))
    assert one == other
