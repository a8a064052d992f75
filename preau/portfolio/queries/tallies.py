"""How many projects, how far: from the counts made ahead for a service's territory, from the
projects themselves for everybody else, who see few."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from preau.accounts.actors import Actor
from preau.portfolio.filters import is_dormant, is_late
from preau.portfolio.models import CELLS, STATES, CountedAt, ProjectCount
from preau.projects.enums import LIVE, ProjectState
from preau.projects.queries.blockages import blocked
from preau.projects.standing import competence_of, visible_to
from preau.resources.enums import Phase

PHASES = tuple(Phase)
_SUMS = ("projects", "blocked", "late", "dormant", "budget_cents", "with_budget")


@dataclass
class Tally:
    """Some projects, counted."""

    cells: dict[tuple[str, str], int] = field(default_factory=dict)
    projects: int = 0
    blocked: int = 0
    late: int = 0
    dormant: int = 0
    budget_cents: int = 0
    with_budget: int = 0

    def add(self, row: dict[str, Any]) -> None:
        key = (row["state"], row["phase"])
        self.cells[key] = self.cells.get(key, 0) + row["projects"]
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + (row[name] or 0))

    def merge(self, other: Tally) -> None:
        for key, number in other.cells.items():
            self.cells[key] = self.cells.get(key, 0) + number
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def of_state(self, state: str) -> int:
        return sum(number for (one, _), number in self.cells.items() if one == state)

    def of_phase(self, phase: str) -> int:
        return sum(number for (_, one), number in self.cells.items() if one == phase)

    @property
    def budget_euros(self) -> int:
        return round(self.budget_cents / 100)

    @property
    def live(self) -> int:
        return sum(self.of_state(state) for state in LIVE)

    @property
    def closed(self) -> int:
        return self.of_state(ProjectState.CLOSED)

    @property
    def waiting(self) -> int:
        return self.of_state(ProjectState.DEPOSITED)

    @property
    def phases(self) -> list[int]:
        return [self.of_phase(phase) for phase in PHASES]

    @property
    def grid(self) -> list[tuple[ProjectState, list[int], int]]:
        """A line a state: its phases, then all of them."""
        return [
            (state, [self.cells.get((state, phase), 0) for phase in PHASES], self.of_state(state))
            for state in STATES
        ]


@dataclass(frozen=True)
class Reach:
    """What may be counted ahead for somebody: départements, or None for the nation.

    `live` says that it may not: their projects are counted one by one, as they see few.
    """

    actor: Actor
    codes: frozenset[str] | None = None
    live: bool = False

    def inside(self) -> Q:
        """The rows of it whole: the nation's own, or those of its départements."""
        whole = Q(crte_code=None)
        if self.codes is None:
            return whole & Q(departement_code=None)
        return whole & Q(departement_code__in=self.codes)


def reach_of(actor: Actor) -> Reach:
    service = competence_of(actor)
    if service is None or service.departements == frozenset():
        return Reach(actor, frozenset(), live=True)
    return Reach(actor, service.departements)


def counted_at() -> datetime | None:
    """When the counts were made; None before the first time."""
    found = CountedAt.objects.first()
    return found.at if found else None


def by(reach: Reach, name: str, *, only: Any = None) -> dict[Any, Tally]:
    """A tally for each `crte`, `programme` or `departement`, or for `only` one of them."""
    found: dict[Any, Tally] = {}
    if reach.live:
        for one in _live(reach, name, only):
            found.setdefault(one["what"], Tally()).add(one)
        return found
    for row in _ahead(reach, name, only):
        found.setdefault(getattr(row, _KEYS[name]), Tally()).merge(_tally(row))
    return found


def whole(reach: Reach) -> Tally:
    """All of it, each project once."""
    tally = Tally()
    for row in ProjectCount.objects.filter(reach.inside(), programme_id=None):
        tally.merge(_tally(row))
    return tally


def _tally(row: ProjectCount) -> Tally:
    sums = {name: getattr(row, name) for name in _SUMS}
    return Tally(dict(zip(CELLS, row.cells, strict=True)), **sums)


_KEYS = {"crte": "crte_code", "programme": "programme_id", "departement": "departement_code"}


def _ahead(reach: Reach, name: str, only: Any) -> QuerySet[ProjectCount]:
    if name == "programme":
        rows = ProjectCount.objects.filter(reach.inside(), programme_id__isnull=False)
    else:
        rows = ProjectCount.objects.filter(programme_id=None, departement_code__isnull=False)
        rows = rows.filter(crte_code__gt="") if name == "crte" else rows.filter(crte_code=None)
        if reach.codes is not None:
            rows = rows.filter(departement_code__in=reach.codes)
    return rows if only is None else rows.filter(**{_KEYS[name]: only})


def _live(reach: Reach, name: str, only: Any) -> Iterable[dict[str, Any]]:
    key = {"crte": "crte", "programme": "programmes__programme", "departement": "departement_code"}
    wanted: dict[str, Any] = {f"{key[name]}__isnull": False}
    if name == "programme":
        wanted["programmes__until"] = None
    if only is not None:
        wanted[key[name]] = only
    # At once: each `filter` would join the programmes anew, and count a project several times.
    rows = visible_to(reach.actor).exclude(state=ProjectState.DRAFT).filter(**wanted)
    found = rows.order_by().annotate(
        is_blocked=blocked(), is_late=_flag(is_late()), is_dormant=_flag(is_dormant())
    )
    return (
        {
            "what": row[key[name]],
            "state": row["state"],
            "phase": row["phase"],
            "projects": 1,
            "blocked": int(row["is_blocked"]),
            "late": int(row["is_late"]),
            "dormant": int(row["is_dormant"]),
            "budget_cents": row["budget_cents"] or 0,
            "with_budget": int(row["budget_cents"] is not None),
        }
        for row in found.values(
            key[name], "pk", "state", "phase", "budget_cents", "is_blocked", "is_late", "is_dormant"
        )
    )


def _flag(condition: Q) -> Any:
    return Case(When(condition, then=Value(True)), default=Value(False))
