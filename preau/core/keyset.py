"""Keyset pages of what has a moment: what was published, what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

T = TypeVar("T", bound=Model)


def some(
    found: QuerySet[T], *, by: str, after: str, number: int, newest: bool = True
) -> tuple[list[T], str]:
    """One page, and what its « Suite » says: "" on the last one.

    Args:
        by: the moment that orders them.
        after: what the page before said; what no page of ours wrote is the first page.
        newest: the last moment first; else the soonest.
    """
    if (last := _read(after)) is not None:
        at, pk = last
        beyond = "lt" if newest else "gt"
        found = found.filter(Q(**{f"{by}__{beyond}": at}) | Q(**{by: at, f"pk__{beyond}": pk}))
    order = (f"-{by}", "-id") if newest else (by, "id")
    rows = list(found.order_by(*order)[: number + 1])
    if len(rows) <= number:
        return rows, ""
    end: Any = rows[number - 1]
    return rows[:number], f"{getattr(end, by).isoformat()}_{end.pk}"


def reads(after: str) -> bool:
    """Whether a page of ours wrote this."""
    return _read(after) is not None


def _read(after: str) -> tuple[datetime, int] | None:
    """Where the page before ended; None for what no page of ours wrote."""
    at, _, pk = after.partition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    known = moment.tzinfo is not None and pk.isascii() and pk.isdigit() and len(pk) <= 18
    return (moment, int(pk)) if known else None
