"""Who may: studies and the watch belong to a public organisation.

Its members read, its managers and administrators write. A study that is shared is read by whoever
plans elsewhere and has its link; a public one by everybody (`may_read`).
"""

from __future__ import annotations

from typing import Any

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, Role
from preau.accounts.models import Membership
from preau.accounts.perms import allowed, declare
from preau.accounts.steering import may_steer
from preau.core.errors import Forbidden
from preau.siting.enums import Visibility
from preau.siting.models import SitingStudy

KEEPERS = frozenset({MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR})
NOT_SHARED = "Cette étude n’est pas partagée avec vous."
SHARED_WITH = (
    "Cette étude est partagée avec les agents de l’État et des collectivités qui agissent pour une"
    " structure vérifiée."
)

declare(
    {
        # The page is for anyone signed in; it says who plans, and lists what they may read.
        "study.list": (Role.SIGNED_IN,),
        # The view asks `may_read`: a public study is everybody's.
        "study.see": (Role.ANYONE,),
        "study.write": (Role.MANAGER, Role.ADMINISTRATOR),
        "watch.see": (Role.SIGNED_IN,),
        "watch.write": (Role.MANAGER, Role.ADMINISTRATOR),
    }
)


def may_keep(actor: Actor) -> bool:
    """Whether they prepare studies for the public organisation whose hat is on."""
    hat = actor.membership
    return hat is not None and hat.role in KEEPERS and may_steer(actor)


def may_read(actor: Actor, study: SitingStudy) -> bool:
    if study.visibility == Visibility.PUBLIC or actor.is_system or actor.is_operator:
        return True
    if actor.organization_id == study.organization_id:
        return True
    return study.visibility == Visibility.SHARED and may_steer(actor)


def require_reading(actor: Actor, study: SitingStudy) -> None:
    """
    Raises:
        Forbidden: neither theirs, nor shared with those who plan, nor public.
    """
    if not may_read(actor, study):
        raise Forbidden(NOT_SHARED)


def require(actor: Actor, action: str, subject: Any) -> None:
    """Stop whoever may not: every verb calls it, whatever page or machine calls the verb.

    Raises:
        Forbidden: with the sentence the person reads.
    """
    if actor.is_system:
        return
    hat = actor.membership
    if hat is not None and not Membership.objects.filter(pk=hat.pk, ended_at=None).exists():
        raise Forbidden("Vous n’êtes plus membre de cette structure.")
    if not may_keep(actor) or not allowed(actor, action, subject):
        raise Forbidden(
            "Les études et la veille sont tenues par les gestionnaires d’une structure publique"
            " vérifiée."
        )
