"""From rules in wall time to the open quarter-hours of a day. Pure: no database.

A minute of a local day is open when the last thing that speaks about it says open: rules in order
of position, then exceptions in order of entry. Nothing speaks: closed. A rule speaks on a day when
the weekday, the validity dates, the school calendar and the public holidays all agree; the part of
it beyond midnight belongs to the day it started on.
"""

from __future__ import annotations

from bisect import bisect_right
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


#: Weekday, in school holidays, public holiday.
Kind = tuple[int, bool, bool]


@dataclass(frozen=True)
class DayFacts:
    """What the school and public calendars say where the space is."""

    zone: ZoneInfo
    is_school_holiday: Callable[[date], bool]
    is_public_holiday: Callable[[date], bool]
    _kinds: dict[date, Kind] = field(default_factory=dict, repr=False, compare=False)

    def kind(self, day: date) -> Kind:
        """All that rules may ask of a day, worked out once for the calendars that share it."""
        found = self._kinds.get(day)
        if found is None:
            found = (day.weekday(), self.is_school_holiday(day), self.is_public_holiday(day))
            self._kinds[day] = found
        return found


def speaks(rule: Rule, day: date, facts: DayFacts) -> bool:
    """Whether a rule that starts on this day has something to say."""
    weekday, in_school_holidays, is_public_holiday = facts.kind(day)
    if weekday not in rule.weekdays:
        return False
    if (rule.valid_from and day < rule.valid_from) or (rule.valid_until and day > rule.valid_until):
        return False
    if rule.not_on_public_holidays and is_public_holiday:
        return False
    if rule.when == When.ALWAYS:
        return True
    return in_school_holidays == (rule.when == When.SCHOOL_HOLIDAYS)


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

    def wall_quarters(self, day: date) -> int:
        """Open wall-clock quarters (bit 0 is 00:00–00:15) of a day."""
        key: tuple[object, ...] = (self.facts.kind(day), bisect_right(self._changes, day))
        if self._run_past_midnight:
            eve = day - DAY
            key += (self.facts.kind(eve), bisect_right(self._changes, eve))
        if key not in self._walls:
            self._walls[key] = self._compute(day)
        return self._walls[key]

    @cached_property
    def _run_past_midnight(self) -> bool:
        return any(rule.end_minute > 1440 for rule in self.rules)

    @cached_property
    def _changes(self) -> list[date]:
        """Days from which other rules, or other exceptions, are in force than on the eve."""
        days = {rule.valid_from for rule in self.rules if rule.valid_from}
        days |= {rule.valid_until + DAY for rule in self.rules if rule.valid_until}
        days |= {one.first_day for one in self.exceptions}
        days |= {one.last_day + DAY for one in self.exceptions}
        return sorted(days)

    def _compute(self, day: date) -> int:
        wall, eve = 0, day - DAY
        for rule in self.rules:
            if rule.end_minute > 1440 and speaks(rule, eve, self.facts):
                wall = _apply(wall, rule.effect, 0, rule.end_minute - 1440)
            if speaks(rule, day, self.facts):
                wall = _apply(wall, rule.effect, rule.start_minute, min(rule.end_minute, 1440))
        for one in self.exceptions:
            if one.first_day <= day <= one.last_day:
                wall = _apply(wall, one.effect, one.start_minute, one.end_minute)
        return wall

    def bits(self, day: date) -> int:
        """Open elapsed quarters of a day (see `preau.availability.bits`)."""
        return from_wall(self.wall_quarters(day), day, self.facts.zone)
