"""The lines of the matrix about what follows money: refunds, deposits, papers, exports."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare
from preau.payments.perms import HANDS

declare(
    {
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
