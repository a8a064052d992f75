"""Projects that the organisation reads, drafts left out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    OuterRef,
    QuerySet,
    Value,
)

from preau.accounts.actors import Actor
from preau.mirrors.sources.base import (
    Cells,
    Field,
    Group,
    Source,
    in_euros,
    joined,
    on_day,
    one_of,
    project_page,
    text_of,
)
from preau.portfolio.totals import with_totals
from preau.projects.actions.phases import tell_phase
from preau.projects.actions.triage import prioritise
from preau.projects.enums import PhaseStatus, Priority, ProjectState
from preau.projects.models import (
    Project,
)
from preau.projects.standing import sees_everywhere, state_side_to, visible_to
from preau.resources.enums import Phase, Theme


def scope(actor: Actor) -> QuerySet[Project]:
    return visible_to(actor, filed=True)


def rows(actor: Actor) -> QuerySet[Project]:
    inside: Any = Exists(state_side(actor).filter(pk=OuterRef("pk")))
    if sees_everywhere(actor):
        inside = Value(True, output_field=BooleanField())
    related = ("lead_commune", "epci", "crte", "holder_organization", "holder_user", "in_charge")
    return with_totals(scope(actor).select_related(*related).annotate(inside=inside))


def state_side(actor: Actor) -> QuerySet[Project]:
    return scope(actor) if sees_everywhere(actor) else state_side_to(actor)


def since(found: QuerySet[Project], moment: datetime) -> QuerySet[Project]:
    return found.filter(updated_at__gte=moment)


def _priority(subject: int, cells: Cells, actor: Actor) -> None:
    prioritise(
        Project.objects.get(pk=subject),
        one_of(Priority, cells, "priorite", "Priorité"),
        reason=text_of(cells, "motif_priorite", 300, "Motif de la priorité"),
        actor=actor,
    )


def _phase(subject: int, cells: Cells, actor: Actor) -> None:
    tell_phase(
        Project.objects.get(pk=subject),
        one_of(Phase, cells, "phase", "Phase"),
        one_of(PhaseStatus, cells, "avancement", "Avancement"),
        actor=actor,
    )


def _label(enum: Any, value: str) -> str:
    return str(enum(value).label)


PROJECTS = Source(
    key="projets",
    label="Projets",
    table="Projets",
    rows=rows,
    since=since,
    state_side=state_side,
    address=lambda one: project_page(one.key),
    title=lambda one: f"{one.reference} – {one.name}",
    fields=(
        Field("reference", "Référence", lambda one: one.reference),
        Field("nom", "Projet", lambda one: one.name),
        Field("etat", "État", lambda one: _label(ProjectState, one.state), "Choice"),
        Field(
            "phase",
            "Phase",
            lambda one: _label(Phase, one.phase),
            "Choice",
            choices=tuple(str(one.label) for one in Phase),
        ),
        Field(
            "avancement",
            "Avancement",
            lambda one: _label(PhaseStatus, one.phase_status),
            "Choice",
            choices=tuple(str(one.label) for one in PhaseStatus),
        ),
        Field("themes", "Thèmes", lambda one: joined(Theme, one.themes), "ChoiceList"),
        Field("porteur", "Porteur", lambda one: one.holder),
        Field("siret", "SIRET du porteur", lambda one: one.holder_siret),
        Field("code_commune", "Code de la commune", lambda one: one.lead_commune_id),
        Field("commune", "Commune", lambda one: one.lead_commune.name),
        Field("communes", "Communes", lambda one: one.commune_names),
        Field("departement", "Département", lambda one: one.departement_code),
        Field("epci", "Intercommunalité", lambda one: one.epci.name if one.epci else ""),
        Field("crte", "CRTE", lambda one: one.crte.name if one.crte else ""),
        Field("programmes", "Programmes", lambda one: one.programme_names),
        Field("budget", "Budget (€)", lambda one: in_euros(one.budget_cents), "Numeric"),
        Field("debut", "Début prévu", lambda one: one.starts_on, "Date"),
        Field("fin", "Fin prévue", lambda one: one.ends_on, "Date"),
        Field("depot", "Déposé le", lambda one: on_day(one.deposited_at), "Date"),
        Field(
            "prise_en_compte", "Pris en compte le", lambda one: on_day(one.acknowledged_at), "Date"
        ),
        Field(
            "premier_conseil", "Premier conseil le", lambda one: on_day(one.first_advice_at), "Date"
        ),
        Field("termine_le", "Terminé le", lambda one: on_day(one.ended_at), "Date"),
        Field("motif_fin", "Motif de fin", lambda one: one.end_reason, usual=False),
        Field("blocages", "Blocages en cours", lambda one: one.standing_blockages, "Int"),
        Field("recommandations", "Recommandations envoyées", lambda one: one.sent_advice, "Int"),
        Field("demande", "Financements demandés (€)", lambda one: in_euros(one.asked), "Numeric"),
        Field("accorde", "Financements accordés (€)", lambda one: in_euros(one.granted), "Numeric"),
        Field(
            "en_charge",
            "En charge",
            lambda one: one.in_charge.full_name if one.in_charge else "",
            usual=False,
            is_personal=True,
        ),
        Field(
            "contact",
            "Personne à joindre",
            lambda one: one.contact_name,
            usual=False,
            is_personal=True,
        ),
        Field(
            "courriel",
            "Courriel du contact",
            lambda one: one.contact_email,
            usual=False,
            is_personal=True,
        ),
        Field("pourquoi", "Pourquoi ce projet", lambda one: one.purpose, usual=False),
        Field(
            "priorite",
            "Priorité",
            lambda one: _label(Priority, one.priority) if one.priority else "",
            "Choice",
            state_side=True,
            choices=tuple(str(one.label) for one in Priority if one.value),
        ),
        Field(
            "motif_priorite",
            "Motif de la priorité",
            lambda one: one.priority_reason,
            state_side=True,
        ),
        Field("lien", "Fiche dans Préau", lambda one: project_page(one.key)),
    ),
    groups=(
        Group(
            "priorite",
            "Priorité et son motif",
            ("priorite", "motif_priorite"),
            _priority,
            "Pour les services qui trient les projets. Une priorité va avec son motif.",
        ),
        Group(
            "phase",
            "Phase et avancement",
            ("phase", "avancement"),
            _phase,
            "Pour les projets que vous portez, ou auxquels vous participez.",
        ),
    ),
)
