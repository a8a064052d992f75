"""The lines of the permission matrix of this room, and the guard of its verbs.

The economic model of a project asks for the rights of that project: `project.read`,
`project.contribute`.
"""

from __future__ import annotations

from typing import Any

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind, Role
from preau.accounts.perms import Scope, allowed, declare
from preau.accounts.steering import may_steer
from preau.core.errors import Forbidden

HANDS = (Role.MANAGER, Role.ADMINISTRATOR)
_HAND_ROLES = {MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR}

declare(
    {
        # Pages for anyone signed in: they list what the hat's organisation keeps.
        "economics.mine": (Role.SIGNED_IN,),
        "allocation.see": (Role.MEMBER, Role.OPERATOR),
        "allocation.keep": HANDS,
        "share.keep": HANDS,
        "share.see": (Role.MEMBER, Role.HOLDER, Role.OPERATOR),
        "share.answer": (Role.HOLDER,),  # and a hand of that organisation: `is_hand`
        "round.see": (Role.MEMBER, Role.OPERATOR),
        "round.keep": HANDS,
        "invitation.keep": HANDS,
        "round.read_invitation": (Role.MEMBER, Role.HOLDER, Role.OPERATOR),
        "round.answer": (Role.HOLDER,),
        "round.by_link": (Role.ANYONE,),
    }
)

NOT_YOURS = "Vous n’avez pas ce droit avec la casquette que vous portez en ce moment."


class _Kept:
    """Something that would be an organisation's."""

    def __init__(self, organization_id: int) -> None:
        self.permission_scope = Scope(organization_id=organization_id)


def may_create(actor: Actor, action: str = "allocation.keep") -> bool:
    """A hand of a verified public organisation, or of a verified association (it runs places)."""
    organization = actor.organization
    return (
        organization is not None
        and organization.is_verified
        and allowed(actor, action, _Kept(organization.pk))
        and (may_steer(actor) or organization.kind == OrganizationKind.ASSOCIATION)
    )


def is_hand(actor: Actor) -> bool:
    """Whether they may commit the organisation they act for."""
    return actor.membership is not None and actor.membership.role in _HAND_ROLES


def may_answer(actor: Actor, action: str, subject: Any) -> bool:
    """HOLDER, and one who may commit their organisation."""
    return is_hand(actor) and allowed(actor, action, subject)


def require(actor: Actor, action: str, subject: Any) -> None:
    """Stop whoever may not: first line of every verb.

    Raises:
        Forbidden: with the sentence the person reads.
    """
    if not allowed(actor, action, subject):
        raise Forbidden(NOT_YOURS)


def require_answer(actor: Actor, action: str, subject: Any) -> None:
    """
    Raises:
        Forbidden: another organisation's, or they may not commit their own.
    """
    if not may_answer(actor, action, subject):
        raise Forbidden(
            "Seules les personnes qui gèrent ou administrent la structure répondent en son nom."
        )
