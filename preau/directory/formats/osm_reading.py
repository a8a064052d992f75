"""OSM's `opening_hours` turned into rules.

A rule of OSM replaces the whole of the days it names, rules of ours speak minute by minute: a day
that is replaced is first closed, then opened again. Months without a year are written for the next
years, since our dates have one.
"""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date

from preau.availability.enums import Effect, When
from preau.availability.opening import RuleData
from preau.directory.formats.hours import EVERY_DAY, MIDNIGHT, ExceptionData, Hours
from preau.directory.formats.osm_grammar import Day, NotOurs, Said, parse

#: Years for which « Jul-Aug » is written.
YEARS = 3
Dates = list[tuple[date | None, date | None]]
FOREVER: Dates = [(None, None)]


def read(text: str, *, today: date) -> Hours:
    """The rules of an `opening_hours`; what they cannot say is kept whole, with the reason.

    Args:
        today: months without a year are written from this year on.
    """
    text = " ".join(text.split())
    if not text:
        return Hours()
    try:
        said = parse(text)
        built = _Built(today)
        for one in said:
            built.say(one)
    except NotOurs as reason:
        return Hours(text=text, remarks=[f"Horaires gardés tels quels : {reason}"])
    hours = Hours(built.rules, built.exceptions, "", built.remarks)
    if built.kept:
        hours.text = text
    return hours


class _Built:
    def __init__(self, today: date) -> None:
        self.today = today
        self.rules: list[RuleData] = []
        self.exceptions: list[ExceptionData] = []
        self.remarks: list[str] = []
        self.kept = False

    def say(self, said: Said) -> None:
        if said.comment:
            self.kept = True
            self.remarks.append(f"« {said.comment} » est gardé à côté des horaires.")
        dates = self.dates_of(said)
        if self.one_off(said, dates):
            return
        if self.exceptions:  # a rule after dated exceptions: they speak in order, like rules
            self.rules += [_as_rule(one) for one in self.exceptions]
            self.exceptions = []
        if "PH" in said.holidays:
            self.public_holidays(said, dates)
        for weekdays, when in _days(said):
            for first, last in dates:
                self.add(said, RuleData(weekdays, 0, 0, Effect.OPEN, when, False, first, last))

    def add(self, said: Said, plain: RuleData) -> None:
        """One rule of OSM on one kind of days."""
        whole = said.times == [(0, MIDNIGHT)]
        if said.closed:
            if whole and self.withdrawn(plain):
                return
            for start, end in said.times:
                self.rules.append(
                    replace(plain, effect=Effect.CLOSED, start_minute=start, end_minute=end)
                )
            return
        if not said.adds and not self.withdrawn(plain):
            self.rules.append(replace(plain, effect=Effect.CLOSED, end_minute=MIDNIGHT))
        for start, end in said.times:
            self.rules.append(replace(plain, start_minute=start, end_minute=end))

    def withdrawn(self, plain: RuleData) -> bool:
        """Take these days out of what was said before; False where a closing must say it."""
        touched = [one for one in self.rules if _may_meet(one, plain)]
        if not touched:
            return True
        # « SH off » after nights: those that begin in the holidays, as for « PH off ».
        all_the_holidays = plain.when == When.SCHOOL_HOLIDAYS and len(plain.weekdays) == 7
        simple = all(
            one.effect == Effect.OPEN
            and (one.end_minute <= MIDNIGHT or all_the_holidays)
            and (one.valid_from, one.valid_until) == (plain.valid_from, plain.valid_until)
            and one.when in {plain.when, When.ALWAYS}
            for one in touched
        )
        if not simple or any(plain.when not in (one.when, When.SCHOOL_HOLIDAYS) for one in touched):
            return False
        kept = []
        for one in self.rules:
            kept += _without(one, plain) if one in touched else [one]
        self.rules = kept
        return True

    def public_holidays(self, said: Said, dates: Dates) -> None:
        """« PH off », « PH 10:00-12:00 »: what was said before holds on other days."""
        if dates != FOREVER or (said.adds and not said.closed):
            raise NotOurs("des horaires propres aux jours fériés, à certaines dates.")
        if said.closed and said.times != [(0, MIDNIGHT)]:
            raise NotOurs("une fermeture de quelques heures les jours fériés.")
        if "SH" in said.holidays and said.holidays_restrict:
            raise NotOurs("les jours fériés des vacances scolaires.")
        weekdays = said.weekdays if said.holidays_restrict else set(EVERY_DAY)
        if not said.closed and any(end > MIDNIGHT for _, end in said.times):
            raise NotOurs("une soirée de jour férié au-delà de minuit.")
        kept = []
        for one in self.rules:
            inside = [day for day in one.weekdays if day in weekdays]
            outside = [day for day in one.weekdays if day not in weekdays]
            if outside:
                kept.append(replace(one, weekdays=outside))
            if inside:
                kept.append(replace(one, weekdays=inside, not_on_public_holidays=True))
        first = []
        if not said.closed:
            days = sorted(weekdays)
            first = [RuleData(days, start, end) for start, end in said.times]
            first.append(RuleData(days, 0, MIDNIGHT, Effect.CLOSED, not_on_public_holidays=True))
        self.rules = first + kept

    def one_off(self, said: Said, dates: Dates) -> bool:
        """Given days, whatever their weekday: an exception."""
        if not said.dates or said.weekdays or said.holidays:
            return False
        bounded = all(first and last for first, last in dates)
        if not bounded or any(end > MIDNIGHT for _, end in said.times):
            return False
        whole = said.times == [(0, MIDNIGHT)]
        for first, last in dates:
            assert first is not None and last is not None
            if not said.closed and not said.adds:
                self.exceptions.append(ExceptionData(Effect.CLOSED, first, last))
            if said.closed and whole:
                self.exceptions.append(ExceptionData(Effect.CLOSED, first, last))
                continue
            effect = Effect.CLOSED if said.closed else Effect.OPEN
            self.exceptions += [ExceptionData(effect, first, last, a, b) for a, b in said.times]
        return True

    def dates_of(self, said: Said) -> Dates:
        if not said.dates:
            return FOREVER
        found: Dates = []
        for first, last in said.dates:
            found += self.range_of(first, last)
        return found

    def range_of(self, first: Day, last: Day | None) -> Dates:
        if first.year is not None:
            start: date | None = _date(first.year, first.month, first.day or 1)
            if first.year <= 1970:
                start = None
            if last is None:
                return [(start, None)]
            year = last.year or first.year
            end: date | None = _date(year, last.month, last.day)
            if end is not None and end.year >= 9999:
                end = None
            if start and end and end < start:
                raise NotOurs("des dates à l’envers.")
            return [(start, end)]
        if last is None:
            raise NotOurs("une date sans année ni fin.")
        self.kept = True
        years = f"{self.today.year} à {self.today.year + YEARS - 1}"
        remark = f"Les périodes sans année sont écrites pour {years}."
        if remark not in self.remarks:
            self.remarks.append(remark)
        found: Dates = []
        for year in range(self.today.year - 1, self.today.year + YEARS):
            start = _date(year, first.month, first.day or 1)
            over = (last.month, last.day or 31) < (first.month, first.day or 1)
            end = _date(year + 1 if over else year, last.month, last.day)
            if end.year >= self.today.year:
                found.append((start, end))
        return found


