"""Reading: which doors lead where, who looks after a place, what a person may read."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from preau.access.enums import LIVE, OVER
from preau.access.models import AccessGrant, Door
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership, User
from preau.core import clock
from preau.places.models import Place, PlaceRole, Space

KEEPERS = (MembershipRole.CARETAKER, MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR)
MANAGING = (MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR)
#: Lines of a list.
PAGE = 50


def doors_of(place: Place) -> QuerySet[Door]:
    rows = Door.objects.filter(place=place, retired_at=None)
    return rows.select_related("place__owner", "account").prefetch_related("spaces")


def doors_to(space: Space) -> list[Door]:
    """Those that lead to a space: to all of its place, or to spaces that share a part with it."""
    units = space.space_units.values("unit")
    leads = Q(spaces=None) | Q(spaces__space_units__unit__in=units)
    return list(doors_of(space.place).filter(leads).distinct())


def caretakers_of(place: Place) -> QuerySet[User]:
    """Those who may have a code of their own: by their role in the organisation or on the place."""
    members = Membership.objects.filter(
        organization=place.owner_id, ended_at=None, role__in=KEEPERS
    )
    on_place = PlaceRole.objects.filter(place=place)
    found = members.values("user").union(on_place.values("user"))
    return User.objects.filter(pk__in=found, is_active=True).order_by("email")


def managers_of(place: Place) -> list[User]:
    """Who is told of a door that fails: those who run the place, and those who open it."""
    return list(caretakers_of(place)[:20])


def readers_of(grant: AccessGrant) -> list[User]:
    """Who is told that a code is there: who asked for it, else those who act for who holds it."""
    if grant.holder_user is not None:
        return [grant.holder_user] if grant.holder_user.is_active else []
    rows = Membership.objects.filter(
        organization=grant.holder_organization_id, ended_at=None, role__in=MANAGING
    )
    return [row.user for row in rows.select_related("user")[:10] if row.user.is_active]


def with_facts() -> QuerySet[AccessGrant]:
    return AccessGrant.objects.select_related(
        "door__place__owner",
        "door__place__commune",
        "door__account",
        "occupancy__space",
        "holder_user",
        "holder_organization",
    )


def mine(actor: Actor) -> QuerySet[AccessGrant]:
    """Codes that a person reads: theirs, and those of the organisation they act for."""
    if actor.user is None:
        return AccessGrant.objects.none()
    who = Q(holder_user=actor.user)
    if actor.organization_id is not None:
        who |= Q(holder_organization=actor.organization_id)
    rows = with_facts().filter(who, state__in=LIVE, ends_at__gt=clock.now())
    return rows.order_by("starts_at", "pk")


def of_door(door: Door) -> QuerySet[AccessGrant]:
    """The codes of a door: those that count first."""
    return with_facts().filter(door=door).exclude(state__in=OVER).order_by("starts_at", "pk")


def past_of_door(door: Door) -> QuerySet[AccessGrant]:
    return with_facts().filter(door=door, state__in=OVER).order_by("-starts_at", "-pk")
