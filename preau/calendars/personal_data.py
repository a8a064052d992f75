"""What the room keeps about a person."""

from __future__ import annotations

from typing import Any

from preau.accounts.models import User
from preau.calendars.models import OutsideCalendar, PersonalFeed


def of(user: User) -> dict[str, Any]:
    feed = PersonalFeed.objects.filter(user=user).first()
    made = OutsideCalendar.objects.filter(created_by=user).order_by("id")
    found: dict[str, Any] = {}
    if feed is not None:
        found["agenda personnel"] = {"adresse créée le": feed.created_at}
    if calendars := [{"nom": one.name, "ajouté le": one.created_at} for one in made]:
        found["agendas extérieurs ajoutés"] = calendars
    return found
