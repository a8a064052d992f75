"""The territory of what this room keeps, and the wall time of its dates."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from preau.accounts.models import Organization
from preau.core import formats
from preau.core.errors import Refusal
from preau.territories.areas import Area, area, communes_of


def known_area(key: str) -> Area:
    """
    Raises:
        Refusal: no such territory ("area").
    """
    try:
        return area(key)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="area", code="area") from refusal


def instant(wall: datetime | None, zone: str) -> datetime | None:
    """What a form's day and hour mean there; a moment that says its zone already stays.

    The zone is known once the territory is: a form that changes both must not be read in the
    former one's.
    """
    if wall is None or wall.tzinfo is not None:
        return wall
    return wall.replace(tzinfo=ZoneInfo(zone))


def until(moment: datetime | None, zone: str) -> str:
    """« vendredi 2 avril 2027 à 12 h »; at midnight, of the day that ends."""
    if moment is None:
        return ""
    there = formats.local(moment, zone)
    if there.time() == time(0):
        return f"{formats.day(there.date() - timedelta(days=1))} à minuit"
    return f"{formats.day(there.date())} à {formats.hour(there)}"


def zone_of(where: Area, organization: Organization) -> str:
    """The wall time of its dates: its organisation's, when that is on the territory; else the
    territory's most populous commune's."""
    there = communes_of(where)
    if there.filter(pk=organization.commune_id).exists():
        return organization.commune.time_zone
    first = there.order_by("-population").values_list("time_zone", flat=True).first()
    return first or organization.commune.time_zone
