"""What the directory does when a bookable place or the school holidays change."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.actors import SYSTEM, Actor
from preau.directory.actions.following import follow_place
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
