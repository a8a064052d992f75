"""What one supposes of a place's economy: each number low, likely, high."""

from __future__ import annotations

from dataclasses import dataclass

MONTHS = 36


@dataclass(frozen=True, slots=True)
class Guess:
    """A triangular law; the three equal when one is sure."""

    low: float
    likely: float
    high: float

    @property
    def is_sure(self) -> bool:
        return self.low == self.high

    @property
    def is_ordered(self) -> bool:
        return 0 <= self.low <= self.likely <= self.high


ONE = Guess(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """A revenue or a cost of each month.

    Attributes:
        sign: 1 for a revenue, -1 for a cost.
        cents: per month, or per unit.
        volume: units per month; `ONE` for an amount per month.
        start: the first month of the line, from 1.
        ramp: how many months until it is whole; 1 or less: at once.
    """

    label: str
    sign: int
    cents: Guess
    volume: Guess = ONE
    start: int = 1
    ramp: int = 1

    def at(self, month: int) -> float:
        """Which part of the line is there in a month."""
        return 0.0 if month < self.start else min(1.0, (month - self.start + 1) / max(1, self.ramp))


@dataclass(frozen=True, slots=True)
class OneOff:
    """An investment (-1) or a grant (1), paid in one month."""

    label: str
    sign: int
    cents: Guess
    month: int


@dataclass(frozen=True, slots=True)
class Hypotheses:
    lines: tuple[Line, ...] = ()
    one_offs: tuple[OneOff, ...] = ()
    start_cents: int = 0

    @property
    def guesses(self) -> list[Guess]:
        """Every number that is drawn, in the order of the columns of the draws."""
        of_lines = [guess for line in self.lines for guess in (line.cents, line.volume)]
        return of_lines + [one.cents for one in self.one_offs]
