"""Who used a place over a period, from its real occupancies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from preau.accounts.models import Organization
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.booking.enums import BookingState
from preau.booking.models import Booking, BookingDate
from preau.core.french import rank
from preau.economics.half_days import touched
from preau.places.models import Place


@dataclass(slots=True)
class Use:
    """What one organisation takes of a place; the size is that of the largest room it takes."""

    organization: Organization
    minutes: int = 0
    square_metres: int | None = None
    half_days: set[str] = field(default_factory=set)


def uses_of(place: Place, first: date, last: date) -> list[Use]:
    """By organisation, bookings and permanences confirmed: most minutes first.

    An occupancy counts whole on the period in which it begins.
    """
    zone = place.zone
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    rows = Occupancy.objects.filter(
        place=place,
        kind__in=(OccupancyKind.BOOKING, OccupancyKind.RESIDENCY),
        holder_organization__isnull=False,
        released_at=None,
        hold_until=None,
        period__startswith__gte=start,
        period__startswith__lt=end,
    )
    asked = Booking.objects.filter(occupancy__place=place).exclude(state=BookingState.CONFIRMED)
    dates = BookingDate.objects.filter(occupancy__place=place).exclude(
        booking__state=BookingState.CONFIRMED
    )
    rows = rows.exclude(pk__in=asked.values("occupancy"))
    rows = rows.exclude(pk__in=dates.values("occupancy"))
    found: dict[int, Use] = {}
    for row in rows.select_related("holder_organization", "space"):
        assert row.holder_organization is not None
        use = found.setdefault(row.holder_organization.pk, Use(row.holder_organization))
        use.minutes += round((row.period.upper - row.period.lower).total_seconds() / 60)
        if row.space.surface:
            use.square_metres = max(use.square_metres or 0, row.space.surface)
        use.half_days |= touched(row.period.lower, row.period.upper, zone)
    return sorted(found.values(), key=lambda one: (-one.minutes, rank(one.organization.name)))
