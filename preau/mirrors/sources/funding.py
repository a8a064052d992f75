"""Funding requests of the projects that the organisation reads, for their financial follow-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from preau.accounts.actors import Actor
from preau.mirrors.sources.base import (
    Cells,
    Field,
    Group,
    Source,
    cents_of,
    day_of,
    in_euros,
    one_of,
    project_page,
    text_of,
)
from preau.mirrors.sources.projects import scope
from preau.projects.actions.funding import change, facts_of
from preau.projects.enums import FundingState
from preau.projects.models import FundingRequest


def rows(actor: Actor) -> QuerySet[FundingRequest]:
    return FundingRequest.objects.filter(project__in=scope(actor)).select_related("project")


def since(found: QuerySet[FundingRequest], moment: datetime) -> QuerySet[FundingRequest]:
    return found.filter(project__updated_at__gte=moment)


def _follow_up(subject: int, cells: Cells, actor: Actor) -> None:
    request = FundingRequest.objects.select_related("project", "recommendation").get(pk=subject)
    facts = replace(
        facts_of(request),
        state=one_of(FundingState, cells, "etat", "État"),
        asked_cents=cents_of(cells, "demande", "Montant demandé"),
        asked_on=day_of(cells, "deposee", "Déposée le"),
        granted_cents=cents_of(cells, "accorde", "Montant accordé"),
        decided_on=day_of(cells, "decision", "Décision du"),
    )
    change(request, facts, actor=actor, seen_state=request.state)


def _number(subject: int, cells: Cells, actor: Actor) -> None:
    request = FundingRequest.objects.select_related("project", "recommendation").get(pk=subject)
    number = text_of(cells, "dossier", 60, "Numéro de dossier")
    facts = replace(facts_of(request), external_number=number)
    change(request, facts, actor=actor, seen_state=request.state)


FUNDING = Source(
    key="financements",
    label="Demandes de financement",
    table="Financements",
    rows=rows,
    since=since,
    address=lambda one: project_page(one.project.key),
    title=lambda one: f"{one.project.reference} – {one.label}",
    fields=(
        Field("reference", "Référence du projet", lambda one: one.project.reference),
        Field("projet", "Projet", lambda one: one.project.name),
        Field("departement", "Département", lambda one: one.project.departement_code),
        Field("aide", "Aide demandée", lambda one: one.label),
        Field("financeur", "Financeur", lambda one: one.funder),
        Field("dossier", "Numéro de dossier", lambda one: one.external_number),
        Field(
            "etat",
            "État",
            lambda one: one.get_state_display(),
            "Choice",
            choices=tuple(str(one.label) for one in FundingState),
        ),
        Field("demande", "Montant demandé (€)", lambda one: in_euros(one.asked_cents), "Numeric"),
        Field("deposee", "Déposée le", lambda one: one.asked_on, "Date"),
        Field("accorde", "Montant accordé (€)", lambda one: in_euros(one.granted_cents), "Numeric"),
        Field("decision", "Décision du", lambda one: one.decided_on, "Date"),
        Field("lien", "Fiche dans Préau", lambda one: project_page(one.project.key)),
    ),
    groups=(
        Group(
            "suivi",
            "État, montants et dates",
            ("etat", "demande", "deposee", "accorde", "decision"),
            _follow_up,
            "Le suivi financier : ce qui est déposé, accordé ou refusé, et quand.",
        ),
        Group("dossier", "Numéro de dossier", ("dossier",), _number),
    ),
)
