"""From the rows of an allocation to the game that the rules share out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from preau.economics.enums import CostPart
from preau.economics.models import CostAllocation, CostItem, ProviderLine
from preau.economics.sharing.core import MOST, Leaving, worst_leaving
from preau.economics.sharing.game import Costs, Game, Provider, Room
from preau.economics.sharing.rules import Rule, Sharing, share


@dataclass(frozen=True, slots=True)
class Compared:
    """One rule's sharing, and whether some would do better elsewhere."""

    sharing: Sharing
    leaving: Leaving | None
    counted: bool  # every group was looked at


def costs_of(items: Iterable[CostItem]) -> Costs:
    def sum_of(part: CostPart) -> int:
        return sum(one.cents for one in kept if one.part == part)

    kept = list(items)
    rooms = [
        Room(one.square_metres, one.cents)
        for one in kept
        if one.part == CostPart.ROOM and one.square_metres
    ]
    return Costs(
        sum_of(CostPart.OPENING), sum_of(CostPart.HALF_DAY), sum_of(CostPart.HOUR), tuple(rooms)
    )


def missing(items: list[CostItem], lines: list[ProviderLine]) -> list[str]:
    """What has to be completed before anything can be shared."""
    asked = []
    if not items:
        asked.append("Ajoutez au moins une charge.")
    if len(lines) < 2:
        asked.append("Ajoutez au moins deux occupants.")
    asked += [
        f"Indiquez la surface qu’utilise {one.name}." for one in lines if not one.square_metres
    ]
    return asked


def game_of(allocation: CostAllocation) -> Game | None:
    """None as long as something is missing."""
    items, lines = list(allocation.items.all()), list(allocation.providers.all())
    if missing(items, lines):
        return None
    providers = tuple(
        Provider(one.name, one.minutes, one.square_metres or 0, frozenset(one.half_days))
        for one in lines
    )
    return Game(costs_of(items), providers)


def compare(game: Game) -> list[Compared]:
    """The three rules, in the order of the screen."""
    counted = len(game.providers) <= MOST
    found = []
    for rule in Rule:
        sharing = share(game, rule)
        found.append(Compared(sharing, worst_leaving(game, sharing) if counted else None, counted))
    return found
