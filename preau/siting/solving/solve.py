"""The whole way: reduce, choose, exchange, bound; and on to the proof when asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from preau.siting.solving import exact
from preau.siting.solving.bounding import Bounded, bound
from preau.siting.solving.choosing import exchange, greedy, in_order
from preau.siting.solving.problem import Answer, Problem, Proof
from preau.siting.solving.reducing import Core, layered, reduce
from preau.siting.solving.sparse import Bools, Ints

ROUNDS = 1500
#: Steps of the bound over all pairs that an answer « at once » may take: about two seconds.
_AT_ONCE = 400_000_000
#: Seconds of a proof: what is not proven then is given with its gap.
LONGEST = 1800.0
_PASSES = 60
#: Told (covered, bound) as they improve; answers whether to stop.
Watch = Callable[[float, float], bool]


def quick(problem: Problem, *, rounds: int = 0) -> Answer:
    """A good answer with its certified bound. The same problem gives the same answer.

    Args:
        rounds: of the bound; 0 for as many as a person may wait for.
    """
    core = reduce(problem)
    if not rounds:
        rounds = max(100, min(ROUNDS, _AT_ONCE // max(1, len(core.covers.items))))
    return _answer(problem, core, *_bounded(core, rounds))


def prove(
    problem: Problem, watch: Watch, *, seconds: float = LONGEST, rounds: int = ROUNDS
) -> Answer:
    """The best answer, or the best found when stopped; `watch` is told of each improvement."""
    core = reduce(problem)
    known, taken = _bounded(core, rounds)
    if known is None:
        return _answer(problem, core, known, taken)
    base = core.base
    if watch(base + known.choice.value, base + known.bound):
        return replace(_answer(problem, core, known, taken), proof=Proof.STOPPED)
    proven = exact.prove(
        core, known, lambda value, best: watch(base + value, base + best), seconds=seconds
    )
    known = Bounded(known.choice, proven.bound, known.prices)
    answer = _answer(problem, core, known, proven.columns)
    if proven.is_optimal:
        return replace(answer, proof=Proof.OPTIMAL, bound=answer.covered)
    return replace(answer, proof=Proof.STOPPED)


def coverage(problem: Problem, chosen: tuple[int, ...]) -> Bools:
    """Which communes are covered, and when (communes × moments)."""
    covered = problem.existing.copy()
    for candidate in chosen:
        rows = problem.covers.of(candidate)
        covered[np.ix_(rows, problem.opens[candidate])] = True
    return covered


def _bounded(core: Core, rounds: int) -> tuple[Bounded | None, Ints]:
    """None: there is nothing to choose."""
    if not core.places or not len(core.names):
        return None, np.zeros(0, dtype=np.int64)
    choice = greedy(core)
    if len(choice.taken) < core.places:  # nothing is left that would add anything
        return None, np.array(choice.taken, dtype=np.int64)
    exchange(core, choice, _PASSES)
    known = bound(core, choice, rounds)
    return known, np.array(known.choice.taken, dtype=np.int64)


def _answer(problem: Problem, core: Core, known: Bounded | None, taken: Ints) -> Answer:
    base = float((problem.weights * problem.existing).sum())
    weights, covers = layered(problem)
    forced = np.array(problem.forced, dtype=np.int64)
    chosen, gains = in_order(weights, covers, forced, core.names[taken])
    covered = base + sum(gains)
    top = covered if known is None else max(covered, core.base + known.bound)
    if top - covered <= 1e-9 * float(problem.weights.sum()):
        top = covered
    return Answer(
        chosen=tuple(chosen),
        gains=tuple(gains),
        base=base,
        covered=covered,
        bound=top,
        total=float(problem.weights.sum()),
        proof=Proof.OPTIMAL if top == covered else Proof.BOUND,
    )
