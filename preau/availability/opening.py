"""From rules in wall time to the open quarter-hours of a day. Pure: no database.

A minute of a local day is open when the last thing that speaks about it says open: rules in order
of position, then exceptions in order of entry. Nothing speaks: closed. A rule speaks on a day when
the weekday, the validity dates, the school calendar and the public holidays all agree; the part of
it beyond midnight belongs to the day it started on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from preau.availability.bits import from_wall, span
from preau.availability.enums import Effect, When

DAY = timedelta(days=1)


class Rule(Protocol):
    """An `OpeningRule`, or the same fields typed in a form and not yet saved."""

    effect: str
    start_minute: int
    end_minute: int
    when: str
    not_on_public_holidays: bool
    valid_from: date | None
    valid_until: date | None

    @property
    def weekdays(self) -> Sequence[int]: ...


class ExceptionalDays(Protocol):
    """An `OpeningException`, saved or not."""

    effect: str
    first_day: date
    last_day: date
    start_minute: int
    end_minute: int


@dataclass
class RuleData:
    """One line of the opening screen, before it is saved."""

    weekdays: Sequence[int]
    start_minute: int
    end_minute: int
    effect: str = Effect.OPEN
    when: str = When.ALWAYS
    not_on_public_holidays: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class DayFacts:
    """What the school and public calendars say where the space is."""

    zone: ZoneInfo
    is_school_holiday: Callable[[date], bool]
    is_public_holiday: Callable[[date], bool]


def speaks(rule: Rule, day: date, facts: DayFacts) -> bool:
    """Whether a rule that starts on this day has something to say."""
    if day.weekday() not in rule.weekdays:
        return False
    if (rule.valid_from and day < rule.valid_from) or (rule.valid_until and day > rule.valid_until):
        return False
    if rule.not_on_public_holidays and facts.is_public_holiday(day):
        return False
    if rule.when == When.ALWAYS:
        return True
    return facts.is_school_holiday(day) == (rule.when == When.SCHOOL_HOLIDAYS)


def _apply(wall: int, effect: str, start: int, end: int) -> int:
    quarters = span(start // 15, -(-end // 15))
    return wall | quarters if effect == Effect.OPEN else wall & ~quarters


@dataclass
class Opening:
    """Rules and exceptions of one calendar, ready to be asked day by day."""

    rules: Sequence[Rule]
    exceptions: Sequence[ExceptionalDays]
    facts: DayFacts
    _walls: dict[tuple[object, ...], int] = field(default_factory=dict)
    _said: dict[date, tuple[bool, ...]] = field(default_factory=dict)

    def wall_quarters(self, day: date) -> int:
        """Open wall-clock quarters (bit 0 is 00:00–00:15) of a day."""
        said = self._speaking(day)
        eve = self._speaking(day - DAY) if self._run_past_midnight else said
        special = tuple(e.first_day <= day <= e.last_day for e in self.exceptions)
        key = (said, eve, special)
        if key not in self._walls:
            self._walls[key] = self._compute(said, eve, special)
        return self._walls[key]

    @cached_property
    def _run_past_midnight(self) -> bool:
        return any(rule.end_minute > 1440 for rule in self.rules)

    def _speaking(self, day: date) -> tuple[bool, ...]:
        """Which rules start on that day; asked for it, then as the eve of the next."""
        if day not in self._said:
            self._said[day] = tuple([speaks(rule, day, self.facts) for rule in self.rules])
        return self._said[day]

    def _compute(self, said: Sequence[bool], eve: Sequence[bool], special: Sequence[bool]) -> int:
        wall = 0
        for rule, today, yesterday in zip(self.rules, said, eve, strict=True):
            if yesterday and rule.end_minute > 1440:
                wall = _apply(wall, rule.effect, 0, rule.end_minute - 1440)
            if today:
                wall = _apply(wall, rule.effect, rule.start_minute, min(rule.end_minute, 1440))
        for exception, applies in zip(self.exceptions, special, strict=True):
            if applies:
                wall = _apply(wall, exception.effect, exception.start_minute, exception.end_minute)
        return wall

    def bits(self, day: date) -> int:
        """Open elapsed quarters of a day (see `preau.availability.bits`)."""
        return from_wall(self.wall_quarters(day), day, self.facts.zone)
