"""What the directory does when a bookable place, the school holidays or an account change."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.directory.actions.following import follow_place
from preau.directory.models import Signal
from preau.directory.tasks import follow_holidays
from preau.places.events import place_changed
from preau.places.models import Place
from preau.territories.events import school_holidays_changed


@receiver(place_changed)
def follow(sender: Any, *, place: Place, actor: Actor = SYSTEM, **_: Any) -> None:
    follow_place(place, actor=actor)


@receiver(school_holidays_changed)
def follow_school_holidays(sender: Any, **_: Any) -> None:
    follow_holidays.defer()


@receiver(account_closed, dispatch_uid="directory.personal_data")
def forget_person(sender: Any, *, user: User, **_: Any) -> None:
    """Addresses left signed out; what they signalled waits for an answer that tells nobody."""
    Signal.objects.filter(sender_email__iexact=user.email).update(sender_email="")
