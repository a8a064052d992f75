"""The same problem, smaller: nothing here changes what the best choice is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from preau.siting.solving.problem import Problem
from preau.siting.solving.sparse import Bools, Floats, Ints, Sparse, of_pairs, spans, totals


@dataclass(frozen=True, slots=True)
class Core:
    """Weighted rows, columns that cover them, how many columns to take.

    Attributes:
        names: the candidate of the problem that each column is.
        base: what is covered before any column is taken (existing places and forced ones).
    """

    weights: Floats
    covers: Sparse
    covered_by: Sparse
    names: Ints
    places: int
    base: float


def reduce(problem: Problem) -> Core:
    weights, covers = layered(problem)
    base = float((problem.weights * problem.existing).sum())
    forced = np.array(problem.forced, dtype=np.int64)
    taken = np.unique(covers.of_all(forced))
    base += float(weights[taken].sum())
    weights = weights.copy()
    weights[taken] = 0
    weights, covers = _without_empty_rows(weights, covers)
    weights, covers = _rows_merged(weights, covers)
    kept = _kept(covers, len(weights), forced)
    return Core(
        weights=weights,
        covers=covers.take(kept),
        covered_by=covers.take(kept).turned(len(weights)),
        names=kept,
        places=max(0, problem.places - len(forced)),
        base=base,
    )


def layered(problem: Problem) -> tuple[Floats, Sparse]:
    """A row for each commune and each set of moments that the same candidates serve."""
    left = problem.weights * ~problem.existing
    patterns, layer_of = np.unique(problem.opens, axis=1, return_inverse=True)
    communes = len(left)
    weights: list[Floats] = []
    columns: list[Ints] = []
    rows: list[Ints] = []
    for layer in range(patterns.shape[1]):
        weights.append(left[:, layer_of.reshape(-1) == layer].sum(axis=1))
        served = patterns[problem.covers.columns, layer]
        columns.append(problem.covers.columns[served])
        rows.append(problem.covers.items[served] + layer * communes)
    covers = of_pairs(np.concatenate(columns), np.concatenate(rows), len(problem.covers))
    return np.concatenate(weights), covers


def _without_empty_rows(weights: Floats, covers: Sparse) -> tuple[Floats, Sparse]:
    """Rows that weigh something and that somebody can cover."""
    kept = (weights > 0) & (np.bincount(covers.items, minlength=len(weights)) > 0)
    number = np.cumsum(kept) - 1
    pairs = kept[covers.items]
    rows = number[covers.items[pairs]]
    return weights[kept], of_pairs(covers.columns[pairs], rows, len(covers))


def _rows_merged(weights: Floats, covers: Sparse) -> tuple[Floats, Sparse]:
    """Rows that the same columns cover are one row."""
    by_row = covers.turned(len(weights))
    first_of: dict[bytes, int] = {}
    row_of = np.empty(len(weights), dtype=np.int64)
    firsts: list[int] = []
    for row in range(len(weights)):
        number = first_of.setdefault(by_row.of(row).tobytes(), len(firsts))
        if number == len(firsts):
            firsts.append(row)
        row_of[row] = number
    merged = totals(row_of, weights, len(firsts))
    return merged, by_row.take(np.array(firsts, dtype=np.int64)).turned(len(covers))


def _kept(covers: Sparse, rows: int, forced: Ints) -> Ints:
    """Columns that cover something no single other column covers with it."""
    useful: Bools = covers.sizes > 0
    useful[forced] = False
    columns = np.flatnonzero(useful)
    if not len(columns):
        return columns
    useful[_dominated(covers.take(columns), rows, columns)] = False
    return np.flatnonzero(useful)


def _dominated(covers: Sparse, rows: int, names: Ints) -> Ints:
    """Columns whose rows are all in another one (of two equals, the second).

    The other must hold the rarest row of the column: those that do are tried row after row, and
    nearly all fail at the first ones.
    """
    by_row = covers.turned(rows)
    rarity = by_row.sizes
    # The rows of each column, the rarest first.
    order = np.lexsort((rarity[covers.items], covers.columns))
    ranked = covers.items[order]
    rarest = ranked[covers.starts[:-1]]
    one = np.repeat(np.arange(len(covers), dtype=np.int64), rarity[rarest])
    other = by_row.items[spans(by_row.starts[rarest], by_row.starts[rarest + 1])]
    sizes = covers.sizes
    larger = (sizes[other] > sizes[one]) | ((sizes[other] == sizes[one]) & (other < one))
    one, other = one[larger], other[larger]
    present = covers.columns * rows + covers.items  # in order: columns, then rows
    dominated: list[Ints] = []
    for rank in range(1, int(sizes.max()) + 1):
        done = sizes[one] == rank
        dominated.append(one[done])
        gone = np.zeros(len(covers), dtype=np.bool_)
        gone[one[done]] = True
        alive = ~gone[one]
        one, other = one[alive], other[alive]
        if not len(one):
            break
        wanted = other * rows + ranked[covers.starts[one] + rank]
        at = np.minimum(np.searchsorted(present, wanted), len(present) - 1)
        held = present[at] == wanted
        one, other = one[held], other[held]
    return names[np.unique(np.concatenate(dominated))]
