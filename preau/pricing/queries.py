"""Reads: what is due on a cancellation, which tariff holds where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from preau.accounts.models import Organization
from preau.core.french import by_name
from preau.places.enums import Publication
from preau.places.models import Place, Space
from preau.pricing.loading import PARTS, Loaded, load, options_of, rule_of
from preau.pricing.models import FrozenPrice, Option, Tariff
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


def options_for(
    space: Space, payer: Payer, known: Loaded | None = None
) -> list[tuple[Option, int]]:
    """What can be added to a booking of the space, and what one costs this payer.

    Args:
        known: the tariff that holds, when it was read already.
    """
    who = payer.who_at(space.place.commune_id)
    options = options_of(space, (known or load([space])).tariff_of(space))
    return [(option, rule_of(option, who).cents) for option in options]


def tariffs_of(organization: Organization) -> QuerySet[Tariff]:
    """An organisation's tariffs in use, with all their parts."""
    return organization.tariffs.filter(is_archived=False).prefetch_related(*PARTS, "assignments")


@dataclass(frozen=True, slots=True)
class Holds:
    """Where a tariff holds."""

    places: list[Place]
    spaces: list[Space]


def where_it_holds(tariff: Tariff) -> Holds:
    found = tariff.assignments.select_related("place", "space__place").order_by("pk")
    return Holds(
        places=[one.place for one in found if one.place],
        spaces=[one.space for one in found if one.space],
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A space whose prices change: from what to what."""

    space: Space
    before: str
    after: str


def changes_of(tariff: Tariff, places: Sequence[Place], spaces: Sequence[Space]) -> list[Change]:
    """What giving the tariff to exactly these places and spaces would change, space by space."""
    touched = Q(place__in=places) | Q(pk__in=[space.pk for space in spaces])
    touched |= Q(tariff_assignment__tariff=tariff) | Q(place__tariff_assignment__tariff=tariff)
    concerned = list(
        Space.objects.filter(touched)
        .exclude(publication=Publication.ARCHIVED)
        .select_related("place", "tariff_assignment__tariff", "place__tariff_assignment__tariff")
        .order_by(*by_name("place__name", "name"), "pk")
    )
    place_ids, space_ids = {one.pk for one in places}, {one.pk for one in spaces}
    changes = []
    for space in concerned:
        own, of_place = _assigned(space), _assigned(space.place)
        after_own = tariff if space.pk in space_ids else None if own == tariff else own
        kept = None if of_place == tariff else of_place
        after_place = tariff if space.place_id in place_ids else kept
        before, after = own or of_place, after_own or after_place
        if before != after:
            changes.append(Change(space, _name(before, space), _name(after, space)))
    return changes


def _assigned(subject: Place | Space) -> Tariff | None:
    assignment = getattr(subject, "tariff_assignment", None)
    return assignment.tariff if assignment else None


def _name(tariff: Tariff | None, space: Space) -> str:
    if tariff is not None:
        return f"tarif « {tariff.name} »"
    return "gratuit" if space.price_from_cents == 0 else "prix sur demande"
