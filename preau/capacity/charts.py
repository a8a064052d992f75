"""A week drawn by the server: seven days down, hours across, a number in each cell.

The same numbers always stand in the page's table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from preau.capacity.grids import Measure
from preau.core.formats import WEEKDAYS

CELL_WIDTH, CELL_HEIGHT, LEFT, TOP = 38, 34, 92, 26
SHADES = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """`share` is None when there was no such hour, or the places were closed then."""

    x: int
    y: int
    share: float | None
    is_open: bool
    shade: int

    @property
    def text(self) -> str:
        if self.share is None:
            return ""
        return str(round(100 * self.share)) if self.is_open else "·"

    @property
    def middle_x(self) -> float:
        return self.x + CELL_WIDTH / 2

    @property
    def middle_y(self) -> float:
        return self.y + CELL_HEIGHT / 2

    @property
    def words(self) -> str:
        if self.share is None:
            return "—"
        return f"{round(100 * self.share)}\u00a0%" if self.is_open else "fermé"


@dataclass(frozen=True, slots=True)
class Week:
    key: str
    title: str
    description: str
    hours: list[tuple[int, float]]  # the hour, and the middle of its column
    days: list[tuple[str, float, list[Cell]]]  # the day, the middle of its row, its cells

    @property
    def width(self) -> int:
        return LEFT + len(self.hours) * CELL_WIDTH

    @property
    def height(self) -> int:
        return TOP + 7 * CELL_HEIGHT

    @property
    def by_hour(self) -> list[tuple[int, list[Cell]]]:
        """For the table, which is narrow: an hour a row."""
        return [
            (hour, [cells[number] for _, _, cells in self.days])
            for number, (hour, _) in enumerate(self.hours)
        ]


def hours_of(grids: Any) -> range:
    """From 8 h to 22 h, and further where something is open."""
    opened = np.nonzero(grids[:, Measure.OPEN].sum(axis=(0, 1)))[0]
    first = min([8, *(int(one) for one in opened)])
    return range(first, max([21, *(int(one) for one in opened)]) + 1)


def week(key: str, title: str, grid: Any, number: Measure, hours: range) -> Week | None:
    """One picture; None when the period has no such week.

    Args:
        grid: hours by [measure, weekday, hour].
    """
    every = grid[Measure.CLOCK]
    if not every.any():
        return None
    days = []
    for day, name in enumerate(WEEKDAYS):
        cells = [_cell(grid, number, day, hour, place) for place, hour in enumerate(hours)]
        days.append((name.capitalize(), TOP + (day + 0.5) * CELL_HEIGHT, cells))
    return Week(
        key,
        title,
        _said(grid, number, hours),
        [(hour, LEFT + (place + 0.5) * CELL_WIDTH) for place, hour in enumerate(hours)],
        days,
    )


def _cell(grid: Any, number: Measure, day: int, hour: int, place: int) -> Cell:
    every = float(grid[Measure.CLOCK, day, hour])
    share = float(grid[number, day, hour]) / every if every else None
    is_open = bool(grid[Measure.OPEN, day, hour])
    shade = 0
    if share and is_open:
        shade = min(SHADES, 1 + int(share * SHADES))
    return Cell(LEFT + place * CELL_WIDTH, TOP + day * CELL_HEIGHT, share, is_open, shade)


def _said(grid: Any, number: Measure, hours: range) -> str:
    """The fullest and the emptiest, for whoever does not see the picture."""
    some = slice(hours.start, hours.stop)
    every, values = grid[Measure.CLOCK, :, some], grid[number, :, some]
    shares = np.divide(values, every, out=np.zeros_like(values), where=every > 0)
    day, hour = (int(one) for one in np.unravel_index(int(shares.argmax()), shares.shape))
    if not shares[day, hour]:
        return "Rien à aucune heure de la semaine."
    by_day = values.sum(axis=1) / np.maximum(every.sum(axis=1), 1)
    said = " ; ".join(
        f"{name} : {round(100 * float(share))} %"
        for name, share in zip(WEEKDAYS, by_day, strict=True)
    )
    return (
        f"Le plus : {WEEKDAYS[day]} de {hour + hours.start} h à {hour + hours.start + 1} h, "
        f"{round(100 * float(shares[day, hour]))} % du temps. Par jour, {said}."
    )
