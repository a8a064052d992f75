"""Quantities of campaigns in words."""

from __future__ import annotations

from preau.core.formats import count, euros, number
from preau.initiatives.enums.campaigns import TargetKind
from preau.initiatives.models import Pledge, Target


def quantity(target: Target, value: int) -> str:
    """« 1 200,00 € », « 12 heures », « 30 palettes », « 4 »"""
    if target.kind == TargetKind.MONEY:
        return euros(value)
    if target.kind == TargetKind.HOURS:
        return count(value, "heure")
    return f"{number(value)}\u00a0{target.unit}" if target.unit else number(value)


def besides(pledges: list[Pledge]) -> str:
    """A sentence more, for who promises again."""
    already = ", puis ".join(amount(one) for one in pledges)
    return f" Cet apport s’ajoute à ce que vous avez déjà promis ({already})." if already else ""


def amount(pledge: Pledge) -> str:
    """« 3 pièces de palettes » reads badly: the thing, then how much."""
    target = pledge.target
    return f"{target.label} : {quantity(target, pledge.quantity)}"
