"""One space over some days: open, taken, free; and whether a period may be booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from preau.availability import bits as quarters
from preau.availability.index import tile_of
from preau.availability.models import (
    Occupancy,
    OccupiedUnit,
    SpaceCalendar,
    SpaceDay,
)
from preau.availability.opening_index import days_between, open_days
from preau.core import clock, formats
from preau.core.errors import Refusal
from preau.core.timeranges import QUARTER, Period, is_on_quarter, local_instant
from preau.places.models import Space, SpaceUnit


@dataclass(frozen=True, order=True)
class Slot:
    """A free period that a person may book."""

    start: datetime
    end: datetime

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


@dataclass(frozen=True)
class Timeline:
    """Consecutive local days laid end to end, one bit a quarter-hour since the first midnight.

    `lanes` holds, for each unit that can be taken on its own, the quarters it is taken.
    """

    zone: ZoneInfo
    first: date
    last: date
    open: int
    lanes: tuple[int, ...]

    @property
    def origin(self) -> datetime:
        return local_instant(self.first, 0, self.zone)

    def position(self, instant: datetime) -> int:
        return (instant - self.origin) // QUARTER

    def instant(self, position: int) -> datetime:
        return self.origin + position * QUARTER

    def mask(self, period: Period) -> int:
        end = -((self.origin - period.end) // QUARTER)
        return quarters.span(self.position(period.start), end)

    def is_open(self, period: Period) -> bool:
        wanted = self.mask(period)
        return self.open & wanted == wanted

    def free_lanes(self, period: Period) -> int:
        wanted = self.mask(period)
        return sum(1 for lane in self.lanes if not lane & wanted)

    def starts(self, minutes: int, quantity: int = 1) -> int:
        """Quarters at which that many minutes are open and free, on enough lanes at once."""
        found = [quarters.runs(self.open & ~lane, minutes // 15) for lane in self.lanes]
        if quantity == 1:
            return _any(found)
        return sum(
            1 << place
            for place in quarters.set_bits(_any(found))
            if sum(lane >> place & 1 for lane in found) >= quantity
        )


def _any(lanes: Iterable[int]) -> int:
    union = 0
    for lane in lanes:
        union |= lane
    return union


def _lay(days: dict[date, int], first: date, last: date, zone: ZoneInfo) -> int:
    """Days of bits, laid end to end from `first`."""
    line, offset, day = 0, 0, first
    while day <= last:
        length = quarters.day_length(day, zone)
        line |= (days.get(day, 0) & quarters.span(0, length)) << offset
        offset += length
        day += timedelta(days=1)
    return line


def timeline(space: Space, first: date, last: date) -> Timeline:
    """What the index says of a space from one local day to another, both included."""
    return timelines([space], first, last)[space.pk]


def timelines(spaces: list[Space], first: date, last: date) -> dict[int, Timeline]:
    """The same for several spaces, in three queries, or four when some are pools."""
    calendars = dict(
        SpaceCalendar.objects.filter(space__in=spaces).values_list("space_id", "calendar_id")
    )
    opened = open_days(calendars.values(), first, last)
    taken: dict[tuple[int, int], dict[date, int]] = {}
    # Every column of the index's key, so that the days of the whole country are not walked.
    for space_id, lane, day, text in SpaceDay.objects.filter(
        day__in=days_between(first, last),
        tile__in={tile_of(space.place.latitude, space.place.longitude) for space in spaces},
        space_id__in=[space.pk for space in spaces],
    ).values_list("space_id", "lane", "day", "bits"):
        taken.setdefault((space_id, lane), {})[day] = quarters.from_text(text)
    pools = pool_sizes(spaces)
    found = {}
    for space in spaces:
        zone = space.place.zone
        lanes = pools[space.pk] if space.is_pool else 1
        found[space.pk] = Timeline(
            zone=zone,
            first=first,
            last=last,
            open=_lay(opened.get(calendars.get(space.pk, 0), {}), first, last, zone),
            lanes=tuple(
                _lay(taken.get((space.pk, lane), {}), first, last, zone) for lane in range(lanes)
            ),
        )
    return found


def pool_sizes(spaces: list[Space]) -> dict[int, int]:
    """How many units each pool is made of."""
    pools = [space.pk for space in spaces if space.is_pool]
    if not pools:
        return {}
    units = SpaceUnit.objects.filter(space__in=pools).values_list("space_id")
    return dict.fromkeys(pools, 0) | dict(units.annotate(Count("pk")))


def free_slots(
    space: Space,
    first: date,
    last: date,
    minutes: int,
    *,
    quantity: int = 1,
    now: datetime | None = None,
    line: Timeline | None = None,
) -> list[Slot]:
    """Every bookable start of that length from one local day to another, in order.

    Respects the step, the lead time, the horizon and the shortest and longest booking.

    Args:
        line: a timeline already read that holds these days and the length after them.
    """
    if not space.min_minutes <= minutes <= space.max_minutes:
        return []
    now = now or clock.now()
    line = line or timeline(space, first, last + timedelta(days=-(-minutes // 1440)))
    earliest, latest = booking_window(space, now)
    found = []
    days = _step_line(space, first, last) << line.position(local_instant(first, 0, line.zone))
    starts = line.starts(minutes, quantity) & days
    for place in quarters.set_bits(starts):
        start = line.instant(place)
        if earliest <= start <= latest:
            found.append(Slot(start, start + timedelta(minutes=minutes)))
    return found


def next_slots(
    spaces: list[Space],
    minutes: dict[int, int],
    days: int,
    *,
    quantities: Mapping[int, int] = MappingProxyType({}),
    now: datetime | None = None,
) -> dict[int, Slot]:
    """The first bookable slot of each space within some days: space → slot, if there is one.

    Args:
        minutes: the length wanted, by space.
        quantities: how many stations of a pool, where more than one.
    """
    now = now or clock.now()
    first = now.date() - timedelta(days=1)  # wherever in the world the space is
    lines = timelines(spaces, first, first + timedelta(days=days + 1))
    steps: dict[tuple[str, int], int] = {}
    found = {}
    for space in spaces:
        line, length = lines[space.pk], minutes[space.pk]
        key = (space.place.time_zone, space.step_minutes)
        if key not in steps:
            steps[key] = _step_line(space, line.first, line.last)
        earliest, latest = booking_window(space, now)
        soonest = -((line.origin - earliest) // QUARTER)  # rounded up
        starts = line.starts(length, quantities.get(space.pk, 1)) & steps[key]
        starts = starts >> soonest << soonest
        if starts:
            start = line.instant((starts & -starts).bit_length() - 1)
            if start <= latest:
                found[space.pk] = Slot(start, start + timedelta(minutes=length))
    return found


def _step_line(space: Space, first: date, last: date) -> int:
    zone = space.place.zone
    days = {
        day: quarters.step_starts(day, space.step_minutes, zone)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    }
    return _lay(days, first, last, zone)


def booking_window(space: Space, now: datetime) -> tuple[datetime, datetime]:
    """The earliest and latest start that may be asked for now."""
    zone = space.place.zone
    last_day = now.astimezone(zone).date() + timedelta(days=space.horizon_days)
    return now + timedelta(minutes=space.lead_minutes), local_instant(last_day, 1425, zone)


def check(space: Space, period: Period, *, quantity: int = 1, now: datetime | None = None) -> None:
    """Say why a period may not be booked, if so. A courtesy: the constraint is the guard.

    Raises:
        Refusal: code one of "quarter", "past", "lead", "horizon", "duration", "step", "closed",
            "slot_taken".
    """
    check_rules(space, period, now or clock.now())
    zone = space.place.zone
    line = timeline(space, period.start.astimezone(zone).date(), period.end.astimezone(zone).date())
    require_free(line.is_open(period), line.free_lanes(period), quantity)


def require_free(is_open: bool, free_lanes: int, quantity: int) -> None:
    """Say what is in the way: the hours, or somebody.

    Raises:
        Refusal: code "closed" or "slot_taken".
    """
    if not is_open:
        raise Refusal(
            "L’espace n’est pas ouvert pendant tout ce créneau. Consultez ses horaires et "
            "choisissez une autre heure.",
            field="start",
            code="closed",
        )
    if free_lanes < quantity:
        raise Refusal(
            "Ce créneau est déjà pris. Choisissez-en un autre parmi ceux proposés.",
            field="start",
            code="slot_taken",
        )


def check_rules(space: Space, period: Period, now: datetime) -> None:
    """Whether the space may be booked then at all, opening hours aside.

    Raises:
        Refusal: as `check`.
    """
    earliest, latest = booking_window(space, now)
    start = period.start.astimezone(space.place.zone)
    minute, step = start.hour * 60 + start.minute, formats.duration(space.step_minutes)
    refusals = [
        (
            not (is_on_quarter(period.start) and is_on_quarter(period.end)),
            "quarter",
            "Les horaires vont de quart d’heure en quart d’heure.",
        ),
        (period.start < now, "past", "Ce créneau est passé. Choisissez une date à venir."),
        (
            period.start < earliest,
            "lead",
            "Il est trop tard pour réserver ce créneau : cet espace se réserve au moins "
            f"{formats.duration(space.lead_minutes)} à l’avance.",
        ),
        (
            period.start > latest,
            "horizon",
            f"Cet espace se réserve au plus {space.horizon_days} jours à l’avance.",
        ),
        (
            not space.min_minutes <= period.minutes <= space.max_minutes,
            "duration",
            f"Cet espace se réserve pour {formats.duration(space.min_minutes)} au moins et "
            f"{formats.duration(space.max_minutes)} au plus.",
        ),
        (
            minute % space.step_minutes != 0,
            "step",
            f"Les débuts possibles vont de {step} en {step}, à partir de minuit.",
        ),
    ]
    for wrong, code, sentence in refusals:
        if wrong:
            raise Refusal(sentence, field="start", code=code)


def occupancies(spaces: Iterable[Space], period: Period) -> QuerySet[Occupancy]:
    """Live occupancies that touch a period, in these spaces or in what shares a unit with them."""
    unit_ids = Space.units.through.objects.filter(space__in=list(spaces)).values("unit_id")
    rows = OccupiedUnit.objects.filter(
        unit_id__in=unit_ids, busy__overlap=(period.start, period.end)
    )
    return (
        Occupancy.objects.filter(pk__in=rows.values("occupancy_id"))
        .select_related("space", "holder_user", "holder_organization")
        .order_by("period", "id")
    )
