"""Marks of reviews and opinions, in words: one place for pages, exports and figures."""

from __future__ import annotations

from typing import Any

from preau.core.formats import number

#: « Sans cet accompagnement, le projet… »
DIFFERENCE = {
    1: "ne se serait pas fait",
    2: "se serait fait plus tard, ou en plus petit",
    3: "se serait fait, avec plus de peine",
    4: "se serait fait de la même façon",
}
SATISFACTION = {
    5: "5 – Très satisfait",
    4: "4 – Satisfait",
    3: "3 – Ni satisfait ni insatisfait",
    2: "2 – Peu satisfait",
    1: "1 – Pas du tout satisfait",
}


def decimal(value: float | None) -> str:
    """« 1 250 », « 3,5 », « – »: no more decimals than there are, two at most."""
    if value is None:
        return "–"
    places = 0 if value == int(value) else (1 if round(value, 1) == value else 2)
    return number(value, places)


def figure_rows(figures: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Label, before, after, unit of each key figure of a review."""
    return [
        (one["label"], decimal(one.get("before")), decimal(one.get("after")), one.get("unit", ""))
        for one in figures
    ]
