"""From the tables to what the computation takes, in few queries whatever the number of spaces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum

from preau.core.errors import Refusal
from preau.places.models import Space
from preau.pricing.enums import OptionUnit, QuotaKind, QuotaPer, RateUnit
from preau.pricing.grids import Cell, Grid, OptionRule, QuotaRule, SeasonDays, Who, specificity
from preau.pricing.models import Option, Quota, QuotaUse, Rate, Tariff, TariffAssignment
from preau.pricing.payers import Payer
from preau.pricing.tiles import DayHours
from preau.pricing.wanted import Wanted
from preau.territories.models import SchoolHoliday


@dataclass(slots=True)
class Loaded:
    """The tariffs of some spaces, with all their parts.

    Attributes:
        is_whole: False when only what a price is computed from was read (`load_for`).
    """

    tariffs: dict[int, Tariff] = field(default_factory=dict)  # by space
    grids: dict[int, Grid] = field(default_factory=dict)  # by tariff
    is_whole: bool = True

    def tariff_of(self, space: Space) -> Tariff | None:
        return self.tariffs.get(space.pk)

    def grid_of(self, tariff: Tariff) -> Grid:
        if tariff.pk not in self.grids:
            self.grids[tariff.pk] = grid_of(tariff)
        return self.grids[tariff.pk]

    def deposit_for(self, tariff: Tariff, who: Who) -> int:
        mine = [one for one in tariff.deposits.all() if who.fits(one.audience, one.residence)]
        mine.sort(key=lambda one: -specificity(one.audience, one.residence))
        return mine[0].amount_cents if mine else 0

    def terms_of(self, tariff: Tariff) -> dict[str, Any]:
        """What is frozen with the price."""
        return {
            "tariff": tariff.name,
            "vat_note": tariff.vat_note,
            "vat_rate": tariff.vat_rate,
            "cancellation": [
                {"hours_before": tier.hours_before, "fee_percent": tier.fee_percent}
                for tier in tariff.cancellation_tiers.all()
            ],
        }

    @property
    def quotas(self) -> list[QuotaRule]:
        return [one for tariff in self.each for one in self.grid_of(tariff).quotas]

    @property
    def each(self) -> list[Tariff]:
        return list({tariff.pk: tariff for tariff in self.tariffs.values()}.values())


def load(spaces: Sequence[Space]) -> Loaded:
    """The tariff of each space: its own, else its place's."""
    found = _assignments(spaces).prefetch_related(
        Prefetch("tariff", Tariff.objects.prefetch_related(*PARTS)),
    )
    return Loaded(_by_space(found, spaces))


def load_for(spaces: Sequence[Space], payer: Payer) -> Loaded:
    """The same for the price alone: the rates and quotas that may speak to this payer.

    For lists: no deposit, no cancellation tier, and two statements for who has no quotas.
    """
    rates = Rate.objects.filter(_may_speak_to(payer)).select_related("season").only(*_OF_A_RATE)
    parts: list[Any] = [Prefetch("tariff__rates", rates)]
    if payer.has_quotas:
        quotas = Quota.objects.filter(_may_speak_to(payer), is_archived=False)
        parts.append(Prefetch("tariff__quotas", quotas))
    found = _assignments(spaces).select_related("tariff").only("place", "space", *_OF_A_TARIFF)
    tariffs = _by_space(found.prefetch_related(*parts), spaces)
    loaded = Loaded(tariffs, is_whole=False)
    for tariff in loaded.each:
        loaded.grids[tariff.pk] = grid_of(tariff, with_quotas=payer.has_quotas)
    return loaded


def _assignments(spaces: Sequence[Space]) -> QuerySet[TariffAssignment]:
    return TariffAssignment.objects.filter(
        Q(space__in=[space.pk for space in spaces])
        | Q(place__in={space.place_id for space in spaces})
    )


def _by_space(found: Iterable[TariffAssignment], spaces: Sequence[Space]) -> dict[int, Tariff]:
    by_space, by_place = {}, {}
    for one in found:
        if one.space_id:
            by_space[one.space_id] = one.tariff
        elif one.place_id:
            by_place[one.place_id] = one.tariff
    tariffs = {one.pk: by_space.get(one.pk) or by_place.get(one.place_id) for one in spaces}
    return {pk: tariff for pk, tariff in tariffs.items() if tariff is not None}


def _may_speak_to(payer: Payer) -> Q:
    """Rates and quotas of this category of payers, from wherever the payer may be."""
    fits = Q(audience__in=("", payer.category))
    residences = {payer.who_at(code).residence for code in ("", payer.commune_code)}
    return fits & Q(residence__in=("", *residences))


