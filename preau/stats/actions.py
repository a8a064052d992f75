"""Writing the figures of the months that are over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Model

from preau.booking.models import Booking
from preau.core import clock
from preau.stats.disclosure import LEAST, Protected, is_few, protect
from preau.stats.enums import Shown
from preau.stats.measures import Delays, Measures, Month, measure, next_month
from preau.stats.models import MonthlyFigure
from preau.territories.models import Departement

#: A month is over everywhere, overseas too, once its last day is that far.
SETTLED = timedelta(days=2)
#: How far back a new installation looks.
MOST_MONTHS = 60


def missing_months() -> list[date]:
    """Months that are over and not yet written, from the first request on."""
    first = Booking.objects.aggregate(first=Min("requested_at"))["first"]
    return unwritten(first, MonthlyFigure)


def unwritten(first: datetime | None, table: type[Model]) -> list[date]:
    """Months that are over everywhere, from a first date on, and not in a table of months."""
    if first is None:
        return []
    written = set(table._default_manager.values_list("month", flat=True).distinct())
    month, months = first.date().replace(day=1), []
    limit = clock.today(ZoneInfo(settings.TIME_ZONE)) - SETTLED
    while next_month(month) <= limit:
        months.append(month)
        month = next_month(month)
    return [one for one in months[-MOST_MONTHS:] if one not in written]


def write_missing() -> int:
    """Write what is missing, one transaction a month; how many."""
    months = missing_months()
    for month in months:
        write_month(month)
    return len(months)


@transaction.atomic
def write_month(month: date) -> None:
    """Keep what may be shown of a month. Written already, it stays as it is."""
    if MonthlyFigure.objects.filter(month=month).exists():
        return
    found = measure(month)
    known = set(Departement.objects.values_list("code", flat=True))
    lines = {code: one for code, one in found.by_departement.items() if code in known}
    asked = protect({code: one.asked for code, one in lines.items()}, month)
    held = protect({code: one.held for code, one in lines.items()}, month)
    figures = [
        _figure(month, code, one, found, asked.cells[code], held.cells[code])
        for code, one in sorted(lines.items())
    ]
    figures.append(_country(month, list(lines.values()), found, asked, held))
    MonthlyFigure.objects.bulk_create(figures, ignore_conflicts=True)


def _figure(
    month: date, code: str, one: Measures, found: Month, asked: Shown, held: Shown
) -> MonthlyFigure:
    return MonthlyFigure(
        month=month,
        departement_id=code or None,
        places=one.places,
        spaces=one.spaces,
        asked=one.asked if asked == Shown.YES else None,
        asked_shown=asked,
        held=one.held if held == Shown.YES else None,
        held_shown=held,
        minutes=one.minutes if held == Shown.YES else None,
        answer_minutes=median_of(found.answers.get(code)),
        signature_minutes=median_of(found.signatures.get(code)),
    )


def _country(
    month: date, lines: list[Measures], found: Month, asked: Protected, held: Protected
) -> MonthlyFigure:
    whole = Measures(
        *(
            sum(getattr(one, name) for one in lines)
            for name in ("places", "spaces", "asked", "held", "minutes")
        )
    )
    figure = _figure(month, "", whole, found, asked.total, held.total)
    figure.online_percent = share_of(found.online, found.confirmed)
    return figure


def median_of(delays: Delays | None) -> int | None:
    return delays.minutes if delays and delays.of >= LEAST else None


def share_of(part: int, whole: int) -> int | None:
    """In per cent, unless it would tell a few: on either side."""
    if whole < LEAST or is_few(part) or is_few(whole - part):
        return None
    return round(100 * part / whole)
