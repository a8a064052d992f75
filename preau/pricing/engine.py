"""What a booking costs, line by line, each explained. Pure: no database, no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from preau.core.timeranges import Period, local_days
from preau.pricing import wording
from preau.pricing.enums import LineKind, OptionUnit, QuotaKind, RateUnit
from preau.pricing.grids import Grid, OptionRule, QuotaRule, Who, window_of
from preau.pricing.tiles import DayHours, PriceOn, Tile, cover, days_used


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a price: `amount_cents` is `quantity × unit_cents`; free hours are negative."""

    kind: LineKind
    label: str
    quantity: int
    unit_cents: int
    amount_cents: int
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class FreeUse:
    """Some of a quota that the price counts on, for one of the dates."""

    quota: QuotaRule
    window: date
    index: int
    amount: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked: when, how many of a pool, with which options, for how many people."""

    periods: Sequence[Period]
    zone: ZoneInfo
    who: Who
    quantity: int = 1
    options: Sequence[tuple[OptionRule, int]] = ()
    attendance: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the past and the calendar say: quotas already used, days of school term."""

    used: Mapping[tuple[int, date], int] = field(default_factory=dict)
    is_term: Callable[[date], bool] = lambda day: True
    has_quotas: bool = True


@dataclass(slots=True)
class Computed:
    """The result. `is_priced` is False when the grid says nothing of some quarter-hour."""

    lines: list[Line] = field(default_factory=list)
    per_period: list[int] = field(default_factory=list)
    free: list[FreeUse] = field(default_factory=list)
    is_priced: bool = True

    @property
    def total_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)


def compute(grid: Grid, demand: Demand, facts: Facts | None = None) -> Computed:
    """The price of all the dates together."""
    facts = facts or Facts()
    price_on = grid.price_on(demand.who)
    covers = [cover(one, demand.zone, grid.hours, price_on) for one in demand.periods]
    laid = [tiles for tiles in covers if tiles is not None]
    if len(laid) < len(covers):
        return Computed(is_priced=False, per_period=[0] * len(covers))
    result = Computed()
    result.per_period = [demand.quantity * _cost(tiles) for tiles in laid]
    result.lines += _rental_lines(grid, demand, laid)
    if facts.has_quotas:
        _take_free(result, grid, demand, facts, price_on)
    _raise_to_minimum(result, grid)
    add_options(result, demand, grid.hours)
    return result


def _cost(tiles: Sequence[Tile]) -> int:
    return sum(tile.price.cents for tile in tiles)


def _rental_lines(grid: Grid, demand: Demand, laid: Sequence[Sequence[Tile]]) -> list[Line]:
    counts: Counter[tuple[RateUnit, int, str]] = Counter()
    for tiles in laid:
        counts.update((tile.unit, tile.price.cents, tile.price.season) for tile in tiles)
    begun = any(period.minutes % 60 for period in demand.periods)
    order = list(RateUnit)
    return [
        Line(
            kind=LineKind.RENTAL,
            label=wording.rental(unit, number),
            quantity=number * demand.quantity,
            unit_cents=cents,
            amount_cents=number * demand.quantity * cents,
            explanation=wording.rental_explanation(
                grid.name,
                demand.who,
                season,
                dates=len(demand.periods),
                stations=demand.quantity,
                begun=begun and unit == RateUnit.HOUR,
            ),
        )
        for (unit, cents, season), number in sorted(
            counts.items(), key=lambda item: (-order.index(item[0][0]), item[0][2], item[0][1])
        )
    ]


# --- Free quotas


