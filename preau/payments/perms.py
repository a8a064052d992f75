"""The lines of the permission matrix of this room, and the guard of its verbs."""

from __future__ import annotations

from typing import Any

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.perms import allowed, declare
from preau.core.errors import Forbidden

#: Who keeps the office of their organisation; the organisation names its régisseurs so.
HANDS = (Role.MANAGER, Role.ADMINISTRATOR)

declare(
    {
        "payments.mine": (Role.SIGNED_IN,),
        "payments.read_due": (Role.HOLDER, *HANDS),
        "payments.pay": (Role.HOLDER,),
        "payments.collect": HANDS,
        "payments.read_office": HANDS,
        "payments.set_up": HANDS,
        # What a provider calls, and where it sends people back: says nothing of anybody.
        "payments.hear": (Role.ANYONE,),
        # What follows money: refunds, deposits, papers, exports.
        "payments.ask_refund": HANDS,
        # By another person than who asked: the verb looks, and so does the database.
        "payments.decide_refund": HANDS,
        "payments.pay_refund": HANDS,
        "payments.give_bank": (Role.HOLDER,),
        # A link in an e-mail; it carries its own right.
        "payments.by_link": (Role.ANYONE,),
        "payments.read_refund": (Role.HOLDER, *HANDS),
        "payments.read_deposit": (Role.HOLDER, Role.CARETAKER, *HANDS),
        "payments.receive_deposit": (Role.CARETAKER, *HANDS),
        "payments.keep_deposit": HANDS,
        "payments.answer_deposit": (Role.HOLDER,),
        "payments.read_paper": (Role.HOLDER, *HANDS),
        "payments.export": HANDS,
    }
)


def require(actor: Actor, action: str, subject: Any) -> None:
    """Stop whoever may not: first line of every verb.

    Raises:
        Forbidden: with the sentence the person reads.
    """
    if not allowed(actor, action, subject):
        raise Forbidden("Vous n’avez pas ce droit avec la casquette que vous portez en ce moment.")
