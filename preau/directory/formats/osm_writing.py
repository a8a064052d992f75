"""Rules written as OSM's `opening_hours`, and read again to be sure that nothing was lost.

What people expect to read is tried first (`Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off`),
then each rule by itself, in order. The shortest that says exactly the same is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from preau.availability.enums import Effect, When
from preau.availability.opening import ExceptionalDays, Rule, RuleData
from preau.directory.formats.hours import (
    DAY,
    MIDNIGHT,
    ExceptionData,
    Hours,
    changes,
    facts_of,
    own_minutes,
    runs,
    same,
)
from preau.directory.formats.osm_grammar import MONTHS, WEEKDAYS
from preau.directory.formats.osm_reading import read

#: Spans of a day, from its start; the last may run past midnight.
Spans = tuple[tuple[int, int], ...]
Week = tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """`exact` is False where OSM cannot say it: the nearest that it can."""

    text: str
    exact: bool = True


class _Unsaid(Exception):
    """This way of writing cannot say it."""


def write(rules: Sequence[Rule], exceptions: Sequence[ExceptionalDays] = ()) -> Written:
    """The `opening_hours` of these rules; "" when they never open."""
    if not rules and not exceptions:
        return Written("")
    return _written(
        tuple(
            (
                tuple(one.weekdays),
                one.start_minute,
                one.end_minute,
                str(one.effect),
                str(one.when),
                one.not_on_public_holidays,
                one.valid_from,
                one.valid_until,
            )
            for one in rules
        ),
        tuple(
            (str(one.effect), one.first_day, one.last_day, one.start_minute, one.end_minute)
            for one in exceptions
        ),
    )


@lru_cache(maxsize=4096)  # offices of a list keep the same hours
def _written(rules_said: tuple[Any, ...], exceptions_said: tuple[Any, ...]) -> Written:
    rules = [RuleData(*one) for one in rules_said]
    exceptions = [ExceptionData(*one) for one in exceptions_said]
    ours = Hours(rules, exceptions)
    nearest, exact = "", []
    for way in (_by_days, _by_days_adding, _one_by_one):
        try:
            text = way(rules, exceptions)
        except _Unsaid:
            continue
        nearest = nearest or text
        if same(ours, read(text, today=date(2027, 1, 1))):
            exact.append(text)
    if exact:
        return Written(min(exact, key=len))
    return Written(nearest, exact=False)


# --- Day by day, as people write it


@dataclass(frozen=True, slots=True)
class _Table:
    """The weeks of one stretch of dates."""

    term: Week
    school_holidays: Week
    #: Of public holidays, in term and in school holidays.
    on_public: tuple[Week, Week]

    @property
    def ignores_public_holidays(self) -> bool:
        return self.on_public == (self.term, self.school_holidays)


def _by_days(rules: Sequence[Rule], exceptions: Sequence[ExceptionalDays]) -> str:
    return _tables(rules, exceptions, "; ")


def _by_days_adding(rules: Sequence[Rule], exceptions: Sequence[ExceptionalDays]) -> str:
    """With commas: a day does not erase the end of the night before."""
    return _tables(rules, exceptions, ", ")


def _tables(rules: Sequence[Rule], exceptions: Sequence[ExceptionalDays], then: str) -> str:
    starts = changes(rules)
    tables = [_table(rules, (starts[0] - 8 * DAY) if starts else date(2027, 3, 1))]
    tables += [_table(rules, start) for start in starts]
    base = tables[-1]
    parts = list(_of_table(base, None))
    for index, table in enumerate(tables[:-1]):
        first = starts[index - 1] if index else None
        parts += _of_table(table, base, _dates(first, starts[index] - DAY))
    parts += list(_public(base, tables))
    return _joined([*parts, *_exceptions(exceptions)], then)


def _table(rules: Sequence[Rule], start: date) -> _Table:
    days = [start + DAY * n for n in range(7)]
    days.sort(key=date.weekday)

    def week(school: bool, public: bool) -> Week:
        facts = facts_of(dict.fromkeys(days, (school, public)))
        return tuple(_spans(own_minutes(rules, day, facts)) for day in days)

    public = (week(False, True), week(True, True))
    return _Table(week(False, False), week(True, False), public)


def _spans(minutes: int) -> Spans:
    found = tuple(runs(minutes))
    if any(start >= MIDNIGHT or end > start + MIDNIGHT for start, end in found):
        raise _Unsaid
    return found


def _of_table(table: _Table, base: _Table | None, dates: str = "") -> Iterator[str]:
    """The rules of a stretch, where they differ from the base."""
    term_base = base.term if base else None
    yield from _week(table.term, term_base, dates, closed=base is not None)
    if table.school_holidays == table.term:
        if base is not None and base.school_holidays != base.term:
            yield from _week(table.term, None, f"{dates} SH", closed=True)
        return
    if not any(table.school_holidays):
        yield f"{dates} SH off".strip()
        return
    yield from _week(table.school_holidays, table.term, f"{dates} SH", closed=True)


def _week(week: Week, known: Week | None, prefix: str, *, closed: bool) -> Iterator[str]:
    groups: dict[Spans, list[int]] = defaultdict(list)
    for day, spans in enumerate(week):
        if known is None or known[day] != spans:
            groups[spans].append(day)
    for spans, days in sorted(groups.items(), key=lambda item: item[1]):
        if spans:
            yield f"{prefix} {_said_days(days)}{_said_spans(spans)}".strip()
        elif closed:
            yield f"{prefix} {weekdays(days)} off".strip()


def _said_days(days: Sequence[int]) -> str:
    return f"{weekdays(days)} "


def _said_spans(spans: Spans) -> str:
    return ",".join(f"{clock(start)}-{clock(end)}" for start, end in spans)


def _public(base: _Table, tables: Sequence[_Table]) -> Iterator[str]:
    """What public holidays change, said last: the last to speak wins."""
    if all(table.ignores_public_holidays for table in tables):
        return
    public, in_school_holidays = base.on_public
    if any(table.on_public != base.on_public for table in tables) or public != in_school_holidays:
        raise _Unsaid
    if not any(public):
        yield "PH off"
    elif len(set(public)) == 1:
        yield f"PH {_said_spans(public[0])}"
    else:
        yield from _on_some_days(public, tables)


def _on_some_days(public: Week, tables: Sequence[_Table]) -> Iterator[str]:
    """Days that keep their hours on public holidays, said again after the others are closed."""
    yield "PH off"
    groups: dict[Spans, list[int]] = defaultdict(list)
    for day, spans in enumerate(public):
        if spans:
            groups[spans].append(day)
    for spans, days in groups.items():
        if any(table.term[day] != spans for table in tables for day in days):
            raise _Unsaid
        yield f", {weekdays(days)} {_said_spans(spans)}"


# --- Each rule by itself


def _one_by_one(rules: Sequence[Rule], exceptions: Sequence[ExceptionalDays]) -> str:
    """Opening rules after a comma, closings after a semicolon: both speak minute by minute."""
    in_term = [one for one in rules if one.when == When.TERM]
    others = [one for one in rules if one.when != When.TERM]
    parts: list[str] = []
    for group, closing in ((in_term, "SH off"), (others, "")):
        off = [one for one in group if one.not_on_public_holidays]
        on = [one for one in group if not one.not_on_public_holidays]
        parts += [_alone(one) for one in off]
        parts += ["PH off"] if off else []
        parts += [_alone(one) for one in on]
        parts += [closing] if closing and group else []
    return _joined([*parts, *_exceptions(exceptions)], ", ")


def _alone(rule: Rule) -> str:
    dates = _dates(rule.valid_from, rule.valid_until)
    school = "SH" if rule.when == When.SCHOOL_HOLIDAYS else ""
    days = weekdays(rule.weekdays)
    hours = f"{clock(rule.start_minute)}-{clock(rule.end_minute)}"
    words = [dates, school, days]
    if rule.effect == Effect.CLOSED:
        whole = (rule.start_minute, rule.end_minute) == (0, MIDNIGHT)
        words += ["off"] if whole else [hours, "off"]
    else:
        words.append(hours)
    return " ".join(word for word in words if word)


def _exceptions(exceptions: Iterable[ExceptionalDays]) -> Iterator[str]:
    for one in exceptions:
        days = _dates(one.first_day, one.last_day)
        hours = f"{clock(one.start_minute)}-{clock(one.end_minute)}"
        whole = (one.start_minute, one.end_minute) == (0, MIDNIGHT)
        if one.effect == Effect.CLOSED:
            yield f"{days} off" if whole else f"{days} {hours} off"
        else:
            yield f", {days} {hours}"


def _joined(parts: Sequence[str], then: str) -> str:
    """One text: « off » always follows a semicolon; what begins with a comma adds."""
    text = ""
    for part in parts:
        adds = part.startswith(", ")
        bare = part.removeprefix(", ")
        if not text:
            text = bare
        elif bare.endswith(" off"):
            text += f"; {bare}"
        else:
            text += f"{', ' if adds else then}{bare}"
    return text or "off"


# --- Words


def weekdays(days: Sequence[int]) -> str:
    """`Mo-Fr`, `Mo,We`, `Mo-We,Sa`."""
    wanted = sorted(set(days))
    runs_: list[list[int]] = []
    for day in wanted:
        if runs_ and runs_[-1][-1] == day - 1:
            runs_[-1].append(day)
        else:
            runs_.append([day])
    said = []
    for run in runs_:
        if len(run) > 2:
            said.append(f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}")
        else:
            said += [WEEKDAYS[day] for day in run]
    return ",".join(said)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _dates(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return ""
    if first is not None and first == last:
        return _day(first)
    start = _day(first) if first else "1970 Jan 01"
    return f"{start}+" if last is None else f"{start}-{_day(last)}"


def _day(day: date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day:02d}"
