"""Who keeps démarches, and who sends a project to one."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind, Role
from preau.accounts.perms import allowed, declare
from preau.core.errors import Forbidden
from preau.projects.perms import READERS

_KEEPERS = (Role.OPERATOR, Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        # The list is the operator's and the services' of the State: the view says no to others.
        "procedure.list": (Role.SIGNED_IN,),
        "procedure.edit": _KEEPERS,
        "procedure.publish": (Role.OPERATOR,),
        "dossier.read": READERS,
        "dossier.ask": (Role.HOLDER, Role.PARTNER),
    }
)


def may_keep(actor: Actor) -> bool:
    """The operator keeps démarches; a verified service of the State proposes some."""
    if actor.is_operator:
        return True
    membership = actor.membership
    if membership is None or membership.role not in {
        MembershipRole.MANAGER,
        MembershipRole.ADMINISTRATOR,
    }:
        return False
    there = membership.organization
    return there.kind == OrganizationKind.STATE_SERVICE and there.is_verified


def require_keeper(actor: Actor) -> None:
    if not may_keep(actor):
        raise Forbidden(
            "Les démarches sont tenues par l’exploitant du site et par les services de l’État"
            " vérifiés."
        )


def require(actor: Actor, action: str, subject: object) -> None:
    if not allowed(actor, action, subject):
        raise Forbidden
