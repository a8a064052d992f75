"""No choice is worth more than this: Lagrangian bound by subgradient, and better choices met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from preau.siting.solving.choosing import Choice, exchange, greedy
from preau.siting.solving.reducing import Core
from preau.siting.solving.sparse import Floats, Ints

_PATIENCE = 12


@dataclass(frozen=True, slots=True)
class Bounded:
    """Attributes:
    choice: the best met.
    bound: no choice is worth more.
    prices: multipliers of the rows that gave the bound.
    """

    choice: Choice
    bound: float
    prices: Floats


def bound(
    core: Core,
    choice: Choice,
    rounds: int,
    *,
    close_enough: float = 1e-7,
    tell: Callable[[float, float], None] = lambda value, bound: None,
) -> Bounded:
    """Price each row's inhabitants between 0 and their weight: whatever the prices, paying the
    dearest columns their rows' prices, and keeping what rows are worth above them, is a bound."""
    weights = core.weights
    prices = _first_prices(core, choice)
    best, best_prices = float(weights.sum()), prices
    direction = np.zeros(len(weights))
    pace, still = 1.0, 0
    for number in range(rounds):
        columns, worth = _dearest(core, prices)
        value = float(np.maximum(weights - prices, 0).sum() + worth)
        if value < best - 1e-6 * (best - choice.value):
            best, best_prices, still = value, prices, 0
        else:
            still += 1
        if best - choice.value <= close_enough * float(weights.sum()):
            break
        if still >= _PATIENCE:
            pace, still = pace * 0.7, 0
        if number % 40 == 39:
            choice = _better(core, choice, columns)
            tell(choice.value, best)
        counts = np.bincount(core.covers.of_all(columns), minlength=len(weights))
        slope = counts - (prices < weights)
        direction = slope + 0.3 * direction
        length = float((direction * direction * weights).sum())
        if not length:
            break
        step = pace * (value - choice.value) / length
        prices = np.clip(prices - step * weights * direction, 0, weights)
    if np.array_equal(weights, np.floor(weights)):
        best = np.floor(best + 1e-6)  # whole inhabitants: no choice is worth half of one
    return Bounded(choice, max(float(best), choice.value), best_prices)


def _first_prices(core: Core, choice: Choice) -> Floats:
    return np.where(choice.is_covered, 0.5, 1.0) * core.weights


def _dearest(core: Core, prices: Floats) -> tuple[Ints, float]:
    """The columns that the prices would take, and what they are worth."""
    worth = np.add.reduceat(prices[core.covers.items], core.covers.starts[:-1])
    if core.places >= len(worth):
        return np.arange(len(worth), dtype=np.int64), float(worth.sum())
    columns = np.argpartition(-worth, core.places - 1)[: core.places]
    return columns.astype(np.int64), float(worth[columns].sum())


def _better(core: Core, choice: Choice, columns: Ints) -> Choice:
    """The columns the prices take are often a good start."""
    other = greedy(core, columns)
    exchange(core, other, 3)
    return other if other.value > choice.value else choice
