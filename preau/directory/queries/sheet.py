"""What the public page of a sheet shows, and its poster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from preau.availability.opening import DayFacts, Opening
from preau.availability.wording import hours_of_day, rule_in_words
from preau.core import clock, formats
from preau.directory.actions.hours import exception_words
from preau.directory.enums import ServiceFamily
from preau.directory.models import ServiceOffer, Sheet, SheetException
from preau.directory.opening import opening_of
from preau.directory.themes import publics
from preau.territories.calendars import public_holidays

DAY = timedelta(days=1)
WEEK = 7
MOST_EXCEPTIONS = 8


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day of the week shown."""

    day: date
    hours: list[str]
    names: list[str]
    is_today: bool

    @property
    def weekday(self) -> str:
        return formats.WEEKDAYS[self.day.weekday()]


@dataclass(frozen=True, slots=True)
class Hours:
    """When it receives the public.

    Attributes:
        week: the seven days to come, today first, exceptional days counted.
        usual: an ordinary week from Monday on (term, no holiday), for what is printed.
        sentences: the rules as they were entered.
        coming: exceptional days to come.
    """

    week: list[DayLine]
    usual: list[tuple[str, str]]
    sentences: list[str]
    coming: list[str]

    @property
    def known(self) -> bool:
        return bool(self.sentences)


def hours_of(sheet: Sheet) -> Hours:
    today = clock.today(sheet.zone)
    last = today + WEEK * DAY
    opening = opening_of(sheet, today - DAY, last)
    coming = sheet.exceptions.filter(last_day__gte=today).order_by("first_day", "id")
    return Hours(
        week=_week(sheet, opening, today),
        usual=usual_week(opening, today),
        sentences=[rule_in_words(one) for one in opening.rules],
        coming=[exception_words(one) for one in coming[:MOST_EXCEPTIONS]],
    )


def _week(sheet: Sheet, opening: Opening, today: date) -> list[DayLine]:
    holidays = {
        day: f"{name} (férié)"
        for year in {today.year, (today + WEEK * DAY).year}
        for day, name in public_holidays(sheet.departement_code, year).items()
    }
    reasons = {
        day: one.reason
        for one in opening.exceptions
        if isinstance(one, SheetException) and one.reason
        for day in _days(one.first_day, one.last_day, today)
    }
    return [
        DayLine(
            day=day,
            hours=hours_of_day(opening, day),
            names=[words for words in (holidays.get(day), reasons.get(day)) if words],
            is_today=day == today,
        )
        for day in (today + n * DAY for n in range(WEEK))
    ]


def _days(first: date, last: date, today: date) -> list[date]:
    return [day for n in range(WEEK) if first <= (day := today + n * DAY) <= last]


def usual_week(opening: Opening, today: date) -> list[tuple[str, str]]:
    """The rules alone, in term and on no holiday, as of this week."""
    monday = today - today.weekday() * DAY
    plain = DayFacts(opening.facts.zone, lambda day: False, lambda day: False)
    bare = Opening(opening.rules, [], plain)
    return [
        (
            formats.WEEKDAYS[n].capitalize(),
            ", ".join(hours_of_day(bare, monday + n * DAY)) or "Fermé",
        )
        for n in range(WEEK)
    ]


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as the page shows it."""

    service: ServiceOffer
    by: str
    publics: str


def services_of(sheet: Sheet) -> list[tuple[str, list[Offer]]]:
    """By family, in the order of the lexicon."""
    found: dict[str, list[Offer]] = {}
    for one in current_services(sheet).select_related("provider"):
        by = one.provider.name if one.provider else one.provider_name
        names = ", ".join(publics().get(key, key) for key in one.publics)
        found.setdefault(one.family, []).append(Offer(one, by, names))
    return [(family.label, found[family]) for family in ServiceFamily if family in found]


def current_services(sheet: Sheet) -> QuerySet[ServiceOffer]:
    today = clock.today(sheet.zone)
    return sheet.services.filter(
        Q(until=None) | Q(until__gte=today), Q(since=None) | Q(since__lte=today)
    )
