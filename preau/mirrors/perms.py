"""Who may: a mirror belongs to a public organisation. Its members see it, its managers keep it."""

from __future__ import annotations

from typing import Any

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, Role
from preau.accounts.models import Membership
from preau.accounts.perms import allowed, declare
from preau.accounts.steering import may_steer
from preau.core.errors import Forbidden
from preau.mirrors.models import Mirror

KEEPERS = frozenset({MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR})

declare(
    {
        # The page is for anyone signed in; it lists what their organisation has.
        "mirror.list": (Role.SIGNED_IN,),
        "mirror.open": (Role.SIGNED_IN,),  # the verb asks for a manager of a public organisation
        "mirror.see": (Role.MEMBER, Role.OPERATOR),
        "mirror.write": (Role.MANAGER, Role.ADMINISTRATOR),
        "mirror.close": (Role.MANAGER, Role.ADMINISTRATOR, Role.OPERATOR),
        # Grist itself: its address and its header prove where it comes from.
        "mirror.hook": (Role.ANYONE,),
    }
)


def may_keep(actor: Actor) -> bool:
    """Whether they keep mirrors for the public organisation whose hat is on."""
    hat = actor.membership
    return hat is not None and hat.role in KEEPERS and may_steer(actor)


def keeper_of(mirror: Mirror) -> Actor | None:
    """Whoever keeps it, under its organisation's hat; None when they may not any more."""
    hats = Membership.objects.select_related("user", "organization").filter(
        user=mirror.keeper_id, organization=mirror.organization_id, ended_at=None
    )
    hat = hats.filter(user__is_active=True).first()
    if hat is None:
        return None
    actor = Actor(hat.user, hat)
    return actor if may_keep(actor) else None


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
    if action == "mirror.close" and actor.is_operator:
        return
    if not may_keep(actor) or not allowed(actor, action, subject):
        raise Forbidden(
            "Les miroirs sont tenus par les gestionnaires d’une structure publique vérifiée."
        )
