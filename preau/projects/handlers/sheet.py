"""What the sheet does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.projects.actions import people


@receiver(account_closed)
def take_off_projects(sender: Any, *, user: User, **_: Any) -> None:
    """Whoever closes their account is on no project any more; their steps wait for somebody."""
    people.forget(user)
