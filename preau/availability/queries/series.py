"""Many periods at once, in a constant number of queries: verdicts on them for some spaces, and
which spaces near a point take most of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from preau.availability import bits as quarters
from preau.availability.index import tile_of
from preau.availability.models import SpaceCalendar, SpaceDay
from preau.availability.opening_index import open_days
from preau.availability.queries.search import CANDIDATES, Filters, Where, parameters, run
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
        read = sorted(set(days))
        self._calendars = dict(
            SpaceCalendar.objects.filter(space__in=spaces).values_list("space_id", "calendar_id")
        )
        self._opened: dict[int, dict[date, int]] = {}
        if read:
            self._opened = open_days(self._calendars.values(), read[0], read[-1])
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


_PLACED = (
    CANDIDATES
    + """,
placed AS MATERIALIZED (
  SELECT c.*, m.school_zone, CASE WHEN EXISTS (
      SELECT FROM availability_localschoolholiday AS h WHERE h.organization_id = p.owner_id
    ) THEN p.owner_id ELSE 0 END AS owner_id
  FROM cand AS c
  JOIN places_place AS p ON p.id = c.place_id
  JOIN territories_commune AS m ON m.code = p.commune_id
)
"""
)
_NEIGHBOURHOODS = (
    _PLACED + "SELECT DISTINCT zone, school_zone, departement_code, owner_id FROM placed"
)
_BEST = (
    _PLACED
    + """,
keyed AS MATERIALIZED (
  SELECT c.*, k.rhythm, %(now)s + c.lead_minutes * interval '1 minute' AS earliest,
    (%(now)s AT TIME ZONE c.zone)::date + c.horizon_days AS latest
  FROM placed AS c
  JOIN unnest(%(key_zones)s::text[], %(key_schools)s::text[], %(key_departements)s::text[],
              %(key_owners)s::bigint[], %(key_rhythms)s::int[])
    AS k(zone, school_zone, departement_code, owner_id, rhythm)
    USING (zone, school_zone, departement_code, owner_id)
),
want AS MATERIALIZED (
  SELECT *, extract(year FROM day)::int AS year, extract(doy FROM day)::int AS number
  FROM unnest(%(rhythms)s::int[], %(numbers)s::int[], %(days)s::date[],
                       %(masks)s::bit(100)[], %(starts)s::timestamptz[], %(minutes)s::int[],
                       %(local_days)s::date[], %(walls)s::int[])
    AS w(rhythm, n, day, mask, start, minutes, local_day, wall)
),
open AS MATERIALIZED (
  SELECT c.calendar_id, c.rhythm, w.n, w.start, w.minutes, w.local_day, w.wall
  FROM (SELECT DISTINCT calendar_id, rhythm FROM keyed) AS c
  JOIN want AS w ON w.rhythm = c.rhythm
  LEFT JOIN availability_openingyear AS o ON o.calendar_id = c.calendar_id AND o.year = w.year
  GROUP BY c.calendar_id, c.rhythm, w.n, w.start, w.minutes, w.local_day, w.wall
  HAVING bool_and(coalesce((o.patterns[o.days[w.number]] & w.mask) = w.mask, false))
),
hits AS MATERIALIZED (
  SELECT w.rhythm, w.n, b.space_id, b.lane
  FROM unnest(%(first)s::int[], %(last)s::int[]) AS r(a, z)
  CROSS JOIN want AS w
  CROSS JOIN LATERAL (
    SELECT space_id, lane FROM availability_spaceday
    WHERE day = w.day AND tile BETWEEN r.a AND r.z AND (bits & w.mask) <> %(zero)s::bit(100)
    OFFSET 0
  ) AS b
),
busy AS MATERIALIZED (
  SELECT h.space_id, h.n, count(DISTINCT h.lane) AS taken
  FROM hits AS h JOIN keyed AS c ON c.space_id = h.space_id AND c.rhythm = h.rhythm
  GROUP BY h.space_id, h.n
)
SELECT c.space_id, c.km, c.need, c.rhythm, count(*) AS free
FROM keyed AS c
JOIN open AS o ON o.calendar_id = c.calendar_id AND o.rhythm = c.rhythm
LEFT JOIN busy AS b ON b.space_id = c.space_id AND b.n = o.n
WHERE c.lanes - coalesce(b.taken, 0) >= c.need
  AND o.minutes BETWEEN c.min_minutes AND c.max_minutes
  AND o.start >= c.earliest AND o.local_day <= c.latest AND o.wall %% c.step_minutes = 0
GROUP BY c.space_id, c.km, c.need, c.rhythm
ORDER BY free DESC, c.km, c.space_id
LIMIT %(limit)s OFFSET %(offset)s
"""
)


_SWITCH = (
    "SELECT set_config('enable_nestloop', %(nestloop)s, true), set_config('jit', %(jit)s, true)"
)


def neighbourhoods(where: Where, filters: Filters) -> list[Neighbourhood]:
    """Those of the spaces of that description near a point: few, whatever the spaces."""
    rows = run(_NEIGHBOURHOODS, parameters(where, filters, 0, None))
    return [Neighbourhood(*row) for row in rows]


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
    totals: list[int] = []
    columns = _columns(wanted, totals)
    values = parameters(where, filters, limit, None) | columns
    values |= {"offset": offset, "now": now or clock.now(), "zero": quarters.ZERO, "limit": limit}
    with transaction.atomic():
        # The sizes of the materialised parts are not known to the planner: loops in loops would
        # take minutes at thousands of spaces where hashes take a fraction of a second. Forbidding
        # them makes the cost look huge, for which compiling would take five seconds.
        run(_SWITCH, {"nestloop": "off", "jit": "off"})
        rows = run(_BEST, values)
        run(_SWITCH, {"nestloop": "on", "jit": "on"})
    return [Takes(pk, km, need, free, totals[rhythm]) for pk, km, need, rhythm, free in rows]


def _columns(
    wanted: Mapping[Neighbourhood, Sequence[Period]], totals: list[int]
) -> dict[str, list[Any]]:
    """Each neighbourhood with its rhythm; each distinct rhythm once, quarter by quarter."""
    names = ("rhythms", "numbers", "days", "masks", "starts", "minutes", "local_days", "walls")
    keys = ("key_zones", "key_schools", "key_departements", "key_owners", "key_rhythms")
    columns: dict[str, list[Any]] = {name: [] for name in (*names, *keys)}
    known: dict[tuple[str, tuple[Period, ...]], int] = {}
    for one, periods in wanted.items():
        rhythm = known.get((one.zone, tuple(periods)))
        if rhythm is None:
            rhythm = known[one.zone, tuple(periods)] = len(totals)
            totals.append(len(periods))
            _add_periods(columns, names, rhythm, periods, ZoneInfo(one.zone))
        row = (one.zone, one.school_zone, one.departement_code, one.owner_id, rhythm)
        for name, value in zip(keys, row, strict=True):
            columns[name].append(value)
    return columns


def _add_periods(
    columns: dict[str, list[Any]],
    names: Sequence[str],
    rhythm: int,
    periods: Sequence[Period],
    zone: ZoneInfo,
) -> None:
    for number, period in enumerate(periods):
        wall = period.start.astimezone(zone)
        for day, mask in quarters.masks(period, zone).items():
            facts = (period.start, period.minutes, wall.date(), wall.hour * 60 + wall.minute)
            row = (rhythm, number, day, quarters.to_text(mask), *facts)
            for name, value in zip(names, row, strict=True):
                columns[name].append(value)
