"""The watch: what is followed, and beside it what emerges and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.core import clock
from preau.directory.enums import SheetState
from preau.directory.models import Sheet
from preau.projects.models import Project
from preau.projects.standing import visible_to
from preau.siting.concerning import about_places
from preau.siting.enums import ScenarioState, WatchState
from preau.siting.models import Scenario, SitingStudy, WatchItem
from preau.siting.outcome import outcome_of
from preau.territories.areas import area, departements_of
from preau.territories.models import Commune

NEW_SINCE = timedelta(days=90)
MOST = 15
GAPS_A_STUDY = 4
MOST_STUDIES = 10
MOST_ITEMS = 200


def items(organization: Organization, *, closed: bool = False) -> QuerySet[WatchItem]:
    found = WatchItem.objects.filter(organization=organization)
    found = (
        found.filter(state=WatchState.CLOSED) if closed else found.exclude(state=WatchState.CLOSED)
    )
    rows = found.select_related("owner", "project", "sheet", "scenario")
    return rows.defer("scenario__result", "scenario__counted").order_by("-id")[:MOST_ITEMS]


def watched_departements(organization: Organization) -> list[str]:
    """Those of the studies of the cell, and its own."""
    codes = set()
    studies = SitingStudy.objects.filter(organization=organization, archived_at=None)
    for key in studies.values_list("area_key", flat=True).distinct()[:MOST_STUDIES]:
        codes |= set(departements_of(area(key)))
    if organization.commune_id is not None:
        home = Commune.objects.filter(pk=organization.commune_id)
        codes |= set(home.values_list("departement_id", flat=True))
    return sorted(codes)


def projects(actor: Actor, departements: list[str]) -> list[Project]:
    """Those that concern places, that the person may read, the latest first."""
    found = visible_to(actor, filed=True).filter(about_places())
    if departements:
        found = found.filter(departement_codes__overlap=departements)
    return list(found.select_related("lead_commune").order_by("-deposited_at", "-pk")[:MOST])


def sheets(departements: list[str]) -> list[Sheet]:
    """New in the directory for three months."""
    found = Sheet.objects.filter(
        state=SheetState.PUBLISHED,
        departement_code__in=departements,
        created_at__gte=clock.now() - NEW_SINCE,
    )
    return list(found.select_related("commune").order_by("-created_at", "-pk")[:MOST])


@dataclass(frozen=True, slots=True)
class StudyGaps:
    study: SitingStudy
    scenario: Scenario
    #: (commune, inhabitants that one more place would serve)
    gaps: list[tuple[Commune, float]]


def gaps(organization: Organization) -> list[StudyGaps]:
    """Of the last computed scenario of each study: where one more place would do most."""
    ready = Scenario.objects.filter(state=ScenarioState.READY).defer("counted").order_by("-id")
    studies = (
        SitingStudy.objects.filter(organization=organization, archived_at=None)
        .prefetch_related(Prefetch("scenarios", queryset=ready, to_attr="ready_ones"))
        .order_by("-id")[:MOST_STUDIES]
    )
    last = [(one, one.ready_ones[0]) for one in studies if one.ready_ones]
    after = {one.pk: outcome_of(one).after[:GAPS_A_STUDY] for _, one in last}
    codes = {gap.code for some in after.values() for gap in some}
    communes = Commune.objects.in_bulk(codes)
    return [
        StudyGaps(
            study,
            scenario,
            [(communes[g.code], g.gain) for g in after[scenario.pk] if g.code in communes],
        )
        for study, scenario in last
    ]
