"""Keyset pages of what was published, the newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

T = TypeVar("T", bound=Model)


def some(found: QuerySet[T], *, by: str, after: str, number: int) -> tuple[list[T], str]:
    """One page, and what its « Suite » says: "" on the last one.

    Args:
        by: the moment that orders them.
        after: what the page before said; what no page of ours wrote is the first page.
    """
    if (last := _read(after)) is not None:
        at, pk = last
        found = found.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": pk}))
    rows = list(found.order_by(f"-{by}", "-id")[: number + 1])
    if len(rows) <= number:
        return rows, ""
    end: Any = rows[number - 1]
    return rows[:number], f"{getattr(end, by).isoformat()}_{end.pk}"


def _read(after: str) -> tuple[datetime, int] | None:
    """Where the page before ended; None for what no page of ours wrote."""
    at, _, pk = after.partition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    known = moment.tzinfo is not None and pk.isascii() and pk.isdigit() and len(pk) <= 18
    return (moment, int(pk)) if known else None
