"""A good choice quickly: greedy, then exchanges (Teitz & Bart, 1968)."""

from __future__ import annotations

import numpy as np

from preau.siting.solving.reducing import Core
from preau.siting.solving.sparse import Bools, Floats, Ints, Sparse


class Choice:
    """Columns taken, and for each column what it would add now, kept up to date."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._counts: Ints = np.zeros(len(core.weights), dtype=np.int64)
        self.gains: Floats = core.covers.sums(core.weights)
        self.taken: list[int] = []
        self.value = 0.0

    @property
    def is_covered(self) -> Bools:
        return self._counts > 0

    def add(self, column: int) -> None:
        rows = self._core.covers.of(column)
        fresh = rows[self._counts[rows] == 0]
        self._counts[rows] += 1
        self._change(fresh, -1.0)
        self.taken.append(column)

    def remove(self, column: int) -> None:
        rows = self._core.covers.of(column)
        self._counts[rows] -= 1
        self._change(rows[self._counts[rows] == 0], 1.0)
        self.taken.remove(column)

    def _change(self, rows: Ints, sign: float) -> None:
        """Rows just covered (-1) or just left (+1)."""
        core = self._core
        weights = core.weights[rows]
        self.value -= sign * float(weights.sum())
        np.add.at(
            self.gains,
            core.covered_by.of_all(rows),
            np.repeat(sign * weights, core.covered_by.sizes[rows]),
        )


def greedy(core: Core, start: Ints | None = None) -> Choice:
    """The column that adds most, again and again: at least 1 - 1/e of the best."""
    choice = Choice(core)
    for column in () if start is None else start:
        choice.add(int(column))
    least = _least(core)
    while len(choice.taken) < core.places and len(choice.gains):
        column = int(np.argmax(choice.gains))
        if choice.gains[column] <= least:
            break
        choice.add(column)
    return choice


def exchange(core: Core, choice: Choice, passes: int) -> None:
    """Each column taken gives way to the best other, until none is worth it."""
    least = _least(core)
    for _ in range(passes):
        moved = False
        for column in list(choice.taken):
            choice.remove(column)
            best = int(np.argmax(choice.gains))
            if choice.gains[best] > choice.gains[column] + least:
                choice.add(best)
                moved = True
            else:
                choice.add(column)
        if not moved:
            return


def in_order(
    weights: Floats, covers: Sparse, first: Ints, then: Ints
) -> tuple[list[int], list[float]]:
    """The columns, each the one that adds most after those before it; and what each adds."""
    columns = np.concatenate((first, then))
    part = covers.take(columns)
    choice = Choice(Core(weights, part, part.turned(len(weights)), columns, len(columns), 0.0))
    gains: list[float] = []
    for group in (range(len(first)), range(len(first), len(columns))):
        left = list(group)
        while left:
            best = left.pop(int(np.argmax(choice.gains[left])))
            gains.append(float(choice.gains[best]))
            choice.add(best)
    return [int(columns[index]) for index in choice.taken], gains


def _least(core: Core) -> float:
    """Below it, a difference is only rounding."""
    return 1e-9 * float(core.weights.sum())
