"""« Ouvert maintenant »: the condition of the list, and the words of a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from preau.availability import bits as quarters
from preau.availability.bits import from_text
from preau.core import clock, formats
from preau.core.timeranges import quarter_index
from preau.directory.enums import SheetState
from preau.directory.models import Sheet, SheetDay, SheetHours

DAY = timedelta(days=1)
#: A card says when a place opens next, a week ahead at most.
NEXT = timedelta(days=7)
#: Quarters of the day counted from the midnight of the wall, as `availability.bits` counts them.
_OPEN = """EXISTS (
    SELECT 1 FROM directory_sheetday AS one,
        LATERAL (SELECT (%s::timestamptz AT TIME ZONE directory_sheet.time_zone)::date AS day)
            AS here
    WHERE one.sheet_id = directory_sheet.id AND one.day = here.day
        AND get_bit(one.bits, floor(extract(epoch FROM %s::timestamptz
            - (here.day::timestamp AT TIME ZONE directory_sheet.time_zone)) / 900)::int) = 1
)"""


def open_at(moment: datetime | None = None) -> RawSQL:
    """A filter of sheets: open at that instant (now by default), each in its own time zone."""
    at = moment or clock.now()
    return RawSQL(_OPEN, [at, at], output_field=BooleanField())  # noqa: S611  no text of anyone


@dataclass(frozen=True, slots=True)
class Now:
    """What a card says of the present moment.

    Attributes:
        is_open: None when the hours are not known.
        words: « Ouvert, ferme à 17 h », « Fermé, ouvre demain à 9 h », « Horaires non renseignés ».
        by_booking: its hours are those that are free to book.
        hours: of today, for a poster: ["9 h – 12 h", "14 h – 17 h"].
    """

    is_open: bool | None
    words: str
    hours: tuple[str, ...] = ()
    by_booking: bool = False


UNKNOWN = Now(None, "Horaires non renseignés")
#: Without hours of its own, but booked here: its free hours are on the page of the place.
BOOKED = Now(None, "Sur réservation", by_booking=True)


def states_of(sheets: Sequence[Sheet], moment: datetime | None = None) -> dict[int, Now]:
    """Each sheet's present state, in two queries."""
    at = moment or clock.now()
    known = set(
        SheetHours.objects.filter(sheet__in=sheets).values_list("sheet", flat=True).distinct()
    )
    first = at.date() - 2 * DAY
    days: dict[int, dict[date, int]] = {}
    rows = SheetDay.objects.filter(sheet__in=known, day__range=(first, at.date() + NEXT + DAY))
    for sheet_id, day, text in rows.values_list("sheet", "day", "bits"):
        days.setdefault(sheet_id, {})[day] = from_text(text)
    return {
        one.pk: state(one, days.get(one.pk, {}), at) if one.pk in known else _unsaid(one)
        for one in sheets
    }


def _unsaid(sheet: Sheet) -> Now:
    """A sheet that is shown and whose place is booked here: the place is shown too."""
    return BOOKED if sheet.place_id and sheet.state == SheetState.PUBLISHED else UNKNOWN


def state(sheet: Sheet, days: dict[date, int], at: datetime) -> Now:
    """From the open quarters of the days around."""
    if sheet.state == SheetState.CLOSED:
        return Now(False, "Lieu fermé définitivement")
    zone = sheet.zone
    today = at.astimezone(zone).date()
    index = quarter_index(at, today, zone)
    hours = hours_of(days, today, zone)
    if days.get(today, 0) >> index & 1:
        return Now(True, _until(days, today, index, zone), hours)
    found = _next(days, today, index, zone)
    words = f"Fermé, ouvre {found}" if found else "Fermé"
    return Now(False, words, hours)


def hours_of(days: dict[date, int], day: date, zone: ZoneInfo) -> tuple[str, ...]:
    """« 9 h – 12 h » for each stretch of a day."""
    found = []
    for start, end in quarters.stretches(days.get(day, 0)):
        first = quarters.instant(day, start, zone)
        last = quarters.instant(day, end, zone)
        found.append(formats.hours(first, last, zone))
    return tuple(found)


def _until(days: dict[date, int], day: date, index: int, zone: ZoneInfo) -> str:
    """The end of the stretch now running, which may be of the days after."""
    first, position = day, index
    while True:
        length = quarters.day_length(day, zone)
        bits = days.get(day, 0)
        while position < length and bits >> position & 1:
            position += 1
        if position < length or (day - first) > NEXT:
            break
        day, position = day + DAY, 0
    if day - first > NEXT:
        return "Ouvert en continu"
    end = formats.local(quarters.instant(day, position, zone), zone)
    if day == first + DAY and position == 0:
        return "Ouvert, ferme à minuit"
    words = formats.hour(end)
    if day == first:
        return f"Ouvert, ferme à {words}"
    when = "demain" if day == first + DAY else formats.WEEKDAYS[day.weekday()]
    return f"Ouvert, ferme {when} à {words}"


def _next(days: dict[date, int], today: date, index: int, zone: ZoneInfo) -> str:
    """« à 14 h », « demain à 9 h », « lundi à 9 h »; "" when nothing is open within a week."""
    for number in range(NEXT.days + 1):
        day = today + number * DAY
        after = index + 1 if number == 0 else 0
        bits = days.get(day, 0) >> after << after
        if not bits:
            continue
        start = (bits & -bits).bit_length() - 1
        wall = formats.local(quarters.instant(day, start, zone), zone)
        words = f"à {formats.hour(wall)}"
        if number == 0:
            return words
        return f"demain {words}" if number == 1 else f"{formats.WEEKDAYS[day.weekday()]} {words}"
    return ""
