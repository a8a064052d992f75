"""A mixed-integer program written row by row, and HiGHS that solves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

INFINITE = highspy.kHighsInf


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: `values` is None when no solution was found in the time given."""

    values: Sequence[float] | None
    value: float
    bound: float
    is_optimal: bool


class Model:
    """Maximise, under rows; variables are numbered as they come."""

    def __init__(self) -> None:
        self._gain: list[float] = []
        self._upper: list[float] = []
        self._whole: list[bool] = []
        self._starts, self._columns, self._factors = [0], list[int](), list[float]()
        self._most: list[float] = []

    def var(self, gain: float = 0.0, *, most: float = 1.0, whole: bool = True) -> int:
        """A variable from zero to `most`."""
        self._gain.append(gain)
        self._upper.append(most)
        self._whole.append(whole)
        return len(self._gain) - 1

    def at_most(self, most: float, terms: Iterable[tuple[int, float]]) -> None:
        """Σ factor × variable ≤ most."""
        for column, factor in terms:
            self._columns.append(column)
            self._factors.append(factor)
        self._starts.append(len(self._columns))
        self._most.append(most)

    @property
    def size(self) -> int:
        return len(self._gain)

    def _lp(self, *, relaxed: bool) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self._gain), len(self._most)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.array(self._gain)
        lp.col_lower_ = np.zeros(len(self._gain))
        lp.col_upper_ = np.array(self._upper)
        lp.row_lower_ = np.full(len(self._most), -INFINITE)
        lp.row_upper_ = np.array(self._most)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self._starts)
        lp.a_matrix_.index_ = np.array(self._columns)
        lp.a_matrix_.value_ = np.array(self._factors)
        if not relaxed:
            kinds = highspy.HighsVarType
            lp.integrality_ = [
                kinds.kInteger if whole else kinds.kContinuous for whole in self._whole
            ]
        return lp

    def solve(
        self,
        seconds: float,
        *,
        gap: float = 0.0,
        seed: int = 0,
        start: Sequence[float] | None = None,
        relaxed: bool = False,
    ) -> Outcome:
        """The best found in that time, and what none can exceed."""
        if not self._gain:
            return Outcome([], 0.0, 0.0, True)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, option in (
            ("output_flag", False),
            ("time_limit", max(seconds, 0.05)),
            ("mip_rel_gap", gap),
            ("random_seed", seed),
            ("threads", 1),
        ):
            solver.setOptionValue(name, option)
        solver.passModel(self._lp(relaxed=relaxed))
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = list(start)
            solver.setSolution(known)
        solver.run()
        return self._outcome(solver, relaxed=relaxed)

    def _outcome(self, solver: highspy.Highs, *, relaxed: bool) -> Outcome:
        info = solver.getInfo()
        status = highspy.HighsModelStatus
        is_optimal = solver.getModelStatus() == status.kOptimal
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if relaxed:  # the bound is the value, once it is proved
            value = info.objective_function_value if is_optimal else INFINITE
            return Outcome(list(solver.getSolution().col_value), value, value, is_optimal)
        values = list(solver.getSolution().col_value) if found else None
        value = info.objective_function_value if found else -INFINITE
        return Outcome(values, value, info.mip_dual_bound, is_optimal)