def _days(said: Said) -> list[tuple[list[int], str]]:
    """(weekdays, when) that a rule speaks of; none when it is of public holidays alone."""
    if not said.holidays:
        return [(sorted(said.weekdays or EVERY_DAY), When.ALWAYS)]
    if said.holidays == {"PH"}:
        return (
            []
            if said.holidays_restrict or not said.weekdays
            else [(sorted(said.weekdays), When.ALWAYS)]
        )
    if said.holidays_restrict:
        return [(sorted(said.weekdays), When.SCHOOL_HOLIDAYS)]
    found: list[tuple[list[int], str]] = []
    if said.weekdays:
        found.append((sorted(said.weekdays), When.ALWAYS))
    others = [day for day in EVERY_DAY if day not in said.weekdays]
    if others:
        found.append((others, When.SCHOOL_HOLIDAYS))
    return found


def _may_meet(one: RuleData, plain: RuleData) -> bool:
    """Whether something said before may speak on these days, the end of a night included."""
    days = set(one.weekdays)
    if one.end_minute > MIDNIGHT:
        days |= {(day + 1) % 7 for day in one.weekdays}
    if not days & set(plain.weekdays):
        return False
    apart = {one.when, plain.when} == {When.TERM, When.SCHOOL_HOLIDAYS}
    if apart and one.end_minute <= MIDNIGHT:
        return False
    after = one.valid_until and plain.valid_from and one.valid_until < plain.valid_from
    before = one.valid_from and plain.valid_until and plain.valid_until < one.valid_from
    return one.end_minute > MIDNIGHT or not (after or before)


def _without(one: RuleData, plain: RuleData) -> list[RuleData]:
    """What is left of a simple rule once these days are taken out of it."""
    outside = [day for day in one.weekdays if day not in plain.weekdays]
    found = [replace(one, weekdays=outside)] if outside else []
    if one.when != plain.when:  # always, of which the school holidays are taken
        inside = [day for day in one.weekdays if day in plain.weekdays]
        found.append(replace(one, weekdays=inside, when=When.TERM))
    return found


def _as_rule(one: ExceptionData) -> RuleData:
    return RuleData(
        EVERY_DAY,
        one.start_minute,
        one.end_minute,
        one.effect,
        valid_from=one.first_day,
        valid_until=one.last_day,
    )


def _date(year: int, month: int, day: int | None) -> date:
    """The day; without one, the last of the month; 29 February of common years is the 28th."""
    last = calendar.monthrange(year, month)[1]
    if day is not None and day > 31:
        raise NotOurs("un jour qui n’existe pas.")
    return date(year, month, min(day or last, last))
