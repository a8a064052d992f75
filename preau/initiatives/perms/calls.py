"""Who may, for calls for initiatives and submissions.

Of a call, MANAGER and ADMINISTRATOR are its organisation's; READER is its jury. Of a submission,
HOLDER is whoever answers; organisers come in once it is sent, the jury once it examines.
"""

from __future__ import annotations

from typing import Any

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, Role
from preau.accounts.models import Membership
from preau.accounts.perms import allowed, declare
from preau.accounts.steering import may_steer
from preau.core.errors import Forbidden

#: Who reads what is sent to an organisation: `audiences.deciders_of`.
DECIDERS = (Role.APPROVER, Role.MANAGER, Role.ADMINISTRATOR)
#: Write for the organisation they act for.
KEEPERS = frozenset({MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR})

declare(
    {
        "call.browse": (Role.ANYONE,),
        "call.see": (Role.ANYONE,),
        # The page is for anyone signed in; it says who may write, and lists what they may.
        "call.desk": (Role.SIGNED_IN,),
        "call.read": (Role.MEMBER,),
        "call.manage": (Role.MANAGER, Role.ADMINISTRATOR),
        "call.jury": (Role.READER,),
        "call.join_jury": (Role.ANYONE,),
        "call.answer": (Role.SIGNED_IN,),
        "submission.mine": (Role.SIGNED_IN,),
        # Of the organisers, those who decide: the files are shown to the same (`answer_files`).
        "submission.read": (Role.HOLDER, *DECIDERS, Role.READER),
        "submission.write": (Role.HOLDER,),
        "submission.review": (Role.READER,),
        "submission.decide": (Role.MANAGER, Role.ADMINISTRATOR),
    }
)


def may_keep(actor: Actor) -> bool:
    """Whether they prepare calls, workshops, kits for the public organisation whose hat is on."""
    hat = actor.membership
    return hat is not None and hat.role in KEEPERS and may_steer(actor)


def require(actor: Actor, action: str, subject: Any) -> None:
    """Stop whoever may not: every verb calls it, whatever page or machine calls the verb.

    Raises:
        Forbidden: with the sentence the person reads.
    """
    hat = actor.membership
    if hat is not None and not Membership.objects.filter(pk=hat.pk, ended_at=None).exists():
        raise Forbidden("Vous n’êtes plus membre de cette structure.")
    if not allowed(actor, action, subject):
        raise Forbidden


def require_keeper(actor: Actor) -> None:
    """
    Raises:
        Forbidden: their organisation is not a verified public one, or they do not manage it.
    """
    if not may_keep(actor):
        raise Forbidden(
            "Seules les personnes qui gèrent une structure publique vérifiée (commune,"
            " intercommunalité, service de l’État…) peuvent le faire."
        )
