"""Reads: what is due on a cancellation, which tariff holds where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from preau.accounts.models import Organization
from preau.places.models import Space
from preau.pricing.loading import PARTS, load, options_of, rule_of
from preau.pricing.models import FrozenPrice, Option, Tariff, TariffAssignment
from preau.pricing.payers import Payer


def cancellation_fee(
    price: FrozenPrice, starts_at: datetime, amount_cents: int, at: datetime
) -> int:
    """What stays due of an amount when the occupant cancels at that instant.

    The tiers are those frozen with the price: the strictest one whose delay has begun.
    """
    left = (starts_at - at).total_seconds() / 3600
    begun = [tier for tier in price.terms.get("cancellation", []) if left < tier["hours_before"]]
    if not begun or amount_cents <= 0:
        return 0
    tier = min(begun, key=lambda one: int(one["hours_before"]))
    return (amount_cents * int(tier["fee_percent"]) + 50) // 100


def tariff_for(space: Space) -> Tariff | None:
    """The space's own tariff, else its place's."""
    return load([space]).tariff_of(space)


def options_for(space: Space, payer: Payer) -> list[tuple[Option, int]]:
    """What can be added to a booking of the space, and what one costs this payer."""
    who = payer.who_at(space.place.commune_id)
    options = options_of(space, tariff_for(space))
    return [(option, rule_of(option, who).cents) for option in options]


def tariffs_of(organization: Organization) -> QuerySet[Tariff]:
    """An organisation's tariffs in use, with all their parts."""
    return organization.tariffs.filter(is_archived=False).prefetch_related(*PARTS, "assignments")


def assignments_of(spaces: Sequence[Space]) -> QuerySet[TariffAssignment]:
    return TariffAssignment.objects.filter(space__in=spaces).select_related("tariff")
