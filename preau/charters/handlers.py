"""News of agreements: one of them may be a charter's."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.actors import Actor
from preau.agreements.enums import LegalCase
from preau.agreements.events import agreement_changed
from preau.agreements.models import Agreement
from preau.charters.actions import adhesions


@receiver(agreement_changed)
def follow(agreement: Agreement, actor: Actor, **kwargs: Any) -> None:
    if agreement.version.model.case == LegalCase.CHARTER:
        adhesions.follow_agreement(agreement, actor=actor)
