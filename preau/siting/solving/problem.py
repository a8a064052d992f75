"""What is asked of the solver, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from preau.siting.solving.sparse import Bools, Floats, Sparse


@dataclass(frozen=True, slots=True)
class Problem:
    """Choose `places` candidates that cover the most inhabitants (Church & ReVelle, 1974).

    Attributes:
        weights: inhabitants counted of each commune at each moment (communes × moments).
        covers: for each candidate, the communes within its reach. Among equals the first of
            them is preferred.
        opens: when each candidate would be open (candidates × moments).
        existing: which communes existing places cover already, and when (communes × moments).
        places: how many new places, the forced ones among them.
        forced: candidates that are part of any answer.
    """

    weights: Floats
    covers: Sparse
    opens: Bools
    existing: Bools
    places: int
    forced: tuple[int, ...] = ()


class Proof(StrEnum):
    """How an answer was obtained."""

    BOUND = "bound"  # heuristic answer with a certified bound
    OPTIMAL = "optimal"  # nothing better exists
    STOPPED = "stopped"  # the exact solver was stopped; its bound holds


@dataclass(frozen=True, slots=True)
class Answer:
    """Attributes:
    chosen: candidates, each the one that adds most to those before it (forced ones first).
    gains: what each adds, in that order.
    base: what existing places cover.
    covered: what all cover together.
    bound: no choice of as many candidates covers more.
    total: everything that could be covered.
    """

    chosen: tuple[int, ...]
    gains: tuple[float, ...]
    base: float
    covered: float
    bound: float
    total: float
    proof: Proof

    @property
    def gap(self) -> float:
        """At most how much better another choice could be, as a share of all (0 to 1)."""
        return max(0.0, self.bound - self.covered) / self.total if self.total else 0.0
