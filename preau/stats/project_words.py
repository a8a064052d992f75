"""Months of projects as they are written, on the page and in the file."""

from __future__ import annotations

from preau.core.formats import NBSP, number
from preau.stats.models import ProjectMonth
from preau.stats.words import counted, delay, share


def money(kiloeuros: int | None) -> str:
    """To the thousand: more would tell the amounts it is made of."""
    return "–" if kiloeuros is None else f"{number(kiloeuros * 1000)}{NBSP}€"


def line(row: ProjectMonth) -> dict[str, str]:
    """Every cell of one line of a table."""
    return {
        "deposited": counted(row.deposited, row.deposited_shown),
        "people": counted(row.people, row.people_shown),
        "sent": counted(row.sent, row.sent_shown),
        "lifted": counted(row.lifted, row.lifted_shown),
        "acknowledged": delay(row.acknowledged_minutes),
        "advised": delay(row.advised_minutes),
        "unblocked": delay(row.unblocked_minutes),
        "answered": share(row.answered_percent),
        "helpful": share(row.helpful_percent),
        "granted": money(row.granted_kiloeuros),
    }
