"""Usual opening hours to start from, as lines of the opening screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from preau.availability.enums import Effect, When
from preau.availability.opening import RuleData
from preau.availability.opening_index import HORIZON

WORKDAYS = (0, 1, 2, 3, 4)
SATURDAY = (5,)
WEEKEND = (5, 6)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Preset:
    """Hours that many places of one sort share; the manager changes what differs."""

    key: str
    name: str
    summary: str
    lines: Callable[[date], list[RuleData]]


def _hours(weekdays: tuple[int, ...], start: int, end: int, when: str = When.ALWAYS) -> RuleData:
    return RuleData(weekdays=weekdays, start_minute=start * 60, end_minute=end * 60, when=when)


def _closed_in_august(today: date) -> list[RuleData]:
    """One line for each August that can already be booked and is not over."""
    last = today + HORIZON
    years = [y for y in range(today.year, last.year + 1) if today <= date(y, 8, 31)]
    return [
        RuleData(
            weekdays=EVERY_DAY,
            start_minute=0,
            end_minute=1440,
            effect=Effect.CLOSED,
            valid_from=date(year, 8, 1),
            valid_until=date(year, 8, 31),
        )
        for year in years
        if date(year, 8, 1) <= last
    ]


def _school(today: date) -> list[RuleData]:
    return [
        _hours(WORKDAYS, 18, 22, When.TERM),
        _hours(SATURDAY, 8, 22, When.TERM),
        _hours(EVERY_DAY, 8, 22, When.SCHOOL_HOLIDAYS),
        *_closed_in_august(today),
    ]


def _hall(_: date) -> list[RuleData]:
    return [_hours((0, 1, 2, 3, 6), 8, 23), _hours((4, 5), 8, 26)]


def _gym(_: date) -> list[RuleData]:
    return [
        _hours(WORKDAYS, 17, 23, When.TERM),
        _hours(WEEKEND, 8, 23, When.TERM),
        _hours(EVERY_DAY, 8, 22, When.SCHOOL_HOLIDAYS),
    ]


PRESETS = [
    Preset(
        "classe",
        "Classe de collège",
        "Le soir et le samedi en période scolaire, toute la journée pendant les vacances, "
        "fermé en août.",
        _school,
    ),
    Preset(
        "salle-des-fetes",
        "Salle des fêtes",
        "Tous les jours de 8 h à 23 h, jusqu’à 2 h le lendemain le vendredi et le samedi.",
        _hall,
    ),
    Preset(
        "gymnase",
        "Gymnase",
        "Le soir et la fin de semaine en période scolaire, toute la journée pendant les vacances.",
        _gym,
    ),
    Preset(
        "toujours",
        "Toujours ouvert",
        "Tous les jours, jour et nuit.",
        lambda _: [_hours(EVERY_DAY, 0, 24)],
    ),
]
BY_KEY = {preset.key: preset for preset in PRESETS}
