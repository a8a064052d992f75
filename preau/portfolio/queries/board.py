"""The board: a column a state, its newest projects and how many there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from preau.accounts.actors import Actor
from preau.portfolio.filters import ORDER, Filters
from preau.portfolio.queries.listing import Line, lines_of
from preau.projects.enums import ENDED, LIVE, ProjectState
from preau.projects.models import Project
from preau.projects.standing import competence_of

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
    found = filters.of(actor, filed=True)
    keys, totals = _walked(found, wanted) if _is_wide(filters, actor) else _ranked(found, wanted)
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in lines_of(keys, actor):
        lines[line.project.state].append(line)
    return [Column(state, lines[state], totals.get(state, 0)) for state in wanted]


def _is_wide(filters: Filters, actor: Actor) -> bool:
    """Whether the country is to be walked, so that each column stops as soon as it is full."""
    service = competence_of(actor)
    everywhere = actor.is_system or (service is not None and service.departements is None)
    return everywhere and not filters.words


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
    found: QuerySet[Project], wanted: list[ProjectState]
) -> tuple[list[int], dict[str, int | None]]:
    """One pass over what there is: a territory, what a text finds."""
    rows = (
        found.filter(state__in=wanted)
        .order_by()
        .annotate(
            rank=Window(RowNumber(), partition_by=F("state"), order_by=list(ORDER)),
            total=Window(Count("pk"), partition_by=F("state")),
        )
        .filter(rank__lte=NEWEST)
        .values_list("pk", "state", "total")
    )
    keys, totals = [], {}
    for pk, state, total in rows:
        keys.append(pk)
        totals[state] = total
    return keys, totals
