"""Figures as they are written, on the page and in the file."""

from __future__ import annotations

from datetime import date

from preau.core.formats import number
from preau.stats.enums import Shown
from preau.stats.models import MonthlyFigure

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
DAY = 24 * 60


def month_name(month: date) -> str:
    return f"{MONTHS[month.month - 1]} {month.year}"


def month_short(month: date) -> str:
    return f"{month:%m/%Y}"


def counted(value: int | None, shown: str) -> str:
    return number(value) if value is not None else Shown(shown).label


def hours(figure: MonthlyFigure) -> str:
    if figure.minutes is None:
        return Shown.MASKED.label
    return f"{number(round(figure.minutes / 60))} h"


def delay(minutes: int | None) -> str:
    """To the hour under two days, to the half day beyond: more would be false precision."""
    if minutes is None:
        return "–"
    if minutes < 60:
        return "moins d’1 h"
    if minutes < 2 * DAY:
        return f"{round(minutes / 60)} h"
    half_days = round(minutes / DAY * 2) / 2
    return f"{number(half_days, 1 if half_days % 1 else 0)} jours"


def share(percent: int | None) -> str:
    return "–" if percent is None else f"{percent} %"


def line(figure: MonthlyFigure) -> dict[str, str]:
    """Every cell of one line of a table."""
    return {
        "places": number(figure.places),
        "spaces": number(figure.spaces),
        "asked": counted(figure.asked, figure.asked_shown),
        "held": counted(figure.held, figure.held_shown),
        "hours": hours(figure),
        "answer": delay(figure.answer_minutes),
        "signature": delay(figure.signature_minutes),
        "online": share(figure.online_percent),
    }
