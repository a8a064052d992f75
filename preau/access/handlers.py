"""What the doors do when the engine or the accounts have news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.access.actions.reconciling import follow_freed, withdraw_person
from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.availability.events import time_freed


@receiver(account_closed)
def take_back_codes(sender: Any, *, user: User, **_: Any) -> None:
    withdraw_person(user)


@receiver(time_freed)
def look_at_freed(sender: Any, *, root_id: int, **_: Any) -> None:
    follow_freed(root_id)
