"""The board: a column a state, its newest projects and how many there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value

from preau.accounts.actors import Actor
from preau.portfolio.filters import ORDER, Filters
from preau.portfolio.queries.listing import Line, lines_of
from preau.projects.enums import ENDED, LIVE, ProjectState
from preau.projects.models import Project
from preau.projects.standing import sees_everywhere

NEWEST = 20
MOST_COUNTED = 500
#: As work goes on. Drafts are nobody's to move.
COLUMNS = (
    ProjectState.DEPOSITED,
    ProjectState.ACKNOWLEDGED,
    ProjectState.QUALIFIED,
    ProjectState.ACCOMPANIED,
    ProjectState.CLOSED,
    ProjectState.REFUSED,
    ProjectState.REDIRECTED,
)
assert set(COLUMNS) == LIVE | ENDED
_RANKED = """
SELECT id, state, total FROM (
    SELECT id, state, count(*) OVER (PARTITION BY state) AS total, row_number() OVER (
        PARTITION BY state ORDER BY updated_at DESC, id DESC) AS rank
    FROM ({found}) AS found (id, state, updated_at)
) AS ranked WHERE rank <= %s
"""


@dataclass(frozen=True)
class Column:
    """`total` is None beyond what a person counts."""

    state: ProjectState
    lines: list[Line]
    total: int | None

    @property
    def has_more(self) -> bool:
        return self.total is None or self.total > len(self.lines)


def columns(filters: Filters, actor: Actor) -> list[Column]:
    """The columns asked for; all of them when no state is."""
    wanted = [one for one in COLUMNS if not filters.states or one in filters.states]
    if sees_everywhere(actor) and not filters.words:
        keys, totals = _walked(filters.of(actor, filed=True), wanted)
    else:
        keys, totals = _ranked(filters.in_parts(actor), wanted)
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in lines_of(keys, actor):
        lines[line.project.state].append(line)
    return [Column(state, lines[state], totals.get(state, 0)) for state in wanted]


def _walked(
    found: QuerySet[Project], wanted: list[ProjectState]
) -> tuple[list[int], dict[str, int | None]]:
    """The newest of each state by its index; then a count that stops."""
    if not wanted:
        return [], {}
    parts = [
        found.filter(state=state).order_by(*ORDER).values_list("pk", "state")[:NEWEST]
        for state in wanted
    ]
    keys = (
        [pk for pk, _ in parts[0].union(*parts[1:], all=True)]
        if len(parts) > 1
        else [pk for pk, _ in parts[0]]
    )
    counted = [
        found.filter(state=state)
        .order_by()
        .annotate(one=Value(1))
        .values("state", "one")[: MOST_COUNTED + 1]
        for state in wanted
    ]
    totals: dict[str, int | None] = {}
    for state, part in zip(wanted, counted, strict=True):
        number = part.count()
        totals[state] = number if number <= MOST_COUNTED else None
    return keys, totals


def _ranked(
    parts: list[QuerySet[Project]], wanted: list[ProjectState]
) -> tuple[list[int], dict[str, int | None]]:
    """One pass over what there is: a territory, what a text finds."""
    rows = [
        one.filter(state__in=wanted).order_by().values_list("pk", "state", "updated_at")
        for one in parts
    ]
    keys: list[int] = []
    totals: dict[str, int | None] = {}
    try:
        statement, parameters = rows[0].union(*rows[1:], all=True).query.sql_with_params()
    except EmptyResultSet:
        return keys, totals
    with connection.cursor() as cursor:
        cursor.execute(_RANKED.replace("{found}", statement), [*parameters, NEWEST])
        for pk, state, total in cursor.fetchall():
            keys.append(pk)
            totals[state] = total
    return keys, totals
