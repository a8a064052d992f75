"""Opening days against rules, exceptions and holidays; and the days appended each night."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction

from preau.availability import opening_index
from preau.availability.bits import stretches
from preau.availability.care.reports import OPENING_DAY, Difference, Progress, silent
from preau.availability.facts import facts_key, openings_of
from preau.availability.models import OpeningCalendar
from preau.availability.opening_index import DAY, days_between, open_days, write_many
from preau.core import clock

#: Calendars of one transaction.
AT_ONCE = 200


def pages(
    size: int = AT_ONCE, only: Sequence[int] | None = None
) -> Iterator[list[OpeningCalendar]]:
    """All the calendars, or these, some at a time, with where they are."""
    rows = OpeningCalendar.objects.select_related("place__commune").order_by("pk")
    if only is not None:
        rows = rows.filter(pk__in=only)
    last = 0
    while page := list(rows.filter(pk__gt=last)[:size]):
        yield page
        last = page[-1].pk


def suspects(calendars: Sequence[OpeningCalendar]) -> list[int]:
    """Calendars whose days are not those of their rules."""
    return sorted({one.subject for one in _compare(calendars)[0]})


@transaction.atomic
def settle(ids: Sequence[int], *, repair: bool) -> list[Difference]:
    """The same with their rules locked, written right when asked to."""
    found, fresh = _compare(_locked(ids))
    if repair and found:
        wrong = {one.subject for one in found}
        write_many({pk: days for pk, days in fresh.items() if pk in wrong})
    return found


def _compare(
    calendars: Sequence[OpeningCalendar],
) -> tuple[list[Difference], dict[int, dict[date, int]]]:
    """From yesterday to the last day written: days not yet written are only behind."""
    spans = {}
    for calendar in calendars:
        today = clock.today(calendar.place.zone)
        if calendar.built_until and calendar.built_until >= today - DAY:
            spans[calendar.pk] = (
                today - DAY,
                min(calendar.built_until, today + opening_index.HORIZON),
            )
    fresh = _fresh([calendar for calendar in calendars if calendar.pk in spans], spans)
    if not fresh:
        return [], {}
    known = open_days(fresh, *_whole(spans))
    found = []
    for pk, days in fresh.items():
        old = known.get(pk, {})
        found += [
            Difference(OPENING_DAY, pk, day, 0, _shown(old.get(day, 0)), _shown(bits))
            for day, bits in days.items()
            if bits != old.get(day, 0)
        ]
    return found, fresh


def _fresh(
    calendars: Sequence[OpeningCalendar], spans: dict[int, tuple[date, date]]
) -> dict[int, dict[date, int]]:
    """Calendar → day → open quarters, for the days asked of each."""
    if not calendars:
        return {}
    openings = openings_of(calendars, *_whole(spans))
    return {
        pk: {day: opening.bits(day) for day in days_between(*spans[pk])}
        for pk, opening in openings.items()
    }


def _whole(spans: dict[int, tuple[date, date]]) -> tuple[date, date]:
    return min(first for first, _ in spans.values()), max(last for _, last in spans.values())


def _shown(bits: int) -> str:
    return f"quarters {' '.join(f'{a}-{b}' for a, b in stretches(bits))}" if bits else ""


def _locked(ids: Sequence[int]) -> list[OpeningCalendar]:
    rows = OpeningCalendar.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.select_related("place__commune").filter(pk__in=ids).order_by("pk"))


def extend(until: date | None = None, progress: Progress = silent) -> int:
    """Append the days missing up to a day (default: the horizon of each place); how many hours
    were due. Those whose facts have changed are written again whole."""
    total, done, written = OpeningCalendar.objects.count(), 0, 0
    keys: dict[tuple[str, str, str], str] = {}
    for page in pages():
        due = [one.pk for one in page if _missing(one, until, keys)]
        if due:
            written += _extend(due, until, keys)
        done += len(page)
        progress("opening days", done, total)
    return written


@transaction.atomic
def _extend(ids: Sequence[int], until: date | None, keys: dict[tuple[str, str, str], str]) -> int:
    calendars, spans = [], {}
    for calendar in _locked(ids):
        span = _missing(calendar, until, keys)
        if span:  # nobody has written them meanwhile
            calendars.append(calendar)
            spans[calendar.pk] = span
    write_many(_fresh(calendars, spans))
    for calendar in calendars:
        calendar.built_until = spans[calendar.pk][1]
        calendar.facts = _key(calendar, keys)
    OpeningCalendar.objects.bulk_update(calendars, ["built_until", "facts"])
    return len(calendars)


def _missing(
    calendar: OpeningCalendar, until: date | None, keys: dict[tuple[str, str, str], str]
) -> tuple[date, date] | None:
    """The days to write of a calendar, if any."""
    today = clock.today(calendar.place.zone)
    last, yesterday = until or today + opening_index.HORIZON, today - DAY
    built = calendar.built_until
    if built is None:
        return yesterday, last
    if calendar.facts != _key(calendar, keys):
        return min(yesterday, built + DAY), max(last, built)
    return (built + DAY, last) if built < last else None


def _key(calendar: OpeningCalendar, keys: dict[tuple[str, str, str], str]) -> str:
    """`facts_key`, asked once for all the places of a zone."""
    place = calendar.place
    where = (place.time_zone, place.departement_code, place.commune.school_zone)
    if where not in keys:
        keys[where] = facts_key(place)
    return keys[where]
