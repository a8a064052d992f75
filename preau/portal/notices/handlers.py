"""When an account closes, what it was told goes with it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.notifications import actions


@receiver(account_closed)
def forget_person(sender: Any, *, user: User, **_: Any) -> None:
    actions.forget(user)
