"""The parts of a week in which places are usually shut while people look for a room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from preau.availability.enums import When
from preau.availability.opening import RuleData
from preau.capacity.grids import Measure

WORKDAYS = (0, 1, 2, 3, 4)
#: Below, hours that are open in principle count as shut: one exceptional Saturday in a year.
HARDLY = 0.05


@dataclass(frozen=True)
class Window:
    """Whole hours, on some weekdays, in a part of the year."""

    key: str
    label: str
    weekdays: tuple[int, ...]
    start_hour: int
    end_hour: int
    when: When = When.ALWAYS

    @property
    def in_holidays(self) -> bool | None:
        if self.when == When.ALWAYS:
            return None
        return self.when == When.SCHOOL_HOLIDAYS

    def rule(self) -> RuleData:
        """What the opening screen would write."""
        return RuleData(
            weekdays=self.weekdays,
            start_minute=self.start_hour * 60,
            end_minute=self.end_hour * 60,
            when=self.when,
        )

    def total(self, grid: Any, number: Measure) -> float:
        """Of a grid [holidays, measure, weekday, hour], what falls within."""
        kinds = slice(None) if self.in_holidays is None else slice(*_KIND[self.in_holidays])
        cells = grid[kinds, number][:, list(self.weekdays), self.start_hour : self.end_hour]
        return float(cells.sum())

    def share(self, grid: Any, number: Measure) -> float:
        every = self.total(grid, Measure.CLOCK)
        return self.total(grid, number) / every if every else 0.0


_KIND = {False: (0, 1), True: (1, 2)}

WINDOWS = (
    Window("soir", "le soir en semaine, en période scolaire", WORKDAYS, 18, 22, When.TERM),
    Window("mercredi", "le mercredi après-midi, en période scolaire", (2,), 14, 18, When.TERM),
    Window("samedi", "le samedi", (5,), 9, 22),
    Window("dimanche", "le dimanche", (6,), 9, 22),
    Window("journee", "en journée en semaine, en période scolaire", WORKDAYS, 9, 18, When.TERM),
    Window(
        "vacances",
        "en journée pendant les vacances scolaires",
        WORKDAYS,
        9,
        18,
        When.SCHOOL_HOLIDAYS,
    ),
    Window(
        "soir-vacances",
        "le soir pendant les vacances scolaires",
        WORKDAYS,
        18,
        22,
        When.SCHOOL_HOLIDAYS,
    ),
)
BY_KEY = {one.key: one for one in WINDOWS}
