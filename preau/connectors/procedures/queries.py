"""Which démarches fit a project, its dossiers, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from preau.accounts.actors import Actor
from preau.connectors.models import Dossier, Procedure
from preau.connectors.procedures.remote import is_on
from preau.connectors.procedures.sources import Facts
from preau.connectors.procedures.states import (
    DECIDED,
    FILED,
    OVER,
    THERE,
    UNSENT,
    DossierState,
    ProcedureState,
)
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects.enums import FundingState
from preau.projects.models import FundingRequest, Project
from preau.territories.areas import NATION, area, keys_over

#: An intention that old was cut short: the call itself is bounded to a few seconds.
CUT_SHORT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Offer:
    """A démarche that fits, why, and the dossier under way there."""

    procedure: Procedure
    why: str
    dossier: Dossier | None


def kept_by(actor: Actor) -> QuerySet[Procedure]:
    """What the list shows: all to the operator, theirs and the published to a service."""
    found = Procedure.objects.select_related("programme", "organization").annotate(
        sent=Count("dossiers", filter=Q(dossiers__state__in=THERE))
    )
    if not actor.is_operator:
        theirs = Q(organization=actor.organization_id) | Q(state=ProcedureState.PUBLISHED)
        found = found.filter(theirs)
    return found.order_by("state", "label", "pk")


def offers(project: Project) -> list[Offer]:
    """Published, open, over one of its communes, of one of its programmes or of none."""
    if not is_on():
        return []
    communes = [one.commune for one in project.communes.select_related("commune__departement")]
    keys = {NATION.key, *(key for one in communes for key in keys_over(one))}
    programmes = project.programmes.filter(until=None).values("programme")
    found = Procedure.objects.select_related("programme").filter(
        Q(programme=None) | Q(programme__in=programmes),
        state=ProcedureState.PUBLISHED,
        confirmed_at__isnull=False,
        closed_at=None,
        area__in=keys,
    )
    under_way = {one.procedure_id: one for one in of_project(project).filter(_unfinished())}
    return [
        Offer(one, _why(one), under_way.get(one.pk))
        for one in found.order_by("closes_on", "label")
        if one.is_offered
    ]


def _why(procedure: Procedure) -> str:
    said = [area_label(procedure)]
    if procedure.programme:
        said.append(f"votre projet est dans « {procedure.programme.name} »")
    return ", ".join(said)


def area_label(procedure: Procedure) -> str:
    try:
        return area(procedure.area).label
    except Refusal:  # a territory that is no more
        return procedure.area


def _unfinished() -> Q:
    return Q(state__in=UNSENT | FILED)


def of_project(project: Project) -> QuerySet[Dossier]:
    """The newest first."""
    found = Dossier.objects.filter(project=project).select_related("procedure", "funding")
    return found.order_by("-id")


def shown_of(project: Project) -> list[Dossier]:
    """For the sheet: the last of each démarche, and those that were answered."""
    seen: set[int] = set()
    found = []
    for one in of_project(project)[:50]:
        if one.procedure_id not in seen or one.state in DECIDED:
            found.append(one)
        seen.add(one.procedure_id)
    return found


def current(project: Project, procedure: Procedure) -> Dossier | None:
    """The one under way, that stands in the way of another."""
    found = of_project(project).filter(_unfinished(), procedure=procedure).first()
    return None if found is None or found.may_restart or is_cut_short(found) else found


def last(project: Project, procedure: Procedure) -> Dossier | None:
    return of_project(project).filter(procedure=procedure).first()


def is_cut_short(dossier: Dossier) -> bool:
    is_old = dossier.created_at <= clock.now() - CUT_SHORT
    return dossier.state == DossierState.INTENDED and is_old


def planned(project: Project) -> QuerySet[FundingRequest]:
    """Requests thought of, not sent: a dossier may be theirs."""
    busy = Dossier.objects.filter(project=project).exclude(state__in=OVER).values("funding")
    found = project.funding_requests.filter(state=FundingState.PLANNED)
    return found.exclude(pk__in=busy).order_by("-id")


def facts(project: Project, asked_cents: int | None, funding: FundingRequest | None) -> Facts:
    gone = (FundingState.REFUSED, FundingState.WITHDRAWN)
    others = project.funding_requests.exclude(state__in=gone).order_by("pk")
    if funding is not None:
        others = others.exclude(pk=funding.pk)
    return Facts(project, asked_cents, tuple(others))


def due() -> QuerySet[Dossier]:
    """Those whose state is to be asked again, the longest unasked first."""
    now = clock.now()
    live = Q(state__in=THERE - DECIDED) & _not_asked_since(now - timedelta(minutes=50))
    # An instructor may take a decision back: asked once a day, for a year.
    answered = (
        Q(state__in=DECIDED, moved_at__gt=now - timedelta(days=365))
        & _not_asked_since(now - timedelta(days=1))
    )  # fmt: skip
    return Dossier.objects.filter(live | answered).order_by("checked_at", "pk")


def _not_asked_since(moment: object) -> Q:
    return Q(checked_at=None) | Q(checked_at__lt=moment)


def waiting() -> int:
    """How many dossiers have not been asked about for longer than they should."""
    return due().count() if is_on() else 0
