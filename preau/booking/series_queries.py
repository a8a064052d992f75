"""Reading a rhythm against a space: which dates are free, and what else there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import cos, radians

from django.db.models import F

from preau.availability.facts import holidays_near
from preau.availability.models import SpaceIndex
from preau.availability.queries.series import Look, days_of
from preau.booking.enums import DateState
from preau.booking.models import Booking, BookingDate
from preau.booking.patterns import DayNames, Pattern, Why
from preau.core import clock, formats
from preau.core.errors import Refusal
from preau.core.french import rank
from preau.core.timeranges import QUARTER, Period
from preau.places.models import Place, Space
from preau.territories.calendars import public_holidays

#: How many spaces of the owner are looked at for another room.
ROOMS = 40
#: Four hours sooner or later at most, in quarters.
FARTHEST_SHIFT = 16
EACH = 2


@dataclass(frozen=True)
class Other:
    """Where or when a date in conflict could be held instead."""

    space: Space
    period: Period
    sentence: str

    @property
    def key(self) -> str:
        """What the page sends back."""
        return f"{self.space.pk}@{self.period.start:%Y%m%dT%H%M}"


@dataclass(frozen=True)
class PlannedDate:
    """One day of the rhythm.

    Attributes:
        status: "free", "taken", "closed", "rule" (the space's own rules) or "skipped".
        sentence: why it is not free.
    """

    day: date
    period: Period | None
    status: str
    sentence: str = ""
    why: Why | None = None
    others: Sequence[Other] = ()

    @property
    def is_free(self) -> bool:
        return self.status == "free"

    @property
    def in_conflict(self) -> bool:
        return self.status in {"taken", "closed", "rule"}


@dataclass(frozen=True)
class SeriesPlan:
    """A rhythm in a space, day by day."""

    space: Space
    pattern: Pattern
    quantity: int
    dates: list[PlannedDate] = field(default_factory=list)

    @property
    def free(self) -> list[PlannedDate]:
        return [one for one in self.dates if one.is_free]

    @property
    def conflicts(self) -> list[PlannedDate]:
        return [one for one in self.dates if one.in_conflict]

    @property
    def skipped(self) -> list[PlannedDate]:
        return [one for one in self.dates if one.status == "skipped"]

    @property
    def wanted(self) -> int:
        return len(self.dates) - len(self.skipped)


STATUS = {"slot_taken": "taken", "closed": "closed"}


def plan_series(space: Space, pattern: Pattern, *, quantity: int = 1) -> SeriesPlan:
    """Every date of the rhythm with its verdict, and what else there is for those in conflict.

    The number of queries does not depend on the number of dates.
    """
    zone, now = space.place.zone, clock.now()
    found = pattern.occurrences(zone, day_names(space.place, pattern))
    days = days_of((one.period for one in found if one.period), zone)
    look = Look([space], days, now=now)
    refusals = {
        one.period: refusal
        for one in found
        if one.period and (refusal := look.refusal(space, one.period, quantity))
    }
    others = _others(space, list(refusals), quantity, look)
    plan = SeriesPlan(space, pattern, quantity)
    for one in found:
        if one.period is None:
            dated = PlannedDate(one.day, None, "skipped", one.reason, one.why)
        elif refused := refusals.get(one.period):
            status, sentence = STATUS.get(refused.code, "rule"), _sentence(refused)
            near = others.get(one.period, ())
            dated = PlannedDate(one.day, one.period, status, sentence, Why.CONFLICT, near)
        else:
            dated = PlannedDate(one.day, one.period, "free")
        plan.dates.append(dated)
    return plan


def day_names(place: Place, pattern: Pattern) -> DayNames:
    """The holidays of a place, as its opening calendars know them."""
    pair = (place.commune.school_zone, place.owner_id)
    spans = holidays_near([pair], pattern.first_day, pattern.last_day)[pair]
    return names_of(spans, place.departement_code)


def names_of(spans: Sequence[tuple[date, date, str]], departement_code: str) -> DayNames:
    return DayNames(
        school=lambda day: next((name for a, z, name in spans if a <= day <= z), ""),
        public=lambda day: public_holidays(departement_code, day.year).get(day, ""),
    )


def _sentence(refusal: Refusal) -> str:
    short = {"slot_taken": "Déjà pris", "closed": "Fermé à ces heures"}
    return short.get(refusal.code, refusal.sentence)


# --- Another room, another hour


def _others(
    space: Space, periods: Sequence[Period], quantity: int, look: Look
) -> dict[Period, list[Other]]:
    """For each period: rooms of the same place, then of the same owner; else other hours."""
    if not periods:
        return {}
    rooms = _rooms(space)
    around = Look(rooms, days_of(periods, space.place.zone), now=look.now)
    found = {}
    for period in periods:
        free = [one for one in rooms if not around.refusal(one, period, quantity)]
        near = [Other(one, period, _room_sentence(one, space)) for one in free[:EACH]]
        near += list(_shifts(space, period, quantity, look))[: EACH - len(near) or 1]
        found[period] = near
    return found


def _rooms(space: Space) -> list[Space]:
    """Rooms like it, of the same place first, then the owner's nearest."""
    place = space.place
    flat = cos(radians(place.latitude))
    rows = (
        Space.objects.filter(
            pk__in=SpaceIndex.objects.values("pk"),
            place__owner=place.owner_id,
            place__time_zone=place.time_zone,
            is_pool=space.is_pool,
            categories__contains=space.categories,
        )
        .exclude(pk=space.pk)
        .annotate(
            north=F("place__latitude") - place.latitude,
            east=(F("place__longitude") - place.longitude) * flat,
        )
        .annotate(far=F("north") * F("north") + F("east") * F("east"))
        .select_related("place__commune")
        .order_by("far", "pk")
    )
    if space.is_pool:
        rows = rows.filter(kind=space.kind)
    fits = rows.filter(capacity__gte=space.capacity)
    return [*fits[:ROOMS], *rows.filter(capacity__lt=space.capacity, place=place)[:ROOMS]]


def _room_sentence(room: Space, wanted: Space) -> str:
    where = "" if room.place_id == wanted.place_id else f", {room.place.name}"
    size = formats.count(room.capacity, "personne")
    return f"{room.name}{where}, à la même heure ({size})"


def _shifts(space: Space, period: Period, quantity: int, look: Look) -> Iterator[Other]:
    """The same room the same day, the smallest shift first."""
    day = period.start.astimezone(space.place.zone).date()
    for quarters in range(1, FARTHEST_SHIFT + 1):
        for way in (quarters, -quarters):
            moved = period.shifted(way * QUARTER)
            same_day = moved.start.astimezone(space.place.zone).date() == day
            if same_day and not look.refusal(space, moved, quantity):
                hours = formats.hours(moved.start, moved.end, space.place.zone)
                yield Other(space, moved, f"Le même espace, {hours}")


def address_of(pattern: Pattern) -> dict[str, str]:
    """A rhythm as the form reads it from the address."""
    last = pattern.start_minute + pattern.minutes
    days = last // 1440 + 1 if pattern.minutes > 1440 else 1
    return {
        "rythme": str(pattern.frequency),
        "premier": pattern.first_day.isoformat(),
        "jusquau": pattern.last_day.isoformat(),
        "de": _wall(pattern.start_minute),
        "a": _wall(last % 1440),
        **({"jours": str(days)} if days > 1 else {}),
        **({"sauf_vacances": "on"} if pattern.skips_school_holidays else {}),
        **({"sauf_feries": "on"} if pattern.skips_public_holidays else {}),
    }


def _wall(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


# --- A series already booked


def dates_of(booking: Booking) -> list[BookingDate]:
    """All its dates, the cancelled ones too, in order."""
    rows = booking.dates.select_related("occupancy__space__place").order_by(
        "occupancy__period", "id"
    )
    return list(rows)


def date_of(pk: int) -> BookingDate | None:
    rows = BookingDate.objects.select_related(
        "booking__space__place__commune",
        "booking__place__owner",
        "booking__organization",
        "booking__series",
        "booking__occupancy",
        "occupancy__space__place",
    )
    return rows.filter(pk=pk).first()


def following(date_: BookingDate) -> list[BookingDate]:
    """This date and those after it that still stand."""
    rows = date_.booking.dates.filter(
        state=DateState.PLANNED, occupancy__period__startswith__gte=date_.period.start
    )
    return list(rows.select_related("occupancy__space__place").order_by("occupancy__period"))


def nearby_spaces(booking: Booking) -> list[Space]:
    """Where a date of it may be moved: its own space first, then those of the place."""
    rows = Space.objects.filter(place=booking.place_id).select_related("place")
    return sorted(
        (one for one in rows if one.is_public or one.pk == booking.space_id),
        key=lambda one: (one.pk != booking.space_id, rank(one.name)),
    )


def further_dates(booking: Booking, until: date | None) -> list[PlannedDate]:
    """Days that may be added: those skipped and still to come, then the rhythm carried on.

    A day off of the rhythm keeps its reason as its sentence, free as it may be.
    """
    pattern, zone = booking.series.pattern, booking.place.zone
    last = max(until or pattern.last_day, pattern.last_day)
    skipped = {one["day"]: one for one in booking.series.skipped}
    names = day_names(booking.place, replace(pattern, last_day=last))
    further = replace(pattern, last_day=last).occurrences(zone, names)
    reasons = {one.day: one.reason for one in further}
    known = {one.period for one in booking.dates.filter(state=DateState.PLANNED)}
    days = {date.fromisoformat(day) for day in skipped}
    days |= {one.day for one in further if one.day > pattern.last_day}
    now = clock.now()
    periods = {day: pattern.period_on(day, zone) for day in sorted(days)}
    coming = {d: p for d, p in periods.items() if p and p.start > now and p not in known}
    look = Look([booking.space], days_of(coming.values(), zone), now=now)
    found = []
    for day, period in coming.items():
        refused = look.refusal(booking.space, period, booking.occupancy.quantity)
        status = STATUS.get(refused.code, "rule") if refused else "free"
        sentence = _sentence(refused) if refused else reasons.get(day, "")
        found.append(PlannedDate(day, period, status, sentence))
    return found
