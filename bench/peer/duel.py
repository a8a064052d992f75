"""The same questions asked of both engines, in turn; times and differences kept."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

from bench.figures import figure
from bench.peer.engine import Engine

#: The first questions warm both engines up and are not counted.
WARM = 5
_Answer = TypeVar("_Answer")


def versus(name: str, preau: list[float], libres: list[float]) -> None:
    """Both medians and how many times longer libres takes."""
    figure(f"peer.{name}.preau", median(preau), "ms")
    figure(f"peer.{name}.libres", median(libres), "ms")
    figure(f"peer.{name}.ratio", median(libres) / median(preau), "times")


class Duel:
    """The same questions asked of both, one then the other first; times and differences kept."""

    def __init__(self, name: str, engine: Engine) -> None:
        self.name, self.engine = name, engine
        self.preau: list[float] = []
        self.libres: list[float] = []
        self.answers = self.different = 0

    @property
    def count(self) -> int:
        return len(self.preau)

    def ask(
        self,
        label: str,
        preau: Callable[[], _Answer],
        libres: Callable[[], _Answer],
        same: Callable[[_Answer, _Answer], bool] = lambda ours, theirs: ours == theirs,
    ) -> None:
        if self.count % 2:
            ours, theirs = self._time(preau, self.preau), self._time_libres(libres)
        else:
            theirs, ours = self._time_libres(libres), self._time(preau, self.preau)
        self.answers += bool(ours)
        if not same(ours, theirs):
            self.different += 1
            sys.stderr.write(f"  peer.{self.name}: {label}: Préau {ours}, libres {theirs}\n")

    def _time_libres(self, ask: Callable[[], _Answer]) -> _Answer:
        """With the end of the transaction: without it the session would answer from memory."""

        def whole() -> _Answer:
            try:
                return ask()
            finally:
                self.engine.session.rollback()

        return self._time(whole, self.libres)

    @staticmethod
    def _time(ask: Callable[[], _Answer], times: list[float]) -> _Answer:
        began = time.perf_counter()
        answer = ask()
        times.append(1000 * (time.perf_counter() - began))
        return answer

    def say(self) -> None:
        versus(self.name, self.preau[WARM:], self.libres[WARM:])
        figure(f"peer.{self.name}.questions", self.count, "questions")
        figure(f"peer.{self.name}.some_free", self.answers, "questions")
        figure(f"peer.{self.name}.mismatches", self.different, "questions")
