"""Transactions that a verb shares with whoever calls it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def joined(verb: Callable[P, R]) -> Callable[P, R]:
    """All or nothing, in the caller's transaction if there is one, else in its own.

    Unlike `transaction.atomic` it makes no savepoint in the caller's, which costs two statements:
    for the small verbs that a booking is made of, whose failure ends the whole.
    """

    @wraps(verb)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return verb(*args, **kwargs)
        with transaction.atomic():
            return verb(*args, **kwargs)

    return inner
