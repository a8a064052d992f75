"""Curves and bars drawn by the server; the same figures stand in the page's tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from preau.core.formats import euros, number
from preau.economics.model.hypotheses import MONTHS

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 260, 92, 30, 14


@dataclass(frozen=True, slots=True)
class Mark:
    """A graduation: where it is, and its words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Curve:
    """`line` and `band` are the points of SVG shapes."""

    line: str
    band: str
    across: list[Mark]
    up: list[Mark]
    zero: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    y: float
    x: float
    width: float
    low: str
    high: str


def _x(month: int) -> float:
    return round(LEFT + (WIDTH - LEFT - 10) * (month - 1) / (MONTHS - 1), 1)


def _scale(low: float, high: float) -> Any:
    span = (high - low) or 1

    def y(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / span, 1)

    return y


_ACROSS = [Mark(_x(month), str(month)) for month in (1, 6, 12, 18, 24, 30, 36)]


def chances(balanced: Sequence[float]) -> Curve:
    """From 0 to 100 %."""
    y = _scale(0, 1)
    points = " ".join(f"{_x(i + 1)},{y(one)}" for i, one in enumerate(balanced))
    up = [Mark(y(one / 100), f"{one} %") for one in (0, 25, 50, 75, 100)]
    return Curve(points, "", _ACROSS, up, None)


def cash(p10: Sequence[int], p50: Sequence[int], p90: Sequence[int]) -> Curve:
    """The middle, and between one chance in ten and nine in ten."""
    low, high = min(0, *p10), max(0, *p90)
    y = _scale(low, high)
    line = " ".join(f"{_x(i + 1)},{y(one)}" for i, one in enumerate(p50))
    above = [f"{_x(i + 1)},{y(one)}" for i, one in enumerate(p90)]
    below = [f"{_x(i + 1)},{y(one)}" for i, one in enumerate(p10)]
    marks = sorted({low, 0, high})
    kept = [one for one in marks if one == 0 or abs(y(one) - y(0)) > 16]
    up = [Mark(y(one), f"{number(round(one / 100))} €") for one in kept]
    return Curve(line, " ".join(above + below[::-1]), _ACROSS, up, y(0))


#: What the tornado shows; the table has them all.
MOST_BARS = 10


def tornado(effects: Sequence[dict[str, Any]], likely: int) -> list[Bar]:
    """Around the likely end, what each doubt alone may make of it."""
    effects = effects[:MOST_BARS]
    if not effects:
        return []
    ends = [likely, *(one[end] for one in effects for end in ("low", "high"))]
    low, span = min(ends), (max(ends) - min(ends)) or 1

    def x(value: int) -> float:
        return float(round(10 + (WIDTH - 20) * (value - low) / span, 1))

    bars = []
    for number_, one in enumerate(effects):
        left, right = sorted((one["low"], one["high"]))
        width = max(2.0, round(x(right) - x(left), 1))
        bars.append(
            Bar(one["label"], 44 * number_, x(left), width, euros(one["low"]), euros(one["high"]))
        )
    return bars
