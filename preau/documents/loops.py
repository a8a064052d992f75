"""pyHanko starts an event loop of its own: where one already runs, it needs a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def outside_any_loop(work: Callable[P, R]) -> Callable[P, R]:
    """Run the function here, or in a thread when an event loop runs here."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return work(*args, **kwargs)
        here = copy_context()  # the clock may be stopped
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: here.run(work, *args, **kwargs)).result()

    return run
