"""How figures are said, what is asked for, and when a country counts as built."""

import json
import os
import random
import subprocess
from dataclasses import asdict
from datetime import date
from importlib import import_module

import pytest

from bench import figures
from bench.__main__ import MEASURES
from bench.country import Country
from ops import bench


@pytest.fixture(autouse=True)
def none_said():
    figures.FIGURES.clear()
    yield
    figures.FIGURES.clear()


def test_a_figure_is_one_line_and_is_kept(capsys, tmp_path):
    figures.figure("search.window.p50", 4.5678, "ms")
    figures.figure("rows", 12, "rows")
    assert capsys.readouterr().out == "bench search.window.p50 4.57 ms\nbench rows 12 rows\n"
    figures.save(tmp_path / "deep" / "figures.json", {"only": []})
    kept = json.loads((tmp_path / "deep" / "figures.json").read_text())
    assert kept["figures"][1] == {"name": "rows", "value": 12, "unit": "rows"}


def test_a_spread_gives_percentiles_and_what_else_is_known(capsys):
    figures.spread("find", list(range(101)), statements=(3, "queries"))
    said = {one["name"]: one["value"] for one in figures.FIGURES}
    assert said == {
        "find.p50": 50,
        "find.p95": 95,
        "find.p99": 99,
        "find.count": 101,
        "find.statements": 3,
    }


def test_nothing_measured_is_an_error():
    with pytest.raises(ValueError, match="find"):
        figures.spread("find", [])


def test_progress_is_said_now_and_then_and_at_the_end(capsys):
    for done in range(1, 1001):
        figures.progress("rows", done, 1000)
    lines = capsys.readouterr().err.splitlines()
    assert 1 <= len(lines) <= 3
    assert lines[-1] == "  rows: 1,000 / 1,000 (100 %)"


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_of_the_register_can_be_called(name):
    assert callable(import_module(MEASURES[name][0]).main)


@pytest.mark.parametrize(
    ("only", "name", "wanted"),
    [
        ((), "search.window", True),
        (("search",), "search.window", True),
        (("search.window",), "search", True),
        (("calendar",), "search.window", False),
    ],
)
def test_a_part_is_asked_for_by_how_its_name_begins(only, name, wanted):
    country = Country(200, 100, 1, "", date(2026, 11, 22), only=only, draw=random.Random(1))
    assert country.wants(name) is wanted


def test_a_country_is_built_once_its_description_says_the_same(tmp_path):
    wanted = bench.Wanted(spaces=500)
    assert not bench.is_built(tmp_path, wanted)
    (tmp_path / bench.DESCRIPTION).write_text(json.dumps(asdict(wanted) | {"places": 99}))
    assert bench.is_built(tmp_path, wanted)
    assert not bench.is_built(tmp_path, bench.Wanted(spaces=500, past=10))
    (tmp_path / bench.DESCRIPTION).write_text('{"spaces": 5')
    assert not bench.is_built(tmp_path, wanted)


def test_each_country_has_a_folder_of_its_own():
    folders = {
        bench.Wanted(**one).folder
        for one in ({}, {"spaces": 200_000}, {"past": 10}, {"per_place": 40})
    }
    assert folders == {"bench-20000", "bench-200000", "bench-20000-past10", "bench-20000-per40"}


def _make(*words):
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = ["make", "-n", "bench", *words]
    ran = subprocess.run(
        command, cwd=bench.ROOT, env=env, capture_output=True, text=True, check=True
    )
    return ran.stdout


def test_make_hands_over_what_is_asked():
    said = _make("SPACES=200000", "PAST=10", "ONLY=reads")
    assert '--spaces "200000"' in said
    assert '--past "10"' in said
    assert said.rstrip().endswith("-- reads")


def test_a_country_never_goes_into_the_folder_of_the_demonstration():
    assert "--var" not in _make()
    assert '--var "elsewhere"' in _make("VAR=elsewhere")
