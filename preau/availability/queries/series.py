"""Many periods at once, in a constant number of queries: verdicts on them for some spaces, and
which spaces near a point take most of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from preau.availability import bits as quarters
from preau.availability.index import tile_of
from preau.availability.models import LocalSchoolHoliday, SpaceCalendar, SpaceDay
from preau.availability.opening_index import open_days
from preau.availability.queries import statements
from preau.availability.queries.discs import frame, widening
from preau.availability.queries.search import (
    Filters,
    Row,
    Rows,
    Run,
    Where,
    parameters,
    pinned,
    run,
)
from preau.availability.queries.space import check_rules, pool_sizes, require_free
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.models import Space


class Look:
    """Some spaces on some days, read once (three queries, four with pools).

    Says of any period on those days what `space.check` would say; a day not read is closed.
    """

    def __init__(
        self, spaces: Sequence[Space], days: Iterable[date], *, now: datetime | None = None
    ) -> None:
        self.now = now or clock.now()
        read = set(days)
        self._calendars = dict(
            SpaceCalendar.objects.filter(space__in=spaces).values_list("space_id", "calendar_id")
        )
        between = open_days(self._calendars.values(), min(read), max(read)) if read else {}
        self._opened = {
            calendar: {day: bits for day, bits in days.items() if day in read}
            for calendar, days in between.items()
        }
        self._taken: dict[tuple[int, date], list[tuple[int, int]]] = {}
        for space, lane, day, text in SpaceDay.objects.filter(
            day__in=read,
            tile__in={tile_of(one.place.latitude, one.place.longitude) for one in spaces},
            space_id__in=[one.pk for one in spaces],
        ).values_list("space_id", "lane", "day", "bits"):
            self._taken.setdefault((space, day), []).append((lane, quarters.from_text(text)))
        self._lanes = pool_sizes(list(spaces))

    def refusal(self, space: Space, period: Period, quantity: int = 1) -> Refusal | None:
        """Why the period may not be booked there, if so."""
        try:
            check_rules(space, period, self.now)
            masks = quarters.masks(period, space.place.zone)
            require_free(self._is_open(space, masks), self._free_lanes(space, masks), quantity)
        except Refusal as refusal:
            return refusal
        return None

    def _is_open(self, space: Space, masks: Mapping[date, int]) -> bool:
        opened = self._opened.get(self._calendars.get(space.pk, 0), {})
        return all(opened.get(day, 0) & mask == mask for day, mask in masks.items())

    def _free_lanes(self, space: Space, masks: Mapping[date, int]) -> int:
        busy = {
            lane
            for day, mask in masks.items()
            for lane, taken in self._taken.get((space.pk, day), ())
            if taken & mask
        }
        return (self._lanes.get(space.pk, 0) if space.is_pool else 1) - len(busy)


def days_of(periods: Iterable[Period], zone: ZoneInfo) -> set[date]:
    """The local days that some periods touch."""
    return {day for period in periods for day in quarters.masks(period, zone)}


# --- Which spaces take most of them


@dataclass(frozen=True)
class Neighbourhood:
    """What decides on which days a rhythm is skipped: clock, school zone, public holidays.

    Attributes:
        owner_id: of those who enter school holidays of their own; 0 for the others.
    """

    zone: str
    school_zone: str
    departement_code: str
    owner_id: int


@dataclass(frozen=True)
class Takes:
    """A space, and on how many of the periods it may be booked."""

    space_id: int
    km: float
    quantity: int
    free: int
    total: int


def neighbourhoods(where: Where) -> list[Neighbourhood]:
    """Those of the places around a point: few, whatever the spaces."""
    around = frame(where)
    values = {"first": around.first, "last": around.last, "owners": _owners()}
    return [Neighbourhood(*row) for row in run(statements.NEIGHBOURHOODS, values)]


def _owners() -> list[int]:
    """Those who enter school holidays of their own."""
    rows = LocalSchoolHoliday.objects.values_list("organization_id", flat=True)
    return sorted(set(rows))


def best(
    where: Where,
    filters: Filters,
    wanted: Mapping[Neighbourhood, Sequence[Period]],
    *,
    limit: int,
    offset: int = 0,
    now: datetime | None = None,
) -> list[Takes]:
    """The spaces that take the most of the periods of their neighbourhood; then the nearest."""
    lists, totals = _lists(wanted)
    values = lists.columns | {"offset": offset, "now": now or clock.now(), "zero": quarters.ZERO}
    statement = statements.series(max(len(lists.numbers), 1))
    most = max(totals, default=0)

    def is_full(rows: Sequence[Row]) -> bool:
        """Spaces that take every period: nothing farther comes before them."""
        return len(rows) == limit and all(row[-1] == most for row in rows)

    def look(run: Run) -> Sequence[Row]:
        def ask(circle: Where) -> Rows:
            return run(statement, parameters(circle, filters, limit, None) | values)

        return widening(where, offset + limit, ask, is_full=is_full)

    rows = pinned(look)
    return [Takes(pk, km, need, free, totals[rhythm]) for pk, km, need, rhythm, free in rows]


def _lists(wanted: Mapping[Neighbourhood, Sequence[Period]]) -> tuple[_Lists, list[int]]:
    """The parameters of `statements.series`, and how many periods each rhythm has.

    Neighbourhoods of the same periods share a rhythm; rhythms of one time zone share periods.
    """
    known = dict.fromkeys((one.zone, tuple(periods)) for one, periods in wanted.items())
    rhythms = {key: number for number, key in enumerate(known)}
    lists = _Lists([(zone, period) for zone, periods in rhythms for period in periods])
    for (zone, rhythm_periods), rhythm in rhythms.items():
        for period in rhythm_periods:
            lists.add_period(rhythm, period, zone)
    for one, periods in wanted.items():
        lists.add(("key_zones", one.zone), ("key_departements", one.departement_code))
        lists.add(("key_owners", one.owner_id), ("key_rhythms", rhythms[one.zone, tuple(periods)]))
        if one.owner_id:
            lists.add(("owners", one.owner_id))
    return lists, [len(periods) for _, periods in rhythms]


class _Lists:
    """Columns of the arrays that a statement unnests; a period is a flag among all of them."""

    _NAMES = (
        *("key_zones", "key_departements", "key_owners", "key_rhythms", "owners"),
        *("rhythms", "members", "starts", "minutes", "local_days", "walls"),
        *("flags", "days", "masks"),
    )

    def __init__(self, periods: Iterable[tuple[str, Period]]) -> None:
        self.numbers = {one: number for number, one in enumerate(dict.fromkeys(periods))}
        self.columns: dict[str, Any] = {name: [] for name in self._NAMES}
        for zone, period in self.numbers:
            for day, mask in quarters.masks(period, ZoneInfo(zone)).items():
                self.add(("flags", self._flag(zone, period)), ("days", day))
                self.add(("masks", quarters.to_text(mask)))
        self.columns["years"] = sorted({day.year for day in self.columns["days"]})
        self.columns["none"] = "0" * max(len(self.numbers), 1)

    def add(self, *pairs: tuple[str, Any]) -> None:
        for name, value in pairs:
            self.columns[name].append(value)

    def add_period(self, rhythm: int, period: Period, zone: str) -> None:
        wall = period.start.astimezone(ZoneInfo(zone))
        self.add(("rhythms", rhythm), ("members", self._flag(zone, period)))
        self.add(("starts", period.start), ("minutes", period.minutes))
        self.add(("local_days", wall.date()), ("walls", wall.hour * 60 + wall.minute))

    def _flag(self, zone: str, period: Period) -> str:
        number, count = self.numbers[zone, period], len(self.numbers)
        return "0" * number + "1" + "0" * (count - number - 1)