def _take_free(
    result: Computed, grid: Grid, demand: Demand, facts: Facts, price_on: PriceOn
) -> None:
    quotas = grid.quotas_for(demand.who)
    left: dict[tuple[int, date], int] = {}
    gains: dict[int, int] = {}

    def price(part: Period) -> int | None:
        tiles = cover(part, demand.zone, grid.hours, price_on)
        return None if tiles is None else demand.quantity * _cost(tiles)

    for index, period in enumerate(demand.periods):
        day = local_days(period, demand.zone)[0]
        best: tuple[int, QuotaRule, date, int] | None = None
        for quota in quotas:
            if quota.term_only and not facts.is_term(day):
                continue
            key = (quota.pk, window_of(quota.per, day))
            remaining = left.setdefault(key, quota.limit - facts.used.get(key, 0))
            amount = _usable(quota, remaining, period)
            gain = _gain(result.per_period[index], quota, amount, period, price)
            if gain > (best[0] if best else 0):
                best = (gain, quota, key[1], amount)
        if best is not None:
            gain, quota, window, amount = best
            left[quota.pk, window] -= amount
            result.per_period[index] -= gain
            result.free.append(FreeUse(quota, window, index, amount))
            gains[quota.pk] = gains.get(quota.pk, 0) + gain
    _say_free(result, quotas, gains, facts)


def _say_free(
    result: Computed, quotas: Sequence[QuotaRule], gains: Mapping[int, int], facts: Facts
) -> None:
    for quota in quotas:
        if quota.pk in gains:
            uses = [use for use in result.free if use.quota.pk == quota.pk]
            words = wording.free_explanation(
                quota, [(u.window, u.amount, facts.used.get((quota.pk, u.window), 0)) for u in uses]
            )
            result.lines.append(_one(LineKind.QUOTA, wording.free(quota), -gains[quota.pk], words))


def _usable(quota: QuotaRule, remaining: int, period: Period) -> int:
    """How much of what remains of a quota one date would use."""
    if quota.kind == QuotaKind.COUNT:
        return min(max(remaining, 0), 1)
    return min(max(remaining, 0) // 15 * 15, period.minutes)


def _gain(
    due: int, quota: QuotaRule, amount: int, period: Period, price: Callable[[Period], int | None]
) -> int:
    """What a quota takes off one date.

    When only the first hours are free, the rest is paid as if it stood alone.
    """
    if amount <= 0:
        return 0
    if quota.kind == QuotaKind.COUNT or amount == period.minutes:
        return due
    paid = Period(period.start + timedelta(minutes=amount), period.end)
    rest = price(paid)
    return max(due - rest, 0) if rest is not None else 0


# --- Minimum and options


def _raise_to_minimum(result: Computed, grid: Grid) -> None:
    """A rental that costs something costs at least the minimum; what is free stays free."""
    rental = sum(result.per_period)
    missing = grid.minimum_cents - rental
    if rental <= 0 or missing <= 0:
        return
    first = next(index for index, due in enumerate(result.per_period) if due > 0)
    result.per_period[first] += missing
    words = wording.minimum_explanation(grid.minimum_cents)
    result.lines.append(_one(LineKind.MINIMUM, LineKind.MINIMUM.label, missing, words))


def add_options(result: Computed, demand: Demand, hours: DayHours | None = None) -> None:
    """Add the lines of the options, each counted for every date."""
    for rule, wanted in demand.options:
        _add_option(result, rule, wanted, hours or DayHours(), demand)


def _add_option(
    result: Computed, rule: OptionRule, wanted: int, hours: DayHours, demand: Demand
) -> None:
    total = 0
    for index, period in enumerate(demand.periods):
        number = wanted * _times(rule.unit, period, hours, demand)
        if rule.unit == OptionUnit.PERSON:
            number = demand.attendance or 1
        total += number
        result.per_period[index] += number * rule.cents
    result.lines.append(
        Line(
            kind=LineKind.OPTION,
            label=rule.name,
            quantity=total,
            unit_cents=rule.cents,
            amount_cents=total * rule.cents,
            explanation=wording.option_explanation(rule, wanted, len(demand.periods)),
        )
    )


def _times(unit: OptionUnit, period: Period, hours: DayHours, demand: Demand) -> int:
    if unit == OptionUnit.HOUR:
        return -(-period.minutes // 60)
    if unit == OptionUnit.DAY:
        return days_used(period, demand.zone, hours)
    return 1


def _one(kind: LineKind, label: str, cents: int, explanation: str) -> Line:
    return Line(kind, label, 1, cents, cents, explanation)
