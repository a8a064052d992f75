"""A resource's facts in the words of the pages."""

from __future__ import annotations

from preau.core.formats import day, euros
from preau.resources.enums import AidType, Audience, BlockageKind, Phase, Recurrence, Theme
from preau.resources.models import Resource

NBSP = "\u00a0"


def rate(resource: Resource) -> str:
    """« de 20 % à 80 % », « jusqu’à 80 % », "" when nobody knows."""
    low, high = resource.rate_min, resource.rate_max
    if low and high and low != high:
        return f"de {low}{NBSP}% à {high}{NBSP}%"
    if high:
        return f"{high}{NBSP}%" if low == high else f"jusqu’à {high}{NBSP}%"
    return f"à partir de {low}{NBSP}%" if low else ""


def amount(resource: Resource) -> str:
    low, high = resource.floor_cents, resource.ceiling_cents
    if low and high:
        return f"de {euros(low)} à {euros(high)}"
    if high:
        return f"jusqu’à {euros(high)}"
    return f"à partir de {euros(low)}" if low else ""


def money(resource: Resource) -> str:
    return ", ".join(one for one in (rate(resource), amount(resource)) if one)


def deadline(resource: Resource) -> str:
    """Until when to apply."""
    if resource.closes_on:
        return f"jusqu’au {day(resource.closes_on)}"
    if resource.recurrence == Recurrence.ONGOING:
        return "à tout moment"
    return resource.get_recurrence_display().lower() if resource.recurrence else ""


def themes(resource: Resource) -> str:
    if len(resource.themes) == len(Theme.values):
        return "Tous les thèmes"
    return ", ".join(Theme(one).label for one in resource.themes)


def audiences(resource: Resource) -> str:
    return ", ".join(Audience(one).label for one in resource.audiences) or "Tout le monde"


def phases(resource: Resource) -> str:
    return ", ".join(Phase(one).label for one in resource.phases) or "À toutes les phases"


def blockages(resource: Resource) -> str:
    return ", ".join(BlockageKind(one).label for one in resource.blockage_kinds)


def aid_types(resource: Resource) -> str:
    return ", ".join(AidType(one).label for one in resource.aid_types)
