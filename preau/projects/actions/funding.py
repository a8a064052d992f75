"""Money asked for a project, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import euros
from preau.projects import perms
from preau.projects.actions.states import lock, lock_open
from preau.projects.enums import (
    FUNDING_SENT,
    FUNDING_TRANSITIONS,
    SHOWN,
    EventKind,
    FundingState,
)
from preau.projects.history import note
from preau.projects.models import FundingRequest, Project, Recommendation

S = FundingState


@dataclass(frozen=True, slots=True)
class FundingFacts:
    """What a person says of one request."""

    label: str
    funder: str = ""
    external_number: str = ""
    state: FundingState = S.PLANNED
    asked_cents: int | None = None
    asked_on: date | None = None
    granted_cents: int | None = None
    decided_on: date | None = None
    recommendation: Recommendation | None = None


def facts_of(request: FundingRequest) -> FundingFacts:
    """What a request says now, to change one thing of it."""
    return FundingFacts(
        label=request.label,
        funder=request.funder,
        external_number=request.external_number,
        state=FundingState(request.state),
        asked_cents=request.asked_cents,
        asked_on=request.asked_on,
        granted_cents=request.granted_cents,
        decided_on=request.decided_on,
        recommendation=request.recommendation,
    )


_COLUMNS = [one.name for one in fields(FundingFacts) if one.name != "recommendation"]


@transaction.atomic
def add(project: Project, facts: FundingFacts, *, actor: Actor) -> FundingRequest:
    """Note a request, sent already or only thought of.

    Raises:
        Forbidden: not theirs to write.
        Refusal: a fact is missing for its state, or two do not agree.
    """
    perms.require(actor, "project.fund", project)
    project = lock_open(project)
    request = FundingRequest(project=project, created_by=actor.user)
    _write(request, facts)
    note(
        project,
        EventKind.FUNDING,
        actor=actor,
        subject=request,
        change=("", request.state),
        reason=_amounts(request),
    )
    return request


@transaction.atomic
def change(
    request: FundingRequest, facts: FundingFacts, *, actor: Actor, seen_state: str = ""
) -> FundingRequest:
    """Correct it, or say what became of it.

    Raises:
        Forbidden: not theirs to write.
        Refusal: somebody changed its state meanwhile ("moved"), the table does not allow it
            ("transition"), a fact is missing.
    """
    perms.require(actor, "project.fund", request.project)
    project = lock(request.project)
    request = FundingRequest.objects.get(pk=request.pk)
    before = S(request.state)
    if seen_state and seen_state != before:
        raise Refusal(
            f"Quelqu’un vient de modifier cette demande : elle est « {before.label} »."
            " Relisez-la avant d’enregistrer.",
            code="moved",
        )
    if facts.state != before and facts.state not in FUNDING_TRANSITIONS[before]:
        raise Refusal(
            f"Une demande « {before.label} » ne peut pas devenir « {facts.state.label} ».",
            field="state",
            code="transition",
        )
    said = _amounts(request)
    _write(request, facts)
    amounts = _amounts(request)
    note(
        project,
        EventKind.FUNDING,
        actor=actor,
        subject=request,
        change=(before, request.state),
        reason=amounts if amounts == said else f"{amounts} (avant : {said or 'aucun montant'})",
    )
    return request


def _write(request: FundingRequest, facts: FundingFacts) -> None:
    facts = _kept(facts)
    _check(facts, clock.today(request.project.zone))
    come_from = facts.recommendation
    if come_from is not None and (
        come_from.project_id != request.project_id or come_from.state not in SHOWN
    ):
        raise Refusal(
            "Cette recommandation n’est pas de ce projet.",
            field="recommendation",
            code="recommendation",
        )
    for name in _COLUMNS:
        setattr(request, name, getattr(facts, name))
    request.recommendation = come_from
    request.resource_id = come_from.resource_id if come_from else request.resource_id
    request.save()


def _kept(facts: FundingFacts) -> FundingFacts:
    """Without what its state makes meaningless: what was typed before another state was chosen."""
    if facts.state != S.GRANTED:
        facts = replace(facts, granted_cents=None)
    if facts.state not in {S.GRANTED, S.REFUSED}:
        facts = replace(facts, decided_on=None)
    return facts


def _check(facts: FundingFacts, today: date) -> None:
    """The sentences; the constraints of the table are the guard.

    Raises:
        Refusal: on the field concerned.
    """
    if facts.state in FUNDING_SENT and not facts.asked_cents:
        raise Refusal("Indiquez le montant demandé.", field="asked_cents", code="asked")
    if facts.state in FUNDING_SENT and facts.asked_on is None:
        raise Refusal("Indiquez le jour du dépôt.", field="asked_on", code="asked_on")
    if facts.state == S.GRANTED and not facts.granted_cents:
        raise Refusal("Indiquez le montant accordé.", field="granted_cents", code="granted")
    if facts.state == S.GRANTED and facts.decided_on is None:
        raise Refusal("Indiquez le jour de la décision.", field="decided_on", code="decided_on")
    for name in ("asked_on", "decided_on"):
        day = getattr(facts, name)
        if day is not None and facts.state in FUNDING_SENT and day > today:
            raise Refusal("Ce jour n’est pas encore venu.", field=name, code="future")
    if facts.asked_on and facts.decided_on and facts.decided_on < facts.asked_on:
        raise Refusal(
            "La décision ne peut pas précéder le dépôt.", field="decided_on", code="order"
        )


def _amounts(request: FundingRequest) -> str:
    said = []
    if request.asked_cents:
        said.append(f"{euros(request.asked_cents)} demandés")
    if request.granted_cents:
        said.append(f"{euros(request.granted_cents)} accordés")
    return ", ".join(said)
