"""Saying how far a long command is: a line every two seconds at most."""

from __future__ import annotations

import time
from typing import Protocol

EVERY_SECONDS = 2.0


class Output(Protocol):
    def write(self, msg: str, /) -> object: ...


class Teller:
    """A `Progress` that writes lines."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._said: dict[str, float] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and now - self._said.get(step, 0.0) < EVERY_SECONDS:
            return
        self._said[step] = now
        self._output.write(f"{step}: {done} of {total} ({100 * done // max(total, 1)} %)")
