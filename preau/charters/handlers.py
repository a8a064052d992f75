"""News of agreements, one of which may be a charter's; and accounts that close."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.actors import Actor
from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.agreements.enums import LegalCase
from preau.agreements.events import agreement_changed
from preau.agreements.models import Agreement
from preau.charters.actions import adhesions, forgetting


@receiver(agreement_changed)
def follow(agreement: Agreement, actor: Actor, **kwargs: Any) -> None:
    if agreement.version.model.case == LegalCase.CHARTER:
        adhesions.follow_agreement(agreement, actor=actor)


@receiver(account_closed, dispatch_uid="charters.personal_data")
def forget_person(sender: Any, *, user: User, **more: Any) -> None:
    forgetting.forget_person(user)