PARTS: tuple[Any, ...] = (
    Prefetch("rates", Rate.objects.select_related("season")),
    Prefetch("quotas", Quota.objects.filter(is_archived=False)),
    "deposits",
    "cancellation_tiers",
)
_OF_A_RATE = (
    *("tariff", "audience", "residence", "unit", "amount_cents"),
    *("season__name", "season__first_day", "season__last_day"),
)
_OF_A_TARIFF = tuple(
    f"tariff__{name}"
    for name in (
        *("name", "minimum_cents"),
        *("morning_start", "afternoon_start", "evening_start", "evening_end"),
    )
)


def grid_of(tariff: Tariff, *, with_quotas: bool = True) -> Grid:
    """The tariff as the computation sees it."""
    return Grid(
        name=tariff.name,
        minimum_cents=tariff.minimum_cents,
        hours=DayHours(
            morning=tariff.morning_start,
            afternoon=tariff.afternoon_start,
            evening=tariff.evening_start,
            night=tariff.evening_end,
        ),
        cells=tuple(
            Cell(
                unit=RateUnit(rate.unit),
                cents=rate.amount_cents,
                audience=rate.audience,
                residence=rate.residence,
                season=SeasonDays(rate.season.name, rate.season.first_day, rate.season.last_day)
                if rate.season
                else None,
            )
            for rate in tariff.rates.all()
        ),
        quotas=tuple(
            QuotaRule(
                pk=quota.pk,
                kind=QuotaKind(quota.kind),
                limit=quota.limit,
                per=QuotaPer(quota.per),
                term_only=quota.term_only,
                audience=quota.audience,
                residence=quota.residence,
            )
            for quota in (tariff.quotas.all() if with_quotas else ())
        ),
    )


def used_before(
    loaded: Loaded, payer: Payer, set_aside: Iterable[int] = ()
) -> Mapping[tuple[int, date], int]:
    """(quota, stretch) → what this payer has used of it, released occupancies apart."""
    quotas = [one.pk for one in loaded.quotas]
    if not quotas or not payer.is_known:
        return {}
    rows = (
        QuotaUse.objects.filter(
            quota__in=quotas,
            released_at=None,
            occupancy__released_at=None,
            **payer.holder,
        )
        .exclude(occupancy__in=list(set_aside))
        .values_list("quota", "window")
        .annotate(used=Sum("amount"))
    )
    return {(quota, window): used for quota, window, used in rows}


def terms_at(
    loaded: Loaded, spaces: Sequence[Space], first: date, last: date
) -> dict[int, list[tuple[date, date]]]:
    """Space → school holidays that touch the days, asked only where a quota speaks of terms."""
    if not any(quota.term_only for quota in loaded.quotas):
        return {}
    zones = {space.pk: space.place.commune.school_zone for space in spaces}
    holidays: dict[str, list[tuple[date, date]]] = {}
    for zone, start, end in SchoolHoliday.objects.filter(
        zone__in=set(zones.values()), first_day__lte=last, last_day__gte=first
    ).values_list("zone", "first_day", "last_day"):
        holidays.setdefault(zone, []).append((start, end))
    return {space.pk: holidays.get(zones[space.pk], []) for space in spaces}


# --- Options


def options_of(space: Space, tariff: Tariff | None) -> list[Option]:
    """What can be added to a booking of this space."""
    of_place = Q(place=space.place_id) & (Q(spaces=None) | Q(spaces=space.pk))
    of_tariff = Q(tariff=tariff.pk) if tariff else Q(pk=None)
    return list(
        Option.objects.filter(of_place | of_tariff, is_archived=False)
        .distinct()
        .prefetch_related("prices")
    )


def rule_of(option: Option, who: Who) -> OptionRule:
    """The option at the price that speaks to this payer."""
    mine = [one for one in option.prices.all() if who.fits(one.audience, one.residence)]
    mine.sort(key=lambda one: -specificity(one.audience, one.residence))
    cents = mine[0].amount_cents if mine else option.amount_cents
    return OptionRule(option.pk, option.name, OptionUnit(option.unit), cents)


def options_wanted(
    space: Space, tariff: Tariff | None, wanted: Sequence[Wanted], payer: Payer
) -> list[tuple[OptionRule, int]]:
    """The options asked for, priced for this payer.

    Raises:
        Refusal: one that this space does not offer, or more than there are.
    """
    asked = {one.option_id: one.quantity for one in wanted if one.quantity > 0}
    if not asked:
        return []
    offered = {option.pk: option for option in options_of(space, tariff)}
    who = payer.who_at(space.place.commune_id)
    if set(asked) - set(offered):
        raise Refusal(
            "Une option que vous aviez choisie n’est plus proposée pour cet espace.",
            field="options",
            code="option_gone",
        )
    for pk, quantity in asked.items():
        stock = offered[pk].stock
        if stock is not None and quantity > stock:
            raise Refusal(
                f"« {offered[pk].name} » : il y en a {stock} en tout.",
                field="options",
                code="option_gone",
            )
    return [(rule_of(offered[pk], who), asked[pk]) for pk in sorted(asked)]
