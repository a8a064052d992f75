"""What somebody looks for among the projects they may read: said once, for every view of them.

The list, the map, the board and the exports start from `Filters.of`, in the same order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from preau.accounts.actors import Actor
from preau.core import clock
from preau.projects.actions.deadlines import not_paused
from preau.projects.enums import LIVE, PhaseStatus, ProjectState
from preau.projects.models import (
    Project,
    ProjectCommune,
    ProjectProgramme,
    ProjectText,
)
from preau.projects.queries.blockages import blocked
from preau.projects.standing import Sight, sight_of, state_side_to
from preau.resources.models.resources import SEARCH_CONFIG
from preau.territories import names
from preau.territories.models import Commune, Crte, Departement, Epci

#: Nothing has happened for so long.
DORMANT_DAYS = 60
#: Words beyond these say nothing more.
MOST_WORDS = 12
#: Overseas days begin earlier or later; a deadline is told from Paris.
ZONE = ZoneInfo("Europe/Paris")
ORDER = ("-updated_at", "-id")
_REFERENCE = re.compile(r"^P-?([2-9A-HJ-NP-Z]{4})-?([2-9A-HJ-NP-Z]{4})$")


@dataclass(frozen=True)
class Filters:
    """Every part may be empty. `programme` and `person` are keys; `person` is of the State."""

    words: str = ""
    states: tuple[str, ...] = ()
    phase: str = ""
    theme: str = ""
    programme: int | None = None
    crte: Crte | None = None
    epci: Epci | None = None
    commune: Commune | None = None
    departement: Departement | None = None
    region: str = ""
    person: int | None = None
    priority: str = ""
    blocked: bool = False
    dormant: bool = False
    late: bool = False
    #: south, west, north, east: a part of the map.
    box: tuple[float, float, float, float] | None = field(default=None)

    def of(self, actor: Actor, *, filed: bool = False) -> QuerySet[Project]:
        """What of it the actor may read; `filed` leaves drafts out."""
        sight = sight_of(actor, filed=filed)
        return self._apply(sight.projects, sight, actor)

    def in_parts(self, actor: Actor) -> list[QuerySet[Project]]:
        """What is filed of it, in parts that have nothing in common (`standing.Sight`)."""
        sight = sight_of(actor, filed=True)
        return [self._apply(one, sight, actor) for one in sight.parts or (sight.projects,)]

    def _apply(self, found: QuerySet[Project], sight: Sight, actor: Actor) -> QuerySet[Project]:
        found = self._by_columns(found)
        if self.words:
            found = found.filter(_worded(self.words, sight.within))
        if self.programme is not None:
            within = ProjectProgramme.objects.filter(programme=self.programme, until=None)
            found = found.filter(pk__in=within.values("project"))
        if self.commune is not None:
            where = ProjectCommune.objects.filter(commune=self.commune)
            found = found.filter(pk__in=where.values("project"))
        if self.priority:
            # Decided by the State's services, and read by them alone.
            found = found.filter(priority=self.priority, pk__in=state_side_to(actor).values("pk"))
        if self.blocked:
            found = found.filter(blocked())
        if self.dormant:
            found = found.filter(is_dormant())
        if self.late:
            found = found.filter(is_late())
        return found

    def _by_columns(self, found: QuerySet[Project]) -> QuerySet[Project]:
        if self.states:
            found = found.filter(state__in=self.states)
        if self.phase:
            found = found.filter(phase=self.phase)
        if self.theme:
            found = found.filter(themes__contains=[self.theme])
        if self.crte is not None:
            found = found.filter(crte=self.crte)
        if self.epci is not None:
            found = found.filter(epci=self.epci)
        if self.departement is not None:
            found = found.filter(departement_code=self.departement.code)
        if self.region:
            inside = Departement.objects.filter(region=self.region).values_list("code", flat=True)
            found = found.filter(departement_code__in=list(inside))
        if self.person is not None:
            found = found.filter(in_charge=self.person)
        if self.box is not None:
            south, west, north, east = self.box
            found = found.filter(latitude__range=(south, north), longitude__range=(west, east))
        return found


def is_dormant() -> Q:
    """Somebody should be at work on it, and nothing has happened for two months."""
    since = clock.now() - timedelta(days=DORMANT_DAYS)
    return Q(not_paused(), state__in=LIVE, updated_at__lt=since)


def is_late() -> Q:
    """Its deadline has passed, nobody took it into account in time, or its holder says so."""
    overdue = Q(due_on__lt=clock.today(ZONE))
    unanswered = Q(state=ProjectState.DEPOSITED, acknowledge_by__lt=clock.now())
    return Q(state__in=LIVE) & (overdue | unanswered | Q(phase_status=PhaseStatus.LATE))


def _worded(text: str, within: Q) -> Q:
    """A reference or a SIRET exactly; else every word, or a word that begins so."""
    compact = re.sub(r"\s", "", text)
    if reference := _REFERENCE.match(compact.upper()):
        return Q(reference=f"P-{reference[1]}-{reference[2]}")
    if re.fullmatch(r"\d{14}", compact):
        return Q(holder_siret=compact)
    words = names.search_key(text).split()[:MOST_WORDS]
    if not words:  # signs alone
        return Q(pk__in=())
    query = SearchQuery(
        " & ".join(f"{word}:*" for word in words), config=SEARCH_CONFIG, search_type="raw"
    )
    return Q(pk__in=ProjectText.objects.filter(within, words=query).values("project"))
