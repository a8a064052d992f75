"""The lines of the permission matrix about the library."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.accounts.enums import OrganizationKind, Role
from preau.accounts.perms import allowed, declare
from preau.core.errors import Forbidden, Refusal
from preau.resources.models import Resource

DECIDERS = (Role.APPROVER, Role.MANAGER, Role.ADMINISTRATOR)
#: Whose members write in the library, once the organisation is verified.
WRITERS = frozenset(
    {
        OrganizationKind.STATE_SERVICE,
        OrganizationKind.DEPARTEMENT,
        OrganizationKind.REGION,
        OrganizationKind.EPCI,
        OrganizationKind.PUBLIC_BODY,
        OrganizationKind.OPERATOR,
    }
)

declare(
    {
        "resource.list": (Role.ANYONE,),
        "resource.read": (Role.ANYONE,),
        "resource.signal": (Role.ANYONE,),
        # The page is for anyone signed in; it says who may write, and lists what they may.
        "resource.mine": (Role.SIGNED_IN,),
        "resource.manage": (Role.MEMBER, Role.OPERATOR),
        "resource.write": (Role.MEMBER, Role.OPERATOR),
        "resource.review": (*DECIDERS, Role.OPERATOR),
        "resource.mirror": (Role.OPERATOR,),
    }
)


def may_create(actor: Actor) -> bool:
    """The operator, or a member of a verified organisation of the right kind."""
    organization = actor.organization
    if organization is None:
        return actor.is_operator
    return organization.is_verified and organization.kind in WRITERS


def may_review(actor: Actor, resource: Resource) -> bool:
    """Whether the right is there and the person is another than those who wrote it."""
    wrote = {resource.submitted_by_id, resource.edited_by_id}
    return allowed(actor, "resource.review", resource) and actor.user_id not in wrote


def require(actor: Actor, action: str, resource: Resource) -> None:
    """Called by every write of the room.

    Raises:
        Forbidden: the matrix says no.
        Refusal: the record is changed at its source.
    """
    if not allowed(actor, action, resource):
        raise Forbidden
    if resource.is_mirrored and not actor.is_system:
        raise Refusal(
            "Cette fiche vient d’Aides-territoires : elle se corrige là-bas, et revient ici la"
            " nuit suivante.",
            code="mirrored",
        )
