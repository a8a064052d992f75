"""Opening rules said in French, and the coming weeks as the manager reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from preau.availability import bits as quarters
from preau.availability.enums import Effect, When
from preau.availability.facts import school_holidays_of
from preau.availability.models import OpeningException
from preau.availability.opening import DAY, Opening, Rule
from preau.core import formats
from preau.places.models import Place
from preau.territories.calendars import public_holidays

WEEKS_SHOWN = 4
#: A stretch that begins at midnight and ends before noon is said with the evening before.
NOON = 48
_WHEN = {
    When.ALWAYS: "toute l’année",
    When.TERM: "en période scolaire",
    When.SCHOOL_HOLIDAYS: "pendant les vacances scolaires",
}


def weekdays_in_words(weekdays: Iterable[int]) -> str:
    """« du lundi au vendredi », « le samedi », « le lundi et le jeudi », « tous les jours »."""
    days = sorted(set(weekdays))
    if len(days) == 7:
        return "tous les jours"
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"du {formats.WEEKDAYS[days[0]]} au {formats.WEEKDAYS[days[-1]]}"
    names = [f"le {formats.WEEKDAYS[day]}" for day in days]
    return " et ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def minute_in_words(minute: int) -> str:
    hours, rest = divmod(minute, 60)
    return f"{hours}{formats.NBSP}h{formats.NBSP}{rest:02d}" if rest else f"{hours}{formats.NBSP}h"


def hours_in_words(start: int, end: int) -> str:
    """« de 18 h à 22 h », « de 18 h à 2 h le lendemain », « toute la journée »."""
    if start == 0 and end == 1440:
        return "toute la journée"
    if end == 1440:
        return f"de {minute_in_words(start)} à minuit"
    if end > 1440:
        return f"de {minute_in_words(start)} à {minute_in_words(end - 1440)} le lendemain"
    return f"de {minute_in_words(start)} à {minute_in_words(end)}"


def rule_in_words(rule: Rule) -> str:
    """The whole line in one sentence."""
    parts = [
        f"{Effect(rule.effect).label} {weekdays_in_words(rule.weekdays)}",
        hours_in_words(rule.start_minute, rule.end_minute),
    ]
    dated = rule.valid_from or rule.valid_until
    if rule.when != When.ALWAYS or not dated:
        parts.append(_WHEN[When(rule.when)])
    if rule.not_on_public_holidays:
        parts.append("sauf les jours fériés")
    if rule.valid_from and rule.valid_until:
        parts.append(formats.days(rule.valid_from, rule.valid_until))
    elif rule.valid_from:
        parts.append(f"à partir du {formats.day(rule.valid_from, weekday=False)}")
    elif rule.valid_until:
        parts.append(f"jusqu’au {formats.day(rule.valid_until, weekday=False)}")
    return ", ".join(parts)


def exception_in_words(exception: OpeningException) -> str:
    days = formats.days(exception.first_day, exception.last_day)
    hours = hours_in_words(exception.start_minute, exception.end_minute)
    return f"{Effect(exception.effect).label} {days}, {hours}"


@dataclass(frozen=True)
class DayView:
    """One day of the preview: what a clock on the wall shows, and what the calendars call it."""

    day: date
    bits: int
    hours: list[str]
    names: list[str]
    is_past: bool

    @property
    def weekday(self) -> str:
        return formats.WEEKDAYS[self.day.weekday()]

    @property
    def date_in_words(self) -> str:
        return formats.day(self.day, weekday=False, year=False)


def weeks(place: Place, opening: Opening, today: date) -> list[list[DayView]]:
    """This week and what it takes to see four whole weeks ahead, day by day, Mondays first."""
    first = today - timedelta(days=today.weekday())
    rows = WEEKS_SHOWN + (today > first)
    last = first + timedelta(days=7 * rows - 1)
    names = day_names(place, first, last)
    days = [
        DayView(day, opening.bits(day), hours_of_day(opening, day), names.get(day, []), day < today)
        for day in (first + timedelta(days=n) for n in range(7 * rows))
    ]
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def day_names(place: Place, first: date, last: date) -> dict[date, list[str]]:
    """Public and school holidays by name."""
    found: dict[date, list[str]] = {}
    for year in range(first.year, last.year + 1):
        for day, name in public_holidays(place.departement_code, year).items():
            found.setdefault(day, []).append(f"{name} (férié)")
    for start, end, name in school_holidays_of(place, first, last):
        for number in range((min(end, last) - max(start, first)).days + 1):
            found.setdefault(max(start, first) + timedelta(days=number), []).append(name)
    return found


def hours_of_day(opening: Opening, day: date) -> list[str]:
    """Stretches that begin on this day; a night that ends next morning is said once."""
    zone = opening.facts.zone
    length = quarters.day_length(day, zone)
    before, today, after = (opening.bits(one) for one in (day - DAY, day, day + DAY))
    if today == quarters.span(0, length):
        return ["Toute la journée"]
    carried = before >> (quarters.day_length(day - DAY, zone) - 1) & 1
    lines = []
    for start, end in quarters.stretches(today):
        if start == 0 and carried and end <= NOON:
            continue
        stop = quarters.instant(day, end, zone)
        text = formats.hours(quarters.instant(day, start, zone), stop, zone)
        night = _first_stretch(after) if end == length else 0
        if 0 < night <= NOON:
            stop = quarters.instant(day + DAY, night, zone)
            text = formats.hours(quarters.instant(day, start, zone), stop, zone) + " le lendemain"
        lines.append(text)
    return lines


def _first_stretch(bits: int) -> int:
    """How many quarters are open from midnight on."""
    return quarters.stretches(bits)[0][1] if bits & 1 else 0
