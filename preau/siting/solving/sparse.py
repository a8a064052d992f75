"""Lists of integers one after the other: which rows each column covers, and the reverse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sparse:
    """`items[starts[j]:starts[j + 1]]` are the rows of column j, in order."""

    starts: Ints
    items: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, column: int) -> Ints:
        return self.items[self.starts[column] : self.starts[column + 1]]

    @property
    def sizes(self) -> Ints:
        return np.diff(self.starts)

    @property
    def columns(self) -> Ints:
        """The column of each item."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.sizes)

    def of_all(self, columns: Ints) -> Ints:
        """The items of several columns, one column after the other."""
        return self.items[spans(self.starts[columns], self.starts[columns + 1])]

    def take(self, columns: Ints) -> Sparse:
        return Sparse(_starts(self.sizes[columns]), self.of_all(columns))

    def sums(self, weights: Floats) -> Floats:
        """For each column, the sum of the weights of its rows."""
        return totals(self.columns, weights[self.items], len(self))

    def turned(self, rows: int) -> Sparse:
        """The columns of each row."""
        order = np.argsort(self.items, kind="stable")
        sizes = np.bincount(self.items, minlength=rows)
        return Sparse(_starts(sizes), self.columns[order])


def of_pairs(columns: Ints, rows: Ints, width: int) -> Sparse:
    """From pairs in any order, each once."""
    order = np.lexsort((rows, columns))
    sizes = np.bincount(columns, minlength=width)
    return Sparse(_starts(sizes), rows[order].astype(np.int64))


def totals(groups: Ints, values: Floats, count: int) -> Floats:
    """The sum of the values of each group."""
    return np.asarray(np.bincount(groups, values, minlength=count), dtype=np.float64)


def spans(firsts: Ints, ends: Ints) -> Ints:
    """first, first + 1… end - 1 for each pair, one after the other."""
    sizes = ends - firsts
    total = int(sizes.sum())
    if not total:
        return np.zeros(0, dtype=np.int64)
    before = np.cumsum(sizes) - sizes
    return np.asarray(np.arange(total, dtype=np.int64) + np.repeat(firsts - before, sizes))


def _starts(sizes: Ints) -> Ints:
    starts = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts
