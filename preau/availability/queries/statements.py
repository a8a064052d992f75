"""The SQL of the searches. All of it reads indexes alone: `space_index_covering`, the key of
`SpaceDay` (its bits are in it), and one row a calendar and year of `OpeningYear`.

What keeps their plans as measured, whatever the statistics (docs/adr/0013):
- `CROSS JOIN LATERAL (… OFFSET 0)` probes an index once for each row on its left and cannot be
  turned into a scan of a day of the whole country;
- `AS MATERIALIZED` computes each part once, in this order;
- `PINNED` forbids to join by loops: taking each condition for a rare one, the planner expects a
  single space, and would compare every space of a town with every row taken there. Forbidding
  makes the cost look huge, for which it would compile (JIT): forbidden too.
"""
# ruff: noqa: S608  (parts of ours are put together; what is asked travels as parameters)

from __future__ import annotations

#: Before the statements that join, in their transaction; and after, for what follows in it.
PINNED = "SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)"
FREED = """SELECT set_config(name, reset_val, true) FROM pg_settings
WHERE name IN ('enable_nestloop', 'jit')"""

_KM = """2 * %(radius)s * asin(least(1, sqrt(
        power(sin(radians(i.latitude - %(lat)s) / 2), 2)
        + cos(radians(%(lat)s)) * cos(radians(i.latitude))
        * power(sin(radians(i.longitude - %(lon)s) / 2), 2))))"""

#: The spaces of a disc that have what is asked, whatever the time. The frame spares distances.
CANDIDATES = f"""
WITH tiles AS MATERIALIZED (
  SELECT * FROM unnest(%(first)s::int[], %(last)s::int[]) AS r(a, z)
),
cand AS MATERIALIZED (
  SELECT s.* FROM (
    SELECT i.*, {_KM} AS km,
      greatest(%(quantity)s, (%(people)s::bigint * i.lanes + i.capacity - 1) / i.capacity) AS need
    FROM tiles AS r
    CROSS JOIN LATERAL (
      SELECT space_id, owner_id, departement_code, latitude, longitude, zone, calendar_id, capacity,
        kind, place_kind, equipment, is_accessible, lanes, min_minutes, max_minutes, step_minutes,
        lead_minutes, horizon_days
      FROM availability_spaceindex WHERE tile BETWEEN r.a AND r.z OFFSET 0
    ) AS i
    WHERE i.latitude BETWEEN %(south)s AND %(north)s AND i.longitude BETWEEN %(west)s AND %(east)s
      AND i.capacity >= %(people)s AND i.lanes >= %(quantity)s
      AND (i.equipment & %(equipment)s) = %(equipment)s
      AND (i.is_accessible OR NOT %(accessible)s)
      AND (%(kinds)s::text[] = '{{}}' OR i.kind = ANY(%(kinds)s))
      AND (%(place_kinds)s::text[] = '{{}}' OR i.place_kind = ANY(%(place_kinds)s))
    OFFSET 0
  ) AS s
  WHERE s.km <= %(km)s
    AND (%(after_km)s::float8 IS NULL
         OR (s.km, s.space_id) > (%(after_km)s::float8, %(after_id)s::bigint))
)
"""

#: The hours of the calendars of the candidates: one row a calendar and year.
_YEARS = """
years AS MATERIALIZED (
  SELECT o.* FROM (SELECT DISTINCT calendar_id FROM cand) AS c
  CROSS JOIN LATERAL (
    SELECT calendar_id, year, patterns, days FROM availability_openingyear
    WHERE calendar_id = c.calendar_id AND year = ANY(%(years)s::int[]) OFFSET 0
  ) AS o
)
"""

#: After the days and quarters wanted, called `w`: who is taken then, in the cells of the disc.
_TAKEN_THEN = """CROSS JOIN tiles AS r
  CROSS JOIN LATERAL (
    SELECT space_id, lane, bits FROM availability_spaceday
    WHERE day = w.day AND tile BETWEEN r.a AND r.z AND (bits & w.mask) <> %(zero)s::bit(100)
    OFFSET 0
  ) AS b"""

#: With one row at least: the time zones that the disc turned out to hold.
_WITH_ZONES = """
SELECT z.zones, f.* FROM (SELECT array_agg(DISTINCT zone) AS zones FROM cand) AS z
LEFT JOIN ({page}) AS f ON true ORDER BY f.km, f.space_id
"""

ANY_TIME = CANDIDATES + "SELECT space_id, km, need FROM cand ORDER BY km, space_id LIMIT %(limit)s"

WINDOW = (
    CANDIDATES
    + f""",
need AS MATERIALIZED (
  SELECT *, extract(year FROM day)::int AS year, extract(doy FROM day)::int AS number
  FROM unnest(%(zones)s::text[], %(days)s::date[], %(masks)s::bit(100)[]) AS n(zone, day, mask)
  WHERE zone IN (SELECT zone FROM cand)
),
{_YEARS},
open AS MATERIALIZED (
  SELECT n.zone, y.calendar_id FROM years AS y JOIN need AS n USING (year)
  WHERE (y.patterns[y.days[n.number]] & n.mask) = n.mask
  GROUP BY n.zone, y.calendar_id
  HAVING count(*) = (SELECT count(*) FROM need AS all_days WHERE all_days.zone = n.zone)
),
hits AS MATERIALIZED (
  SELECT w.zone, b.space_id, b.lane
  FROM need AS w {_TAKEN_THEN}
),
busy AS MATERIALIZED (
  SELECT zone, space_id, count(DISTINCT lane) AS taken FROM hits GROUP BY zone, space_id
)
"""
    + _WITH_ZONES.format(
        page="""
  SELECT c.space_id, c.km, c.need
  FROM cand AS c
  JOIN open AS o ON o.calendar_id = c.calendar_id AND o.zone = c.zone
  LEFT JOIN busy AS b ON b.space_id = c.space_id AND b.zone = c.zone
  WHERE c.lanes - coalesce(b.taken, 0) >= c.need
    AND %(minutes)s BETWEEN c.min_minutes AND c.max_minutes
    AND %(start)s >= %(now)s + c.lead_minutes * interval '1 minute'
    AND (%(start)s AT TIME ZONE c.zone)::date
        <= (%(now)s AT TIME ZONE c.zone)::date + c.horizon_days
    AND mod((extract(epoch FROM (%(start)s AT TIME ZONE c.zone)) / 60)::bigint, c.step_minutes) = 0
  ORDER BY c.km, c.space_id
  LIMIT %(limit)s
"""
    )
)

_EVENINGS = (
    CANDIDATES
    + f""",
want AS MATERIALIZED (
  SELECT *, extract(year FROM day)::int AS year, extract(doy FROM day)::int AS number
  FROM unnest(%(zones)s::text[], %(steps)s::int[], %(days)s::date[], %(windows)s::bit(100)[],
              %(starts)s::bit(100)[], %(origins)s::timestamptz[])
    AS n(zone, step, day, inside, starts, origin)
),
{_YEARS},
hours AS MATERIALIZED (
  SELECT * FROM (
    SELECT c.calendar_id, c.zone, n.step, n.day, n.origin, n.starts,
      y.patterns[y.days[n.number]] & n.inside AS bits
    FROM (SELECT DISTINCT calendar_id, zone, step_minutes FROM cand) AS c
    JOIN years AS y USING (calendar_id)
    JOIN want AS n ON n.zone = c.zone AND n.step = c.step_minutes AND n.year = y.year
  ) AS h
  WHERE h.bits <> %(zero)s::bit(100)
),
taken AS MATERIALIZED (
  SELECT w.day, b.space_id, b.lane, b.bits
  FROM unnest(%(each_day)s::date[], %(day_masks)s::bit(100)[]) AS w(day, mask) {_TAKEN_THEN}
),
free AS (
  SELECT c.space_id, c.km, c.need, h.origin, h.starts, c.lead_minutes,
    h.bits & ~coalesce(b.bits, %(zero)s::bit(100)) AS f0
  FROM cand AS c
  JOIN hours AS h
    ON h.calendar_id = c.calendar_id AND h.zone = c.zone AND h.step = c.step_minutes
  CROSS JOIN LATERAL generate_series(0, c.lanes - 1) AS l(n)
  LEFT JOIN taken AS b ON b.space_id = c.space_id AND b.day = h.day AND b.lane = l.n
  WHERE %(minutes)s BETWEEN c.min_minutes AND c.max_minutes
    AND h.day <= (%(now)s AT TIME ZONE c.zone)::date + c.horizon_days
),
runs AS (SELECT *, {{runs}} AS f FROM free),
spots AS (
  SELECT space_id, km, need, origin + (position(B'1' IN f) - 1) * interval '15 minutes' AS start
  FROM (
    SELECT space_id, km, need, origin,
      f & (~%(zero)s::bit(100) >> least(100, greatest(0, ceil(
        extract(epoch FROM %(now)s + lead_minutes * interval '1 minute' - origin) / 900)))::int)
        AS f
    FROM runs WHERE need = 1 AND f <> %(zero)s::bit(100)
  ) AS late_enough
  WHERE f <> %(zero)s::bit(100)
UNION ALL
  SELECT space_id, km, need, origin + p * interval '15 minutes'
  FROM runs CROSS JOIN LATERAL generate_series(0, CASE WHEN need > 1 THEN 99 ELSE -1 END) AS p
  WHERE need > 1 AND f <> %(zero)s::bit(100) AND get_bit(f, p) = 1
    AND origin + p * interval '15 minutes' >= %(now)s + lead_minutes * interval '1 minute'
  GROUP BY space_id, km, need, origin, p
  HAVING count(*) >= need
)
"""
    + _WITH_ZONES.format(
        page="""
  SELECT space_id, km, need, min(start) AS start FROM spots GROUP BY space_id, km, need
  ORDER BY km, space_id LIMIT %(limit)s
"""
    )
)


def evenings(quarters: int) -> str:
    """Any free stretch of that many quarter-hours.

    In `spots`, the first start of each day is read by the position of its bit, starts too soon
    being shifted out; where several stations are needed at once, each start is counted on every
    lane.
    """
    return _EVENINGS.replace("{runs}", _runs(quarters))


