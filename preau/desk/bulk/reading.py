"""What spaces have now, read in a few queries whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.accounts.perms import allowed
from preau.availability.models import OpeningCalendar, SpaceCalendar
from preau.booking.models import BookingRules
from preau.booking.rules import rules_of
from preau.core.french import by_name
from preau.places.enums import Publication
from preau.places.models import Place, Space
from preau.places.queries import managed_places
from preau.pricing.models import Tariff, TariffAssignment

#: Beyond this, one chooses by place.
MOST = 200


class Current:
    """The present values of some spaces."""

    def __init__(self, spaces: Sequence[Space]) -> None:
        self.spaces = spaces

    @cached_property
    def _rules(self) -> dict[int, BookingRules]:
        return rules_of(self.spaces)

    @cached_property
    def _calendars(self) -> dict[int, OpeningCalendar]:
        found = SpaceCalendar.objects.filter(space__in=self.spaces).select_related("calendar")
        return {one.space_id: one.calendar for one in found}

    @cached_property
    def _tariffs(self) -> dict[int, Tariff]:
        """The space's own, else its place's."""
        rows = TariffAssignment.objects.select_related("tariff")
        places = {one.place_id for one in self.spaces}
        by_place = {one.place_id: one.tariff for one in rows.filter(place__in=places)}
        own = {one.space_id: one.tariff for one in rows.filter(space__in=self.spaces)}
        found = {one.pk: own.get(one.pk) or by_place.get(one.place_id) for one in self.spaces}
        return {pk: tariff for pk, tariff in found.items() if tariff is not None}

    def of(self, space: Space, name: str) -> Any:
        if name == "rules":
            return self._rules.get(space.pk)
        if name == "calendar":
            return self._calendars.get(space.pk)
        if name == "tariff":
            return self._tariffs.get(space.pk)
        return getattr(space, name)


def places_of(actor: Actor) -> list[Place]:
    """Where the person may edit spaces, with the present hat or by a role there."""
    living = managed_places(actor).exclude(publication=Publication.ARCHIVED)
    return [one for one in living if allowed(actor, "space.edit", one)]


def spaces_of(places: Sequence[Place], *, kind: str = "") -> list[Space]:
    """Their living spaces, by place and name."""
    found = (
        Space.objects.filter(place__in=places)
        .exclude(publication=Publication.ARCHIVED)
        .select_related("place__owner", "place__commune", "root")
        .order_by(*by_name("place__name"), "place_id", *by_name("name"), "pk")
    )
    return list(found.filter(kind=kind) if kind else found)


def owners_of(places: Sequence[Place], actor: Actor, action: str) -> list[Organization]:
    """The structures of these places where the person may do the action."""
    owners = {one.owner_id: one.owner for one in places}
    return [one for one in owners.values() if allowed(actor, action, one)]
