"""What a comparison of the index with the truth has found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

#: Called with the name of the step, how much is done, how much there is to do.
Progress = Callable[[str, int, int], None]
#: How many differences are told one by one; the others are only counted.
TOLD = 100

SPACE_DAY = "space_day"
SPACE_INDEX = "space_index"
OPENING_DAY = "opening_day"


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody follows."""


@dataclass(frozen=True, order=True)
class Difference:
    """One row of the index that is not what the truth makes it.

    Attributes:
        subject: the space, or the calendar for opening days.
        index, truth: what each says, in short; "" is nothing at all.
    """

    kind: str
    subject: int
    day: date | None = None
    lane: int = 0
    index: str = ""
    truth: str = ""

    def __str__(self) -> str:
        subject = "calendar" if self.kind == OPENING_DAY else "space"
        where = f"{self.kind} of {subject} {self.subject}"
        if self.day is not None:
            where += f", {self.day:%Y-%m-%d}"
        if self.lane:
            where += f", lane {self.lane}"
        return f"{where}: index {self.index or 'nothing'}, truth {self.truth or 'nothing'}"


@dataclass
class Report:
    """The differences of one run, counted by kind, the first ones told."""

    spaces: int = 0
    rows: int = 0
    calendars: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    told: list[Difference] = field(default_factory=list)

    @property
    def differences(self) -> int:
        return self.counts.total()

    def add(self, found: Sequence[Difference]) -> None:
        self.counts.update(one.kind for one in found)
        self.told += found[: TOLD - len(self.told)]
