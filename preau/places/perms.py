"""Who may, on places and spaces; and the roles that a place itself gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from preau.accounts.actors import ANONYMOUS, Actor
from preau.accounts.enums import OrganizationKind, Role
from preau.accounts.perms import Scope, allowed, declare
from preau.core.registries import audience_names, audience_sources, role_sources
from preau.places.enums import PlaceRoleKind

if TYPE_CHECKING:
    from preau.accounts.models import User

#: Structures that hold places by nature: « Mes lieux » is where they add the first one.
HOLDING_PLACES = frozenset(
    {
        OrganizationKind.COMMUNE,
        OrganizationKind.EPCI,
        OrganizationKind.DEPARTEMENT,
        OrganizationKind.REGION,
        OrganizationKind.SCHOOL,
        OrganizationKind.PUBLIC_BODY,
    }
)
HANDS = (Role.MANAGER, Role.ADMINISTRATOR, Role.OPERATOR)

declare(
    {
        "place.list": (Role.SIGNED_IN,),
        # The page is for anyone signed in; what it does is asked of the organisation that will own.
        "place.start": (Role.SIGNED_IN,),
        "place.create": (Role.MANAGER, Role.ADMINISTRATOR),
        # Published or not, as its public sees it.
        "place.preview": (Role.MEMBER, *HANDS),
        "place.manage": (Role.CARETAKER, Role.APPROVER, *HANDS),
        "place.edit": HANDS,
        "place.publish": HANDS,
        "place.archive": HANDS,
        "place.people": HANDS,
        "space.manage": (Role.CARETAKER, Role.APPROVER, *HANDS),
        "space.edit": HANDS,
        "space.publish": HANDS,
        "space.archive": HANDS,
        # The view shows only pictures of published places, or asks `place.preview`.
        "photo.read": (Role.ANYONE,),
        "photo.edit": HANDS,
    }
)

_MANAGES = frozenset({Role.MANAGER, Role.APPROVER, Role.CARETAKER, Role.MEMBER})
ROLES_GIVEN = {
    PlaceRoleKind.OWNER: _MANAGES,
    PlaceRoleKind.OPERATOR: _MANAGES,
    PlaceRoleKind.HEAD_OF_SCHOOL: _MANAGES,
    PlaceRoleKind.CARETAKER: frozenset({Role.CARETAKER, Role.MEMBER}),
}


def place_roles(user: User) -> dict[int, frozenset[Role]]:
    """Place → roles given to the person there. One query, kept on the person for the request."""
    kept: dict[int, frozenset[Role]] | None = getattr(user, "_place_roles", None)
    if kept is None:
        kept = {}
        for place_id, role in user.place_roles.values_list("place_id", "role"):
            given = ROLES_GIVEN[PlaceRoleKind(role)]
            kept[place_id] = kept.get(place_id, frozenset()) | given
        user._place_roles = kept  # type: ignore[attr-defined]
    return kept


def roles_on_place(actor: Actor, scope: Scope) -> set[Role]:
    """Roles given on the place itself: they hold whatever the hat."""
    if actor.user is None or scope.place_id is None:
        return set()
    return set(place_roles(actor.user).get(scope.place_id, ()))


def place_audiences(actor: Actor) -> set[str]:
    """Threads and files written for those who run a place: a caretaker opens it, no more."""
    if actor.user is None:
        return set()
    given = place_roles(actor.user).items()
    return {f"place:{place_id}" for place_id, roles in given if Role.APPROVER in roles}


def place_names(keys: set[str]) -> dict[str, str]:
    """« Les responsables de la salle Olympe » for "place:12"."""
    from preau.places.models import Place

    wanted = {key: int(key[6:]) for key in keys if key.startswith("place:") and key[6:].isdecimal()}
    names = dict(Place.objects.filter(pk__in=wanted.values()).values_list("pk", "name"))
    return {
        key: f"Responsables du lieu « {names[pk]} »" for key, pk in wanted.items() if pk in names
    }


role_sources.register("places", roles_on_place)
audience_sources.register("places", place_audiences)
audience_names.register("places", place_names)


def has_places(actor: Actor) -> bool:
    """Whether « Mes lieux » has a meaning: places to manage by the hat, or a role on one."""
    if actor.user is None:
        return False
    return manages_for_hat(actor) or bool(place_roles(actor.user))


def keeps_places(request: HttpRequest) -> bool:
    """Whether the menu speaks of places to this person: her hat's kind holds some, or she has some.

    What asks no database comes first. An association or a service of the State has rarely a place:
    it is asked, once a request.
    """
    actor: Actor = getattr(request, "actor", ANONYMOUS)  # an error page may have no actor
    if actor.user is None:
        return False
    organization = actor.organization if manages_for_hat(actor) else None
    if organization is not None and organization.kind in HOLDING_PLACES:
        return True
    if place_roles(actor.user) or organization is None:
        return bool(place_roles(actor.user))
    kept: bool | None = getattr(request, "_keeps_places", None)
    if kept is None:
        kept = organization.places.exists()
        request._keeps_places = kept  # type: ignore[attr-defined]
    return kept


def manages_for_hat(actor: Actor) -> bool:
    """Whether the organisation the person acts for lets them manage its places."""
    return actor.organization is not None and allowed(actor, "place.manage", actor.organization)
