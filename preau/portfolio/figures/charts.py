"""Bars drawn by the server; the same values always stand in the page's tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, LEFT, RIGHT = 440, 30, 160, 80


@dataclass(frozen=True, slots=True)
class Bar:
    y: float
    middle: float
    width: float
    label: str
    value: str

    @property
    def end(self) -> float:
        return round(LEFT + self.width + 8, 1)


@dataclass(frozen=True, slots=True)
class Chart:
    key: str
    title: str
    description: str
    bars: list[Bar]
    height: int
    width: int = WIDTH
    left: int = LEFT
    thick: int = ROW - 10


def rows(key: str, title: str, values: Sequence[tuple[str, float | None, str]]) -> Chart:
    """A bar a line, from nothing to the largest.

    Args:
        values: label, length (None when there is no value), and the value in words.
    """
    largest = max((length or 0 for _, length, _ in values), default=0) or 1
    room = WIDTH - LEFT - RIGHT
    bars = [
        Bar(
            y=index * ROW + 5,
            middle=index * ROW + ROW / 2,
            width=round(room * (length or 0) / largest, 1),
            label=label,
            value=words,
        )
        for index, (label, length, words) in enumerate(values)
    ]
    said = " ; ".join(f"{label} : {words}" for label, _, words in values)
    return Chart(key, title, f"{said}.", bars, max(len(values), 1) * ROW)
