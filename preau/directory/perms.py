"""Who may do what with sheets: their manager, the authority of the territory, the operator."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from preau.accounts.actors import Actor
from preau.accounts.audiences import DECIDERS
from preau.accounts.enums import OrganizationKind, Role
from preau.accounts.perms import allowed, declare
from preau.core.errors import Forbidden
from preau.core.registries import audience_tests

KEEPERS = (Role.MANAGER, Role.ADMINISTRATOR, Role.OPERATOR)
#: READER of a sheet: whoever decides for the commune, the EPCI or the département it stands in.
AUTHORITY = Role.READER

declare(
    {
        "directory.search": (Role.ANYONE,),
        "directory.read": (Role.ANYONE,),
        "directory.signal": (Role.ANYONE,),
        # The page is for anyone signed in; the claim is made for the organisation they act for.
        "directory.claim": (Role.SIGNED_IN,),
        # The page is for anyone signed in; it lists what they may decide of.
        "directory.inbox": (Role.SIGNED_IN,),
        # The page is for anyone signed in; whoever keeps no territory is told to signal instead.
        "directory.create": (Role.SIGNED_IN,),
        "directory.edit": (*KEEPERS, AUTHORITY),
        "directory.moderate": (*KEEPERS, AUTHORITY),
        # Whose sheet it is: never decided by who keeps it now.
        "directory.recognise": (AUTHORITY, Role.OPERATOR),
    }
)


def authority_key(actor: Actor) -> str:
    """The territory whose directory they keep, or ""."""
    organization = actor.organization
    if organization is None or not organization.is_verified or actor.membership is None:
        return ""
    if actor.membership.role not in DECIDERS:
        return ""
    if organization.kind == OrganizationKind.COMMUNE:
        return f"territory:commune:{organization.commune_id}"
    if organization.kind == OrganizationKind.EPCI and organization.epci_id:
        return f"territory:epci:{organization.epci_id}"
    if organization.kind == OrganizationKind.DEPARTEMENT:
        return f"territory:departement:{organization.commune.departement_id}"
    return ""


def names_authority(actor: Actor, keys: Iterable[str]) -> bool:
    return authority_key(actor) in set(keys) - {""}


audience_tests.register("directory", names_authority)


def held_by_authority(actor: Actor, commune: str = "commune") -> Q | None:
    """The same as a filter on a table with a commune; None when they keep no territory."""
    _, kind, code = [*authority_key(actor).split(":"), "", ""][:3]
    if kind == "commune":
        return Q(**{commune: code})
    if kind == "epci":
        return Q(**{f"{commune}__epci": code})
    if kind == "departement":
        return Q(departement_code=code)
    return None


def keeps_territory(actor: Actor) -> bool:
    """Whether they write in the directory of a territory without being asked."""
    return actor.is_operator or bool(authority_key(actor))


def require(actor: Actor, action: str, subject: object) -> None:
    """Called by every write of the room.

    Raises:
        Forbidden: the matrix says no.
    """
    if not allowed(actor, action, subject):
        raise Forbidden
