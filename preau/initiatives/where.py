"""The territory of what this room keeps, and the wall time of its dates."""

from __future__ import annotations

from preau.accounts.models import Organization
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


def zone_of(where: Area, organization: Organization) -> str:
    """The wall time of its dates: its organisation's, when that is on the territory; else the
    territory's most populous commune's."""
    there = communes_of(where)
    if there.filter(pk=organization.commune_id).exists():
        return organization.commune.time_zone
    first = there.order_by("-population").values_list("time_zone", flat=True).first()
    return first or organization.commune.time_zone
