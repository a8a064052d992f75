"""Hours as French lists write them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.conf import settings

from preau.directory.formats.plain_hours import DayHours, Unreadable, read_cell, read_week, week_of

REAL = Path(settings.BASE_DIR).parent / "shared/data/france-services-2022-12.csv"
MORNING, AFTERNOON = (540, 720), (810, 1020)


@pytest.mark.parametrize(
    ("text", "spans", "by_appointment"),
    [
        ("09:00 - 12:00 / 13:30 - 17:00", (MORNING, AFTERNOON), False),
        ("09:00-12:00/13:30-17:00", (MORNING, AFTERNOON), False),
        ("9h-12h", (MORNING,), False),
        ("9 h – 12 h", (MORNING,), False),
        ("09h00 à 12h00 et 13h30-17h", (MORNING, AFTERNOON), False),
        ("de 9h à midi, 13h30 à 17h", (MORNING, AFTERNOON), False),
        ("09 :00-12:00", (MORNING,), False),
        ("09:00-12:00-13:30-17:00", (MORNING, AFTERNOON), False),
        ("09:00-12:00 13:30-17:00", (MORNING, AFTERNOON), False),
        ("09:00 - 12:00 / 09:00 - 12:00 / 13:30 - 17:00", (MORNING, AFTERNOON), False),
        ("22h-2h", ((1320, 1560),), False),
        ("24h/24", ((0, 1440),), False),
        ("fermé", (), False),
        ("-", (), False),
        ("", (), False),
        ("sur rdv", (), True),
        ("Sur rendez-vous uniquement", (), True),
        ("9h-12h (sur rendez-vous)", (MORNING,), True),
    ],
)
def test_hours_of_a_day(
    text: str, spans: tuple[tuple[int, int], ...], by_appointment: bool
) -> None:
    assert read_cell(text) == DayHours(spans, by_appointment)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("09:00 - 16:00 / 13:00 - 16:00", "se chevauchent"),
        ("07:30:12:30", "Écrivez"),
        ("9h", "manque une heure"),
        ("le matin", "n’est pas une heure"),
        ("9h-12h sauf vacances", "« sauf vacances »"),
        ("1er lundi 9h-12h", "n’est pas compris"),
        ("17:00-09:00", "inversé"),
        ("09:00-25:00", "de 00:00 à 24:00"),
        ("09:75-12:00", "de 00:00 à 24:00"),
        ("09:00 12:00", "tiret"),
    ],
)
def test_what_could_be_two_things_is_said(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_cell(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Lundi au vendredi : 9h-12h et 13h30-17h ; samedi 9h-12h",
            [([0, 1, 2, 3, 4], 810, 1020), ([0, 1, 2, 3, 4, 5], 540, 720)],
        ),
        ("lun, mer et ven : 14h-18h", [([0, 2, 4], 840, 1080)]),
        ("Du lundi au jeudi de 9h à 12h", [([0, 1, 2, 3], 540, 720)]),
        ("Tous les jours 8h-20h", [([0, 1, 2, 3, 4, 5, 6], 480, 1200)]),
    ],
)
def test_hours_of_a_week(text: str, expected: list[tuple[list[int], int, int]]) -> None:
    rules = read_week(text).rules
    found = sorted((list(one.weekdays), one.start_minute, one.end_minute) for one in rules)
    assert found == sorted(expected)
    assert all(one.not_on_public_holidays for one in rules)


def test_a_week_says_which_days_are_by_appointment_and_which_are_wrong() -> None:
    week = week_of({0: "9h-12h", 1: "sur rdv", 2: "9h12h", 3: "9h-12h sur rdv"})
    assert [(one.weekdays, one.start_minute) for one in week.rules] == [([0, 3], 540)]
    assert week.notes == ["Sur rendez-vous : mardi, jeudi."]
    assert [day for day, _ in week.problems] == [2]


@pytest.mark.parametrize("text", ["9h-12h", "lundi 9h-12h, lundi 14h-17h", "lundi quelquefois"])
def test_a_week_that_is_not_one(text: str) -> None:
    with pytest.raises(Unreadable):
        read_week(text)


@pytest.mark.skipif(not REAL.exists(), reason="the shared data is not here")
def test_the_real_list_is_understood_or_reported() -> None:
    cells = understood = 0
    with REAL.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name, cell in row.items():
                if name.startswith("h_") and cell:
                    cells += 1
                    try:
                        read_cell(cell)
                    except Unreadable as unreadable:
                        assert "«" in str(unreadable)  # the sentence quotes what is wrong
                    else:
                        understood += 1
    assert cells == 13_087
    assert understood / cells > 0.995
