"""What the vault does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from preau.accounts.actors import SYSTEM
from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.documents import actions, queries


@receiver(account_closed)
def take_documents_out(sender: type[User], user: User, **kwargs: Any) -> None:
    """A closed account keeps nothing but what is evidence, until its day."""
    unlocked = Q(locked_until=None) | Q(locked_until__lt=queries.today())
    for document in queries.vault_of(user=user).filter(unlocked):
        actions.withdraw(document, actor=SYSTEM)
