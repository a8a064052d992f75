"""What people wanted and did not have, and what associations nearby do each week.

Nobody is named here: a need says when, how many, what sort of room, around which point. The name
of an association is kept for the pages of those it asked, who know it already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Sum

from preau.accounts.enums import OrganizationKind
from preau.availability.facts import holidays_near
from preau.booking.enums import ACCEPTED, BookingState, WaitingState
from preau.booking.models import Booking, WaitingEntry
from preau.capacity.models import FailedSearch
from preau.core import clock

YEAR = timedelta(days=365)
#: Read at most so many of each sort, the latest first.
MOST = 4000
#: From how many times a year an association's coming at one hour is a habit.
HABIT = 4
#: Searches fewer than that say something of one person: they are not shown.
FEW = 3


class Source(StrEnum):
    REFUSED = "refusee"
    UNANSWERED = "sans_reponse"
    WAITING = "attente"
    SEARCH = "recherche"
    NEIGHBOUR = "voisine"


@dataclass(frozen=True)
class Need:
    """Attributes:
    weekday: None for any day.
    in_holidays: None for any time of the year.
    place_id: the place that was asked, or where an association already goes.
    name: the association, where it asked that place.
    """

    source: Source
    weekday: int | None
    start_minute: int
    end_minute: int
    minutes: int
    people: int
    latitude: float
    longitude: float
    kind: str = ""
    in_holidays: bool | None = None
    times: int = 1
    place_id: int = 0
    name: str = ""


def needs(departements: Collection[str]) -> list[Need]:
    """Of the last twelve months, in these départements."""
    since = clock.now() - YEAR
    return [
        *_refused(departements, since),
        *_waiting(departements, since),
        *_searched(departements, since),
        *_neighbours(departements, since),
    ]


_AT = (
    "place__latitude",
    "place__longitude",
    "place__time_zone",
    "starts_at",
    "ends_at",
    "attendance",
    "space__kind",
    "place_id",
    "place__commune__school_zone",
    "place__owner_id",
)
#: Official holidays of a zone, and those its owner has entered.
Pair = tuple[str, int]


class _Holidays:
    """Whether the days somebody asked for were school holidays there; two queries in all."""

    def __init__(self, asked: Iterable[tuple[Pair, date]]) -> None:
        asked = list(asked)
        days = [day for _, day in asked]
        pairs = {pair for pair, _ in asked}
        spans = holidays_near(pairs, min(days), max(days)) if days else {}
        self.spans = {pair: [(s, e) for s, e, _ in found] for pair, found in spans.items()}

    def on(self, pair: Pair, day: date) -> bool:
        return any(first <= day <= last for first, last in self.spans[pair])


def _local_day(starts: datetime, zone: str) -> date:
    return starts.astimezone(ZoneInfo(zone)).date()


def _hours(starts: datetime, ends: datetime, zone: str) -> tuple[int, int, int, int]:
    """Weekday, first and last minute of the local day, length; beyond midnight it goes on."""
    local = starts.astimezone(ZoneInfo(zone))
    minutes = int((ends - starts).total_seconds()) // 60
    start = local.hour * 60 + local.minute
    return local.weekday(), start, start + minutes, minutes


def _refused(departements: Collection[str], since: datetime) -> Iterator[Need]:
    rows = list(
        Booking.objects.filter(
            place__departement_code__in=list(departements),
            state__in=[BookingState.REFUSED, BookingState.EXPIRED],
            ended_at__gte=since,
        )
        .order_by("-pk")
        .values_list(*_AT, "state", "organization__kind", "organization__name")[:MOST]
    )
    off = _Holidays(((row[8], row[9]), _local_day(row[3], row[2])) for row in rows)
    for lat, lon, zone, starts, ends, people, kind, place, school, owner, state, who, name in rows:
        day, start, end, minutes = _hours(starts, ends, zone)
        refused = state == BookingState.REFUSED
        yield Need(
            source=Source.REFUSED if refused else Source.UNANSWERED,
            weekday=day,
            start_minute=start,
            end_minute=end,
            minutes=minutes,
            people=people or 1,
            latitude=lat,
            longitude=lon,
            kind=kind,
            in_holidays=off.on((school, owner), _local_day(starts, zone)),
            place_id=place,
            name=name if who == OrganizationKind.ASSOCIATION else "",
        )


def _waiting(departements: Collection[str], since: datetime) -> Iterator[Need]:
    rows = list(
        WaitingEntry.objects.filter(
            space__place__departement_code__in=list(departements), created_at__gte=since
        )
        .exclude(state=WaitingState.TAKEN)
        .order_by("-pk")
        .values_list(
            "space__place__latitude",
            "space__place__longitude",
            "space__place__time_zone",
            "starts_at",
            "ends_at",
            "space__kind",
            "space__place_id",
            "space__place__commune__school_zone",
            "space__place__owner_id",
            "organization__kind",
            "organization__name",
        )[:MOST]
    )
    off = _Holidays(((row[7], row[8]), _local_day(row[3], row[2])) for row in rows)
    for lat, lon, zone, starts, ends, kind, place, school, owner, who, name in rows:
        day, start, end, minutes = _hours(starts, ends, zone)
        known = name if who == OrganizationKind.ASSOCIATION else ""
        holiday = off.on((school, owner), _local_day(starts, zone))
        hours = (day, start, end, minutes, 1, lat, lon, kind, holiday)
        yield Need(Source.WAITING, *hours, place_id=place, name=known)


def _searched(departements: Collection[str], since: datetime) -> Iterator[Need]:
    rows = (
        FailedSearch.objects.filter(departement_code__in=list(departements), day__gte=since.date())
        .values_list(
            "weekday",
            "start_minute",
            "end_minute",
            "minutes",
            "people",
            "commune__latitude",
            "commune__longitude",
            "kind",
            "in_holidays",
        )
        .annotate(total=Sum("times"))
        .order_by("-total")[:MOST]
    )
    for day, start, end, minutes, people, lat, lon, kind, off, total in rows:
        yield Need(
            Source.SEARCH, day, start, end, minutes, max(people, 1), lat, lon, kind, off, total
        )


def _neighbours(departements: Collection[str], since: datetime) -> Iterator[Need]:
    """Associations that come back at the same hour: habits, whoever they are."""
    rows = (
        Booking.objects.filter(
            place__departement_code__in=list(departements),
            state__in=ACCEPTED,
            organization__kind=OrganizationKind.ASSOCIATION,
            starts_at__gte=since,
        )
        .order_by("-pk")
        .values_list(*_AT[:8], "organization_id")[:MOST]
    )
    habits: Counter[tuple[object, ...]] = Counter()
    seen: dict[tuple[object, ...], Need] = {}
    for lat, lon, zone, starts, ends, people, kind, place, who in rows:
        day, start, end, minutes = _hours(starts, ends, zone)
        key: tuple[object, ...] = (who, place, kind, day, start)
        habits[key] += 1
        hours = (day, start, end, minutes, people or 1, lat, lon, kind)
        seen[key] = Need(Source.NEIGHBOUR, *hours, place_id=place)
    for key, times in habits.items():
        if times >= HABIT:
            yield seen[key]
