"""Bars drawn by the server: the same figures always stand in a table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preau.core.formats import number

WIDTH, HEIGHT = 720, 240
LEFT, BOTTOM, TOP = 84, 34, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One value. A hidden one has no height: only its mark is drawn."""

    x: float
    y: float
    width: float
    height: float
    label: str
    hidden: bool
    title: str

    @property
    def end(self) -> float:
        return round(self.x + self.width, 1)


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws."""

    key: str
    title: str
    description: str
    bars: list[Bar]
    ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def bars(key: str, title: str, points: Sequence[tuple[str, int | None]], unit: str) -> Chart:
    """A bar a month.

    Args:
        points: short label and value, None when hidden.
        unit: of the values ("heures").
    """
    values = [value for _, value in points if value is not None]
    top = _round_up(max(values, default=0))
    room, step = HEIGHT - BOTTOM - TOP, (WIDTH - LEFT) / max(len(points), 1)
    drawn = []
    for index, (label, value) in enumerate(points):
        height = room * (value or 0) / top
        shown = f"{number(value)} {unit}" if value is not None else "non publié"
        # Two labels in three would run into each other on a long series.
        written = label if len(points) <= 8 or index % 3 == (len(points) - 1) % 3 else ""
        drawn.append(
            Bar(
                x=round(LEFT + index * step + step * 0.15, 1),
                y=round(HEIGHT - BOTTOM - height, 1),
                width=round(step * 0.7, 1),
                height=round(height, 1),
                label=written,
                hidden=value is None,
                title=f"{label} : {shown}",
            )
        )
    ticks = [
        Tick(round(HEIGHT - BOTTOM - room * part / 2, 1), number(top * part // 2))
        for part in range(3)
    ]
    return Chart(key, title, _describe(points, unit), drawn, ticks)


def _round_up(value: int) -> int:
    """To an even 1, 2 or 5 times a power of ten."""
    scale = 2
    while True:
        for step in (1, 2, 5):
            if scale * step >= value:
                return scale * step
        scale *= 10


def _describe(points: Sequence[tuple[str, int | None]], unit: str) -> str:
    known = [(label, value) for label, value in points if value is not None]
    if not known:
        return "Aucune valeur publiée. Les chiffres sont dans le tableau de la page."
    most = max(known, key=lambda one: one[1])
    label, value = known[-1]
    return (
        f"De {points[0][0]} à {points[-1][0]}. Le plus haut : {number(most[1])} {unit} en "
        f"{most[0]}. Dernière valeur : {number(value)} {unit} en {label}. Tous les chiffres sont "
        "dans le tableau de la page."
    )
