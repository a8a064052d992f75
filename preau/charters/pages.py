"""Long lists of the room, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """`previous` and `next` are addresses, "" at the ends."""

    rows: Sequence[Any]
    total: int
    previous: str = ""
    next: str = ""


def page_of(request: HttpRequest, rows: QuerySet[Any], *, name: str = "page") -> Page:
    """
    Args:
        rows: in an order that leaves no two of them equal.
        name: what the address calls it, where two lists share a page.
    """
    found = Paginator(rows, PAGE).get_page(request.GET.get(name, "1"))

    def at(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}"

    return Page(
        rows=list(found.object_list),
        total=found.paginator.count,
        previous=at(found.number - 1) if found.has_previous() else "",
        next=at(found.number + 1) if found.has_next() else "",
    )
