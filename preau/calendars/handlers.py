"""Accounts that close take their feed with them."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.calendars.actions import personal


@receiver(account_closed, dispatch_uid="calendars.personal_feed")
def forget_person(sender: Any, *, user: User, **_: Any) -> None:
    personal.take_back(user)
