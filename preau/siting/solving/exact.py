"""The best choice, proven by HiGHS: minutes perhaps, so it tells where it is and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from preau.siting.solving.bounding import Bounded
from preau.siting.solving.choosing import Choice
from preau.siting.solving.reducing import Core
from preau.siting.solving.sparse import Ints, of_pairs

#: Told (value, bound) as they improve; answers whether to stop.
Watch = Callable[[float, float], bool]


@dataclass(frozen=True, slots=True)
class Proven:
    columns: Ints
    bound: float
    is_optimal: bool


def prove(core: Core, known: Bounded, watch: Watch, *, seconds: float) -> Proven:
    """Go on from a choice and its bound until nothing better is possible, or until told to stop."""
    part = _Part(core, *_open_columns(core, known))
    if part.is_decided:
        return _best_of(core, known, part.sure, 0.0, is_optimal=True)
    solver = part.model()
    solver.setOptionValue("time_limit", seconds)
    part.start_from(solver, known.choice)
    _watched(solver, watch, part, known)
    solver.run()
    info = solver.getInfo()
    taken = part.sure
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        taken = part.columns_of(np.array(solver.getSolution().col_value))
    is_optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return _best_of(core, known, taken, part.aside + info.mip_dual_bound, is_optimal=is_optimal)


def _best_of(core: Core, known: Bounded, taken: Ints, bound: float, *, is_optimal: bool) -> Proven:
    value = float(core.weights[np.unique(core.covers.of_all(taken))].sum())
    if value < known.choice.value:
        taken, value = np.array(known.choice.taken, dtype=np.int64), known.choice.value
    # Columns set aside are in no choice better than the one known.
    return Proven(taken, value if is_optimal else max(value, min(known.bound, bound)), is_optimal)


def _open_columns(core: Core, known: Bounded) -> tuple[Ints, Ints]:
    """Columns that a better choice might hold, and those that it would surely hold.

    Taking a column that the prices leave costs the bound the difference with the last they take:
    where that falls below the choice known, the column is in no better choice. And in reverse.
    """
    worth = np.add.reduceat(known.prices[core.covers.items], core.covers.starts[:-1])
    columns = np.arange(len(worth), dtype=np.int64)
    if core.places >= len(worth):
        return columns, columns[:0]
    ranked = np.sort(worth)[::-1]
    last_in, first_out = ranked[core.places - 1], ranked[core.places]
    slack = known.bound - known.choice.value + 1e-6 * float(core.weights.sum())
    out = last_in - worth > slack
    sure = worth - first_out > slack
    return columns[~out & ~sure], columns[sure]


class _Part:
    """What remains to be decided once the sure columns are taken."""

    def __init__(self, core: Core, columns: Ints, sure: Ints) -> None:
        covered = np.zeros(len(core.weights), dtype=np.bool_)
        covered[core.covers.of_all(sure)] = True
        covers = core.covers.take(columns)
        reachable = np.bincount(covers.items, minlength=len(core.weights)) > 0
        self._core, self._columns, self.sure = core, columns, sure
        self._rows = np.flatnonzero(reachable & ~covered)
        number = np.full(len(core.weights), -1, dtype=np.int64)
        number[self._rows] = np.arange(len(self._rows))
        rows = number[covers.items]
        self._covered_by = of_pairs(covers.columns[rows >= 0], rows[rows >= 0], len(columns))
        self.aside = float(core.weights[covered].sum())

    @property
    def is_decided(self) -> bool:
        return not len(self._columns) or not len(self._rows)

    def model(self) -> highspy.Highs:
        """Columns: taken or not (integers), then rows: covered or not (shares suffice)."""
        weights = self._core.weights[self._rows]
        m, n = len(self._columns), len(self._rows)
        by_row = self._covered_by.turned(n)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = m + n, n + 1
        lp.col_cost_ = np.concatenate((np.zeros(m), weights))
        lp.col_lower_, lp.col_upper_ = np.zeros(m + n), np.ones(m + n)
        places = self._core.places - len(self.sure)
        lp.row_lower_ = np.concatenate((np.zeros(n), [0.0]))
        lp.row_upper_ = np.concatenate((np.full(n, np.inf), [float(places)]))
        lp.integrality_ = [highspy.HighsVarType.kInteger] * m + [
            highspy.HighsVarType.kContinuous
        ] * n
        lp.sense_ = highspy.ObjSense.kMaximize
        # Row i: Σ x - z ≥ 0; the last: Σ x ≤ places.
        rows = np.arange(n)
        index = np.insert(by_row.items, by_row.starts[1:], m + rows)
        value = np.insert(np.ones(len(by_row.items)), by_row.starts[1:], -1.0)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.append(by_row.starts + np.arange(n + 1), len(index) + m)
        lp.a_matrix_.index_ = np.concatenate((index, np.arange(m)))
        lp.a_matrix_.value_ = np.concatenate((value, np.ones(m)))
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_rel_gap", 1e-7)
        solver.passModel(lp)
        return solver

    def start_from(self, solver: highspy.Highs, choice: Choice) -> None:
        taken = np.isin(self._columns, choice.taken)
        covered = choice.is_covered[self._rows]
        # Columns that the choice known lacks although sure, or has although out, leave no start.
        if int(taken.sum()) + len(self.sure) != len(choice.taken):
            return
        solution = highspy.HighsSolution()
        solution.col_value = np.concatenate((taken, covered)).astype(float).tolist()
        solver.setSolution(solution)

    def columns_of(self, values: object) -> Ints:
        taken = np.asarray(values)[: len(self._columns)] > 0.5
        return np.concatenate((self.sure, self._columns[taken]))


def _watched(solver: highspy.Highs, watch: Watch, part: _Part, known: Bounded) -> None:
    def listen(event: highspy.highs.HighsCallbackEvent) -> None:
        out = event.data_out
        value = max(known.choice.value, _finite(part.aside + out.mip_primal_bound, 0.0))
        bound = min(known.bound, _finite(part.aside + out.mip_dual_bound, known.bound))
        if watch(value, max(value, bound)):
            event.interrupt()

    solver.cbMipInterrupt.subscribe(listen)


def _finite(value: float, otherwise: float) -> float:
    return value if abs(value) < 1e29 else otherwise
