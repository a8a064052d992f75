"""What is true of any price: against a brute-force oracle, and by itself."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import inf
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from preau.core.timeranges import QUARTER, Period
from preau.pricing.engine import Demand, Facts, compute
from preau.pricing.enums import OptionUnit, QuotaKind, QuotaPer, RateUnit
from preau.pricing.grids import Cell, Grid, OptionRule, QuotaRule, SeasonDays, Who
from preau.pricing.tiles import DayHours, Priced, cover

PARIS = ZoneInfo("Europe/Paris")
#: Friday before the March change-over, an ordinary Wednesday, the October one, the new year.
STARTS = [(2027, 3, 26), (2027, 3, 10), (2027, 10, 30), (2026, 12, 31)]
SEASONS = [None, None, SeasonDays("mars", 301, 327), SeasonDays("hiver", 1115, 228)]


def cells():
    return st.builds(
        Cell,
        unit=st.sampled_from(RateUnit),
        cents=st.integers(0, 30_000),
        audience=st.sampled_from(["", "", "association", "entreprise"]),
        residence=st.sampled_from(["", "", "commune", "exterieur"]),
        season=st.sampled_from(SEASONS),
    )


def quotas():
    return st.builds(
        QuotaRule,
        pk=st.integers(1, 9),
        kind=st.sampled_from(QuotaKind),
        limit=st.integers(1, 240),
        per=st.sampled_from(QuotaPer),
        term_only=st.booleans(),
        audience=st.sampled_from(["", "association"]),
    )


def grids():
    return st.builds(
        Grid,
        name=st.just("Essai"),
        cells=st.lists(cells(), min_size=1, max_size=9).map(tuple),
        minimum_cents=st.sampled_from([0, 0, 1500]),
        quotas=st.lists(quotas(), max_size=3, unique_by=lambda one: one.pk).map(tuple),
    )


def starts():
    return st.builds(
        lambda day, quarter: datetime(*day, tzinfo=PARIS).astimezone(UTC) + quarter * QUARTER,
        st.sampled_from(STARTS),
        st.integers(0, 95),
    )


WHO = st.builds(Who, st.sampled_from(["association", "entreprise"]), st.booleans())


def priced(grid, who, periods, quantity=1, **more):
    demand = Demand(periods, PARIS, who, quantity, **more)
    return compute(grid, demand, Facts(is_term=lambda day: day.weekday() < 5))


@settings(max_examples=400, deadline=None)
@given(grids(), WHO, starts(), st.integers(1, 200), st.integers(1, 60))
def test_longer_never_costs_less(grid, who, start, quarters, more):
    short = priced(grid, who, [Period(start, start + quarters * QUARTER)])
    long = priced(grid, who, [Period(start, start + (quarters + more) * QUARTER)])
    assert short.is_priced or not long.is_priced
    if long.is_priced:
        assert 0 <= short.total_cents <= long.total_cents


@settings(max_examples=300, deadline=None)
@given(
    grids(),
    WHO,
    st.lists(st.tuples(starts(), st.integers(1, 120)), min_size=1, max_size=6),
    st.integers(1, 5),
    st.lists(st.tuples(st.sampled_from(OptionUnit), st.integers(0, 9000)), max_size=3),
)
def test_lines_and_dates_add_up(grid, who, dates, quantity, options):
    periods = [Period(start, start + size * QUARTER) for start, size in dates]
    rules = [
        (OptionRule(n, f"Option {n}", unit, cents), 2) for n, (unit, cents) in enumerate(options)
    ]
    found = priced(grid, who, periods, quantity, options=rules, attendance=30)
    assume(found.is_priced)
    assert found.total_cents == sum(found.per_period) == sum(x.amount_cents for x in found.lines)
    assert all(part >= 0 for part in found.per_period)
    assert all(line.amount_cents == line.quantity * line.unit_cents for line in found.lines)
    spent = {}
    for use in found.free:
        key = (use.quota.pk, use.window)
        spent[key] = spent.get(key, 0) + use.amount
        assert spent[key] <= use.quota.limit


# --- The oracle: every set of tiles, quarter by quarter, told from the wall clock alone


def instants(start, size):
    return [start + n * QUARTER for n in range(size)]


def masks(start, size, hours, price_on):
    """(quarters covered as bits, cost) of every tile, found by looking at each quarter."""
    quarters = instants(start, size)
    walls = [one.astimezone(PARIS) for one in quarters]
    first = walls[0].date()
    full = (1 << size) - 1
    for n in range(size):
        price = price_on(RateUnit.HOUR, walls[n].date())
        if price:
            yield (0b1111 << n) & full, price.cents
    flat = price_on(RateUnit.FLAT, first)
    if flat:
        yield full, flat.cents
    for back in range(-4, 3):
        day = first + timedelta(days=back)
        spans = [
            (RateUnit.DAY, 0, max(hours.night, 1440)),
            (RateUnit.HALF_DAY, hours.morning, hours.afternoon),
            (RateUnit.HALF_DAY, hours.afternoon, hours.evening),
            (RateUnit.EVENING, hours.evening, hours.night),
        ]
        if day.weekday() == 4:
            spans.append((RateUnit.WEEKEND, hours.evening, 4320))
        for unit, low, high in spans:
            price = price_on(unit, day)
            mask = sum(
                1 << n
                for n, wall in enumerate(walls)
                if low <= (wall.date() - day).days * 1440 + wall.hour * 60 + wall.minute < high
            )
            if price and mask:
                yield mask, price.cents


def brute_force(start, size, hours, price_on):
    tiles = list(masks(start, size, hours, price_on))
    full = (1 << size) - 1

    @cache
    def least(covered):
        if covered == full:
            return 0
        return min(
            (cents + least(covered | mask) for mask, cents in tiles if mask & ~covered),
            default=inf,
        )

    found = least(0)
    return None if found == inf else found


def hours_of_day():
    times = st.lists(st.integers(1, 95), min_size=3, max_size=3, unique=True)
    return st.builds(
        lambda three, night: DayHours(
            *(15 * one for one in sorted(three)), max(15 * max(three) + 15, night * 15)
        ),
        times,
        st.integers(60, 112),
    )


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from([(2027, 3, 12), (2027, 3, 14), (2027, 3, 10)]),
    st.integers(0, 95),
    st.integers(1, 9),
    hours_of_day(),
    st.dictionaries(st.sampled_from(RateUnit), st.integers(0, 40), min_size=1),
    st.dictionaries(st.sampled_from(RateUnit), st.integers(0, 40)),
)
def test_the_price_is_that_of_the_best_of_all_covers(day, quarter, size, hours, even, odd):
    start = (datetime(*day, tzinfo=PARIS) + quarter * QUARTER).astimezone(UTC)

    def price_on(unit, on: date):
        cents = (odd if on.day % 2 else even).get(unit, even.get(unit))
        return None if cents is None else Priced(cents)

    found = cover(Period(start, start + size * QUARTER), PARIS, hours, price_on)
    total = None if found is None else sum(tile.price.cents for tile in found)
    assert total == brute_force(start, size, hours, price_on)
