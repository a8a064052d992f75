"""When nothing is free: the nearest things that are. Sooner or later, another day, elsewhere,
or another part of the same hall, each with a sentence that says how it differs.

What is proposed may be booked as it stands: hours, step, lead time and durations are checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from itertools import islice

from django.db.models import F

from preau.availability.models import SpaceIndex
from preau.availability.queries.search import (
    Evenings,
    Filters,
    Found,
    Where,
    evenings,
    near,
    window,
)
from preau.availability.queries.space import Timeline, booking_window, timelines
from preau.core import clock, formats
from preau.core.timeranges import QUARTER, Period, local_instant
from preau.places.models import Space
from preau.places.rules import seats_at, stations_for

#: How many of the nearest spaces are looked at closely.
CANDIDATES = 60
#: Two hours, in quarters.
FARTHEST_SHIFT = 8
FARTHEST_DAY = 7
EACH = 4
NEARBY_KM = 10.0


class Reason(Enum):
    """How a proposal differs from what was asked."""

    SHIFTED = "autre heure"
    OTHER_DAY = "autre jour"
    ELSEWHERE = "plus loin"
    PART = "plus petit"
    LARGER = "plus grand"


@dataclass(frozen=True)
class Alternative:
    """A free period of a space, and why it is proposed.

    Attributes:
        km: distance from the point searched, or from the space asked.
        gap: how far from the wish: minutes, days, kilometres or people, by reason.
        quantity: how many of its stations are meant, in a pool.
    """

    reason: Reason
    space_id: int
    period: Period
    km: float
    gap: float
    sentence: str
    quantity: int = 1


def alternatives(
    where: Where,
    period: Period,
    filters: Filters,
    *,
    now: datetime | None = None,
    each: int = EACH,
) -> list[Alternative]:
    """For a search that found nothing at that time; at most `each` of a reason, closest first."""
    now = now or clock.now()
    found = near(where, filters, limit=CANDIDATES).rows
    parts = _smaller_parts(found, filters)
    km = {row.space_id: row.km for row in found}
    spaces = list(Space.objects.filter(pk__in=[*km, *parts]).select_related("place").order_by("pk"))
    shifted: list[Alternative] = []
    other_days: list[Alternative] = []
    smaller: list[Alternative] = []
    for space, line in _lines(spaces, period, now):
        stations = stations_for(filters.people, space.capacity, len(line.lanes))
        look = _Look(space, line, period, now, max(filters.quantity, stations))
        if space.pk in parts:
            if look.is_free(period):
                smaller.append(_part(space, period, km[parts[space.pk]], filters.people))
            continue
        shifted += islice(look.shifts(km[space.pk]), 1)
        other_days += islice(look.other_days(km[space.pk]), 1)
    groups = (shifted, other_days, _farther(where, period, filters, now, each), smaller)
    return [one for group in groups for one in sorted(group, key=_closeness)[:each]]


def alternatives_for(
    space: Space,
    period: Period,
    *,
    quantity: int = 1,
    now: datetime | None = None,
    each: int = EACH,
) -> list[Alternative]:
    """For one space that is not free then: other hours, other days, its hall, its neighbours."""
    now = now or clock.now()
    root = space.root_id_or_self
    hall = Space.objects.filter(pk=root) | Space.objects.filter(root=root)
    spaces = list(hall.filter(pk__in=SpaceIndex.objects.values("pk")).select_related("place"))
    shifted: list[Alternative] = []
    other_days: list[Alternative] = []
    siblings: list[Alternative] = []
    for one, line in _lines(spaces, period, now):
        look = _Look(one, line, period, now, quantity)
        if one.pk == space.pk:
            shifted, other_days = list(look.shifts(0.0)), list(look.other_days(0.0))
        elif look.is_free(period):
            siblings.append(_part(one, period, 0.0, space.capacity))
    place = space.place
    there = Where(place.latitude, place.longitude, NEARBY_KM)
    like_it = Filters(people=space.capacity)
    if space.is_pool:  # other desks for as many people, not a hall for all of them
        seats = seats_at(quantity, space.capacity, space.units.count())
        like_it = Filters(people=max(1, seats), kinds=(space.kind,))
    rows = window(there, period, like_it, limit=2 * each, now=now).rows
    known = {one.pk for one in spaces}
    elsewhere = [_elsewhere(row) for row in rows if row.space_id not in known]
    groups = (shifted, other_days, siblings, elsewhere)
    return [one for group in groups for one in sorted(group, key=_closeness)[:each]]


def alternatives_on_days(
    where: Where,
    asked: Evenings,
    filters: Filters,
    others: Evenings,
    *,
    now: datetime | None = None,
    each: int = EACH,
) -> list[Alternative]:
    """For "any of these evenings" that found nothing: `others`, then twice as far."""
    words = "Un autre jour de la semaine"
    days = [
        Alternative(Reason.OTHER_DAY, row.space_id, row.period, row.km, row.km, words, row.quantity)
        for row in evenings(where, others, filters, limit=each, now=now).rows
        if row.period
    ]
    wider = replace(where, km=2 * where.km)
    rows = evenings(wider, asked, filters, limit=each, now=now).rows
    return days + [_elsewhere(row, "Les jours voulus") for row in rows]


def _closeness(one: Alternative) -> tuple[float, float, float, int]:
    """Nearest wish first; of two equal gaps the nearer space, then the earlier slot."""
    return (one.gap, one.km, one.period.start.timestamp(), one.space_id)


def _lines(spaces: list[Space], period: Period, now: datetime) -> Iterator[tuple[Space, Timeline]]:
    """Each space with its days around the period, in a fixed number of queries."""
    around = timedelta(days=FARTHEST_DAY + 1)
    first = max(period.start - around, now - timedelta(days=1)).date()
    last = max((period.end + around).date(), first)
    lines = timelines(spaces, first, last)
    for space in spaces:
        yield space, lines[space.pk]


@dataclass(frozen=True)
class _Look:
    """One space, seen for another start of the same length."""

    space: Space
    line: Timeline
    period: Period
    now: datetime
    quantity: int = 1

    def is_free(self, period: Period) -> bool:
        space, zone = self.space, self.space.place.zone
        earliest, latest = booking_window(space, self.now)
        wall = period.start.astimezone(zone)
        return (
            space.min_minutes <= period.minutes <= space.max_minutes
            and earliest <= period.start <= latest
            and (wall.hour * 60 + wall.minute) % space.step_minutes == 0
            and self.line.position(period.start) >= 0
            and self.line.is_open(period)
            and self.line.free_lanes(period) >= self.quantity
        )

    def shifts(self, km: float) -> Iterator[Alternative]:
        """Up to two hours sooner or later, the smallest shift first."""
        for quarters in range(1, FARTHEST_SHIFT + 1):
            for way in (quarters, -quarters):
                moved = self.period.shifted(way * QUARTER)
                if self.is_free(moved):
                    minutes = quarters * 15
                    side = "plus tard" if way > 0 else "plus tôt"
                    sentence = f"{formats.duration(minutes)} {side}"
                    yield self._proposal(Reason.SHIFTED, moved, km, minutes, sentence)

    def other_days(self, km: float) -> Iterator[Alternative]:
        """The same hours on the wall, up to a week away, the nearest day first."""
        zone = self.space.place.zone
        wall = self.period.start.astimezone(zone)
        for distance in range(1, FARTHEST_DAY + 1):
            for way in (distance, -distance):
                day = wall.date() + timedelta(days=way)
                start = local_instant(day, wall.hour * 60 + wall.minute, zone)
                moved = Period(start, start + self.period.duration)
                if self.is_free(moved):
                    yield self._proposal(Reason.OTHER_DAY, moved, km, distance, _days_away(way))

    def _proposal(
        self, reason: Reason, moved: Period, km: float, gap: float, sentence: str
    ) -> Alternative:
        return Alternative(reason, self.space.pk, moved, km, gap, sentence, self.quantity)


_DAYS = {1: "le lendemain", -1: "la veille", 7: "une semaine plus tard", -7: "une semaine plus tôt"}


def _days_away(days: int) -> str:
    """« Aux mêmes heures, le lendemain »"""
    side = "plus tard" if days > 0 else "plus tôt"
    return f"Aux mêmes heures, {_DAYS.get(days, f'{abs(days)} jours {side}')}"


def _smaller_parts(found: Iterable[Found], filters: Filters) -> dict[int, int]:
    """Parts too small for the people asked, of the halls found: part → hall or part found."""
    if filters.people <= 1:
        return {}
    ids = [row.space_id for row in found]
    roots: dict[int, int] = {}
    for pk, root in Space.objects.filter(pk__in=ids).values_list("pk", "root_id"):
        roots.setdefault(root or pk, pk)
    rows = SpaceIndex.objects.alias(kept=F("equipment").bitand(filters.equipment)).filter(
        space__root__in=roots, capacity__lt=filters.people, kept=filters.equipment
    )
    if filters.accessible:
        rows = rows.filter(is_accessible=True)
    return {pk: roots[root] for pk, root in rows.values_list("pk", "space__root") if root}


def _part(space: Space, period: Period, km: float, people: int) -> Alternative:
    smaller = space.capacity < people
    size = formats.count(space.capacity, "personne")
    if space.root_id is None:
        words = "La salle entière"
    else:
        words = "Une partie de la salle" if smaller else "Une autre partie de la salle"
    return Alternative(
        Reason.PART if smaller else Reason.LARGER,
        space.pk,
        period,
        km,
        abs(space.capacity - people),
        f"{words}, pour {size}",
    )


def _farther(
    where: Where, period: Period, filters: Filters, now: datetime, each: int
) -> list[Alternative]:
    rows = window(replace(where, km=2 * where.km), period, filters, limit=each, now=now).rows
    return [_elsewhere(row) for row in rows]


def _elsewhere(row: Found, lead: str = "À la même heure") -> Alternative:
    if row.period is None:
        raise ValueError("A proposal has a time.")
    sentence = f"{lead}, à {formats.distance(row.km)}"
    return Alternative(
        Reason.ELSEWHERE, row.space_id, row.period, row.km, row.km, sentence, row.quantity
    )
