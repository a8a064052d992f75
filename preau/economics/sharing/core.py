"""Whether some would do better to leave together: every group, as long as they can be counted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from preau.economics.sharing.game import Game
from preau.economics.sharing.rules import Sharing

#: 4,096 groups.
MOST = 12


@dataclass(frozen=True, slots=True)
class Leaving:
    """A group that would pay less by itself, and how much less (the group that gains the most)."""

    names: tuple[str, ...]
    cents: int


def worst_leaving(game: Game, sharing: Sharing) -> Leaving | None:
    """The group with the best reason to leave, or None: the sharing is in the core.

    On exact shares: a cent of rounding is nobody's reason.

    Raises:
        ValueError: there are more providers than can be enumerated.
    """
    size = len(game.providers)
    if size > MOST:
        raise ValueError("Too many providers to enumerate their groups.")
    costs, paid = group_costs(game), _sums([one.exact for one in sharing.shares])
    worst, gain = 0, Fraction(0)
    for group in range(1, 1 << size):
        if paid[group] - costs[group] > gain:
            worst, gain = group, paid[group] - costs[group]
    if not worst:
        return None
    names = tuple(one.name for i, one in enumerate(game.providers) if worst >> i & 1)
    return Leaving(names, round(gain))


def group_costs(game: Game) -> list[int]:
    """The cost of every group, by bit mask, in one pass over the masks.

    The half-days of a group are all of them less those that only the others use.
    """
    size = len(game.providers)
    within = [0] * (1 << size)
    for slot in game.users_of_half_days:
        mask = sum(1 << i for i, one in enumerate(game.providers) if slot in one.half_days)
        within[mask] += 1
    for bit in range(size):
        for group in range(1 << size):
            if group >> bit & 1:
                within[group] += within[group ^ 1 << bit]
    everyone = (1 << size) - 1
    hourly = _sums([Fraction(game.hourly(one)) for one in game.providers])
    needs = [game.step_of(one) for one in game.providers]
    up_to = [sum(cents for _, cents in game.steps[:step]) for step in range(len(game.steps) + 1)]
    costs = [0] * (1 << size)
    for group in range(1, 1 << size):
        slots = within[everyone] - within[everyone ^ group]
        step = max(needs[i] for i in range(size) if group >> i & 1)
        fixed = game.costs.opening + game.costs.half_day * slots + up_to[step]
        costs[group] = fixed + int(hourly[group])
    return costs


def _sums(values: list[Fraction]) -> list[Fraction]:
    """The sum of every group, by bit mask."""
    sums = [Fraction(0)]
    for value in values:
        sums += [one + value for one in sums]
    return sums
