"""The table of growth: one column a country measured, ratios between those that compare."""

import json

import pytest
from django.db import connection

from bench import growth
from bench.figures import FIGURES, save
from bench.growth_table import Column, written
from preau.availability.models import OpeningCalendar, OpeningYear, SpaceDay

MACHINE = {"day": "2026-11-22", "cores": 2, "memory_gib": 23, "load": 0.4}
SERVER = {"server_version": "18.1", "shared_buffers": "4GB"}


def column(spaces, past, ms):
    said = {f"reads.search.window.db.p{cut}": ms * cut / 50 for cut in (50, 95, 99)}
    about = {"spaces": spaces, "past": past, "seconds": {"whole": 60}}
    return Column(about, said, MACHINE | SERVER)


def test_ratios_are_between_countries_that_compare():
    text = written([column(20_000, 1, 2.0), column(20_000, 10, 2.2), column(200_000, 1, 3.0)])
    [line] = [one for one in text.splitlines() if one.startswith("| `search.window`: ")]
    cells = [cell.strip() for cell in line.split("|")[2:-1]]
    assert cells == [
        "2 / 3.8 / 4.0",
        "2.2 / 4.2 / 4.4",
        "3 / 5.7 / 5.9",
        "×1.1",
        "×1.5",
    ]


def test_one_country_alone_has_no_ratio():
    assert "×10" not in written([column(20_000, 1, 2.0)])


def test_the_index_is_written_again_from_nothing_and_equal(town):
    before = set(SpaceDay.objects.values_list("day", "space_id", "lane", "bits"))
    connection.check_constraints()  # nothing pends on tables about to be emptied
    growth.rebuild_whole()
    assert set(SpaceDay.objects.values_list("day", "space_id", "lane", "bits")) == before
    assert OpeningYear.objects.exists()


def test_a_difference_ends_the_run(town):
    SpaceDay.objects.filter(pk=SpaceDay.objects.first().pk).delete()
    with pytest.raises(SystemExit):
        growth.verify("growth.verify")


def test_the_horizon_goes_a_month_further(town):
    before = OpeningCalendar.objects.first().built_until
    growth.extend_a_month()
    assert (OpeningCalendar.objects.first().built_until - before).days == 30


def test_the_page_keeps_its_words(town, tmp_path, monkeypatch):
    page = tmp_path / "scale.md"
    page.write_text(f"# Scale\n\nBefore.\n\n{growth.BEGIN}\nold\n{growth.END}\n\nAfter.\n")
    monkeypatch.setattr(growth, "PAGE", page)
    folder = tmp_path / "bench-14"
    folder.mkdir()
    (folder / "country.json").write_text(json.dumps({"spaces": 14}))
    growth.weigh()
    save(folder / "figures.json", {})
    (folder / growth.MACHINE).write_text(json.dumps(growth.machine()))
    FIGURES.clear()
    growth.write_page(growth.columns_beside(folder))
    text = page.read_text()
    assert text.startswith("# Scale\n\nBefore.") and text.endswith("After.\n")
    assert "old" not in text
    assert "| 14 spaces |" in text.splitlines()[text.splitlines().index(growth.BEGIN) + 4]
    assert str(tmp_path) not in text
