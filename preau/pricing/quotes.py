"""What a booking would cost now: the tariff that holds, what was used of quotas, the lines."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from preau.core.timeranges import Period, local_days
from preau.places.models import Space
from preau.pricing.engine import Computed, Demand, Facts, FreeUse, Line, add_options, compute
from preau.pricing.enums import LineKind
from preau.pricing.grids import OptionRule
from preau.pricing.loading import Loaded, load, load_for, options_wanted, terms_at, used_before
from preau.pricing.models import Tariff
from preau.pricing.payers import Payer, payer_for, payer_of
from preau.pricing.wanted import Wanted

__all__ = [
    "Asked",
    "Line",
    "Payer",
    "Quote",
    "Wanted",
    "payer_for",
    "payer_of",
    "quote",
    "quotes_each",
    "quotes_for",
]

FREE_LINE = Line(
    LineKind.RENTAL, "Gratuit", 1, 0, 0, "Cet espace est mis à disposition sans frais."
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A price for somebody: its lines add up to the total, and to its dates' parts.

    Attributes:
        on_request: the owner sets the price after the request; lines and total are then empty.
        per_period: the part of each date, in the order asked.
        free: what it counts on of the quotas.
    """

    lines: tuple[Line, ...] = ()
    total_cents: int = 0
    deposit_cents: int = 0
    on_request: bool = False
    per_period: list[int] = field(default_factory=list)
    tariff: Tariff | None = None
    is_local: bool = False
    free: tuple[FreeUse, ...] = ()
    options: tuple[tuple[OptionRule, int], ...] = ()
    terms: dict[str, Any] = field(default_factory=dict)

    @property
    def is_free(self) -> bool:
        return not self.on_request and self.total_cents == 0


def quote(
    space: Space,
    periods: Sequence[Period],
    payer: Payer,
    *,
    options: Sequence[Wanted] = (),
    quantity: int = 1,
    attendance: int | None = None,
    set_aside: Iterable[int] = (),
    loaded: Loaded | None = None,
) -> Quote:
    """What these dates in this space cost this payer.

    Args:
        options: what is added, and how many.
        quantity: how many of a pool.
        set_aside: occupancies whose own use of the quotas does not count (an amendment's).
        loaded: the tariff of the space, for who has read it already.

    Raises:
        Refusal: an option that this space does not offer.
    """
    loaded = loaded or load([space])
    rules = options_wanted(space, loaded.tariff_of(space), options, payer)
    asked = Asked(space, tuple(periods), quantity, rules, attendance)
    return _quotes(loaded, [asked], payer, set_aside)[0]


def quotes_for(
    spaces: Iterable[Space], period: Period, payer: Payer, *, quantity: int = 1
) -> dict[int, Quote]:
    """Space → its price for one date. See `quotes_each`."""
    wanted = list(spaces)
    found = quotes_each([Asked(space, (period,), quantity) for space in wanted], payer)
    return {space.pk: one for space, one in zip(wanted, found, strict=True)}


@dataclass(frozen=True, slots=True)
class Asked:
    """One price among many: a space (it comes with its place), when, how many of a pool."""

    space: Space
    periods: tuple[Period, ...]
    quantity: int = 1
    options: Sequence[tuple[OptionRule, int]] = ()
    attendance: int | None = None


def quotes_each(asked: Sequence[Asked], payer: Payer, known: Loaded | None = None) -> list[Quote]:
    """A price for each, in a number of queries that does not depend on how many there are.

    For lists: the price alone, without the deposit nor the terms that are frozen with it. Each
    space comes with its place and its commune.

    Args:
        known: the tariffs of these spaces, when they were read already.
    """
    return _quotes(known or load_for([one.space for one in asked], payer), asked, payer)


def _quotes(
    loaded: Loaded, asked: Sequence[Asked], payer: Payer, set_aside: Iterable[int] = ()
) -> list[Quote]:
    used = used_before(loaded, payer, set_aside)
    days = [day for one in asked for when in one.periods for day in local_days(when, zone_of(one))]
    spaces = [one.space for one in asked]
    terms = terms_at(loaded, spaces, min(days), max(days)) if days else {}
    found: list[Quote] = []
    made: dict[Hashable, Quote] = {}
    for one in asked:
        demand = Demand(
            periods=one.periods,
            zone=zone_of(one),
            who=payer.who_at(one.space.place.commune_id),
            quantity=one.quantity,
            options=tuple(one.options),
            attendance=one.attendance,
        )
        holidays, tariff = terms.get(one.space.pk, []), loaded.tariff_of(one.space)
        # Neighbours share a tariff: the same demand has the same price.
        same = (tariff, None if tariff else one.space.price_from_cents, demand, tuple(holidays))
        if same not in made:
            facts = Facts(used=used, is_term=_term(holidays), has_quotas=payer.has_quotas)
            made[same] = _quote(one.space, loaded, demand, facts)
        found.append(made[same])
    return found


def zone_of(asked: Asked) -> ZoneInfo:
    return asked.space.place.zone


def _term(holidays: Sequence[tuple[date, date]]) -> Any:
    def is_term(day: date) -> bool:
        return not any(first <= day <= last for first, last in holidays)

    return is_term


def _quote(space: Space, loaded: Loaded, demand: Demand, facts: Facts) -> Quote:
    tariff = loaded.tariff_of(space)
    local = demand.who.is_local
    if tariff is None:
        return _without_tariff(space, demand)
    computed: Computed = compute(loaded.grid_of(tariff), demand, facts)
    common: dict[str, Any] = {
        "per_period": computed.per_period,
        "tariff": tariff,
        "is_local": local,
        "options": tuple(demand.options),
    }
    if loaded.is_whole:
        common["deposit_cents"] = loaded.deposit_for(tariff, demand.who)
        common["terms"] = loaded.terms_of(tariff)
    if not computed.is_priced:
        return Quote(on_request=True, **common)
    return Quote(
        lines=tuple(computed.lines),
        total_cents=computed.total_cents,
        free=tuple(computed.free),
        **common,
    )


def _without_tariff(space: Space, demand: Demand) -> Quote:
    """Free of charge when the owner said so; otherwise the price is theirs to say."""
    nothing = [0] * len(demand.periods)
    local = demand.who.is_local
    chosen = tuple(demand.options)
    if space.price_from_cents != 0:
        return Quote(on_request=True, per_period=nothing, is_local=local, options=chosen)
    free = Computed(lines=[FREE_LINE], per_period=nothing)
    add_options(free, demand)
    return Quote(
        lines=tuple(free.lines),
        total_cents=free.total_cents,
        per_period=free.per_period,
        is_local=local,
        options=chosen,
    )
