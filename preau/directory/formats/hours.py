"""Hours of a place as formats pass them on, and whether two of them say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from preau.availability.enums import Effect
from preau.availability.opening import DayFacts, ExceptionalDays, Rule, RuleData, speaks

DAY = timedelta(days=1)
MIDNIGHT = 1440
EVERY_DAY = tuple(range(7))
#: Any Monday: where nothing is dated, one week stands for all.
_SOME_MONDAY = date(2027, 3, 1)
_FLAGS = [(sh, ph) for sh in (False, True) for ph in (False, True)]
_NOWHERE = ZoneInfo("UTC")


@dataclass
class ExceptionData:
    """As an `OpeningException`, before it is saved."""

    effect: str
    first_day: date
    last_day: date
    start_minute: int = 0
    end_minute: int = MIDNIGHT
    reason: str = ""


@dataclass
class Hours:
    """What is known of when a place is open.

    Attributes:
        text: what could not be turned into rules, as it was written; "" when all was understood.
        remarks: French sentences that say what was not understood, or what is approximate.
    """

    rules: list[RuleData] = field(default_factory=list)
    exceptions: list[ExceptionData] = field(default_factory=list)
    text: str = ""
    remarks: list[str] = field(default_factory=list)


def span(start: int, end: int) -> int:
    """Minutes from start (included) to end (excluded), as bits."""
    return ((1 << max(end - start, 0)) - 1) << start


_WHOLE = span(0, MIDNIGHT)


def runs(minutes: int) -> list[tuple[int, int]]:
    """The set bits as (first, end) pairs, in order."""
    found, position = [], 0
    while minutes:
        skip = (minutes & -minutes).bit_length() - 1
        minutes >>= skip
        length = (~minutes & (minutes + 1)).bit_length() - 1
        found.append((position + skip, position + skip + length))
        minutes >>= length
        position += skip + length
    return found


def facts_of(flags: dict[date, tuple[bool, bool]]) -> DayFacts:
    """Calendars where each given day is (in school holidays, a public holiday)."""
    none = (False, False)
    return DayFacts(
        _NOWHERE, lambda day: flags.get(day, none)[0], lambda day: flags.get(day, none)[1]
    )


def own_minutes(rules: Iterable[Rule], day: date, facts: DayFacts) -> int:
    """What starts on this day, past midnight included: bits of two days."""
    found = 0
    for rule in rules:
        if speaks(rule, day, facts):
            bits = span(rule.start_minute, rule.end_minute)
            found = found | bits if rule.effect == Effect.OPEN else found & ~bits
    return found


def minutes(
    rules: Iterable[Rule], exceptions: Iterable[ExceptionalDays], day: date, facts: DayFacts
) -> int:
    """Open minutes of a day, as the engine finds its quarter-hours."""
    found = 0
    for rule in rules:
        for told, shift in ((day - DAY, MIDNIGHT), (day, 0)):
            if (shift and rule.end_minute <= MIDNIGHT) or not speaks(rule, told, facts):
                continue
            bits = span(rule.start_minute, rule.end_minute) >> shift & _WHOLE
            found = found | bits if rule.effect == Effect.OPEN else found & ~bits
    for one in exceptions:
        if one.first_day <= day <= one.last_day:
            bits = span(one.start_minute, one.end_minute)
            found = found | bits if one.effect == Effect.OPEN else found & ~bits
    return found


def changes(rules: Iterable[Rule], exceptions: Iterable[ExceptionalDays] = ()) -> list[date]:
    """Days from which other rules or exceptions are in force than on the eve."""
    days = {rule.valid_from for rule in rules if rule.valid_from}
    days |= {rule.valid_until + DAY for rule in rules if rule.valid_until}
    for one in exceptions:
        days |= {one.first_day, one.last_day + DAY}
    return sorted(days)


def weeks_of(boundaries: Sequence[date]) -> list[date]:
    """Days that stand for all: a week before the first change, and one after each."""
    starts = [*(boundaries or [_SOME_MONDAY])]
    days = {starts[0] - DAY * n for n in range(1, 9)}
    days |= {start + DAY * n for start in starts for n in range(8)}
    return sorted(days)


def same(one: Hours, other: Hours) -> bool:
    """Whether both are open at the same minutes, whatever the calendars say."""
    boundaries = sorted(
        {*changes(one.rules, one.exceptions), *changes(other.rules, other.exceptions)}
    )
    crosses = any(rule.end_minute > MIDNIGHT for rule in (*one.rules, *other.rules))
    for day in weeks_of(boundaries):
        for today in _FLAGS:
            for eve in _FLAGS if crosses else _FLAGS[:1]:
                facts = facts_of({day: today, day - DAY: eve})
                if minutes(one.rules, one.exceptions, day, facts) != minutes(
                    other.rules, other.exceptions, day, facts
                ):
                    return False
    return True
