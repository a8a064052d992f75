"""Figures as they are written, on the page and in the file."""

from __future__ import annotations

from dataclasses import dataclass

from preau.core.formats import NBSP, euros, number
from preau.portfolio.figures.base import Definition, Figure, Section, Unit


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, ready to be shown.

    Attributes:
        counted: « Vues : 12. Recommandations envoyées : 40 ».
        parts: label, value, « 3 sur 10 ».
    """

    key: str
    label: str
    value: str
    counted: str
    waiting: str
    definition: Definition
    parts: list[tuple[str, str, str]]


def value_of(value: float | None, unit: Unit) -> str:
    if value is None:
        return "–"
    if unit == Unit.EUROS:
        return euros(round(value * 100))
    places = 0 if value == int(value) else 1
    written = number(value, places)
    if unit == Unit.DAYS:
        return f"{written}{NBSP}{'jour' if abs(value) < 2 else 'jours'}"
    return f"{written}{NBSP}{unit}" if unit else written


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def line(definition: Definition, figure: Figure) -> Line:
    # The name first, then the number: « 1 projets » cannot happen.
    counted = f"{_capital(definition.denominator)} : {number(figure.denominator)}"
    if figure.numerator is not None:
        counted = f"{_capital(definition.numerator)} : {number(figure.numerator)}. {counted}"
    waiting = ""
    if figure.waiting:
        waiting = f"À part, {definition.waiting} : {number(figure.waiting)}"
    parts = []
    for part in figure.parts:
        of_part = f"{number(part.numerator)} sur {number(part.denominator)}"
        if definition.unit == Unit.DAYS:
            of_part = f"sur {number(part.denominator)}"
        parts.append((part.label, value_of(part.value, definition.unit), of_part))
    return Line(
        definition.key,
        definition.label,
        value_of(figure.value, definition.unit),
        counted,
        waiting,
        definition,
        parts,
    )


def section_lines(section: Section, figures: dict[str, Figure]) -> list[Line]:
    return [line(one, figures[one.key]) for one in section.definitions]