def _runs(length: int) -> str:
    """The SQL of `bits.runs`: the first bit is the leftmost, so a later quarter shifts left."""
    expression, done = "f0", 1
    while done < length:
        shift = min(done, length - done)
        expression = f"({expression} & ({expression} << {shift}))"
        done += shift
    return f"({expression} & starts)"


#: What decides on which days a rhythm is skipped, round about: one row a kind of neighbourhood.
NEIGHBOURHOODS = """
SELECT n.zone, d.school_zone, n.departement_code, n.owner_id
FROM (
  SELECT DISTINCT i.zone, i.departement_code,
    CASE WHEN i.owner_id = ANY(%(owners)s::bigint[]) THEN i.owner_id ELSE 0 END AS owner_id
  FROM unnest(%(first)s::int[], %(last)s::int[]) AS r(a, z)
  CROSS JOIN LATERAL (
    SELECT zone, departement_code, owner_id FROM availability_spaceindex
    WHERE tile BETWEEN r.a AND r.z OFFSET 0
  ) AS i
) AS n
JOIN territories_departement AS d ON d.code = n.departement_code
"""

_RULES = "rhythm, min_minutes, max_minutes, step_minutes, lead_minutes, horizon_days"

_SERIES = (
    CANDIDATES
    + f""",
keyed AS MATERIALIZED (
  SELECT c.*, k.rhythm FROM cand AS c
  JOIN unnest(%(key_zones)s::text[], %(key_departements)s::text[], %(key_owners)s::bigint[],
              %(key_rhythms)s::int[]) AS k(zone, departement_code, owner_id, rhythm)
    ON k.zone = c.zone AND k.departement_code = c.departement_code
    AND k.owner_id = CASE WHEN c.owner_id = ANY(%(owners)s::bigint[]) THEN c.owner_id ELSE 0 END
),
want AS MATERIALIZED (
  SELECT *, extract(year FROM day)::int AS year, extract(doy FROM day)::int AS number
  FROM unnest(%(flags)s::bits[], %(days)s::date[], %(masks)s::bit(100)[]) AS w(flag, day, mask)
),
{_YEARS},
closed AS MATERIALIZED (
  SELECT c.calendar_id, bit_or(w.flag) AS flags
  FROM (SELECT DISTINCT calendar_id FROM keyed) AS c
  CROSS JOIN want AS w
  LEFT JOIN years AS y ON y.calendar_id = c.calendar_id AND y.year = w.year
  WHERE (y.patterns[y.days[w.number]] & w.mask) IS DISTINCT FROM w.mask
  GROUP BY c.calendar_id
),
allowed AS MATERIALIZED (
  SELECT {_RULES}, bit_or(p.flag) AS flags
  FROM (SELECT DISTINCT zone, {_RULES} FROM keyed) AS c
  JOIN unnest(%(rhythms)s::int[], %(members)s::bits[], %(starts)s::timestamptz[],
              %(minutes)s::int[], %(local_days)s::date[], %(walls)s::int[])
    AS p(rhythm, flag, start, minutes, local_day, wall) USING (rhythm)
  WHERE p.minutes BETWEEN c.min_minutes AND c.max_minutes
    AND p.start >= %(now)s + c.lead_minutes * interval '1 minute'
    AND p.local_day <= (%(now)s AT TIME ZONE c.zone)::date + c.horizon_days
    AND p.wall %% c.step_minutes = 0
  GROUP BY {_RULES}
),
hits AS MATERIALIZED (
  SELECT w.flag, b.space_id, b.lane
  FROM want AS w {_TAKEN_THEN}
),
taken AS MATERIALIZED (
  SELECT h.space_id, bit_or(h.flag) AS flags FROM hits AS h JOIN keyed AS c USING (space_id)
  WHERE c.lanes = 1 GROUP BY h.space_id
UNION ALL
  SELECT space_id, bit_or(flag) FROM (
    SELECT h.space_id, h.flag FROM hits AS h JOIN keyed AS c USING (space_id)
    WHERE c.lanes > 1
    GROUP BY h.space_id, h.flag, c.lanes, c.need HAVING c.lanes - count(DISTINCT h.lane) < c.need
  ) AS full_then GROUP BY space_id
)
SELECT space_id, km, need, rhythm, free FROM (
  SELECT c.space_id, c.km, c.need, c.rhythm, bit_count(
    a.flags & ~coalesce(o.flags, %(none)s::bits) & ~coalesce(t.flags, %(none)s::bits)) AS free
  FROM keyed AS c
  JOIN allowed AS a USING ({_RULES})
  LEFT JOIN closed AS o USING (calendar_id)
  LEFT JOIN taken AS t USING (space_id)
) AS counted
WHERE free > 0
ORDER BY free DESC, km, space_id
LIMIT %(limit)s OFFSET %(offset)s
"""
)


def series(periods: int) -> str:
    """How many of that many periods each space takes.

    A set of periods is a row of bits, one each (`flags`): those that the space's rules allow, less
    those when its hours are closed, less those when it is taken.
    """
    return _SERIES.replace("::bits", f"::bit({periods})")
