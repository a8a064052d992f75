"""Recommendations sent, of the projects that the organisation reads. Drafts never."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from preau.accounts.actors import Actor
from preau.mirrors.sources.base import Field, Source, on_day, project_page
from preau.mirrors.sources.projects import scope
from preau.projects.models import Recommendation
from preau.projects.queries.recommendations import sent_among


def rows(actor: Actor) -> QuerySet[Recommendation]:
    return sent_among(scope(actor)).select_related("project", "blockage", "resource")


def since(found: QuerySet[Recommendation], moment: datetime) -> QuerySet[Recommendation]:
    return found.filter(project__updated_at__gte=moment)


ADVICE = Source(
    key="recommandations",
    label="Recommandations",
    table="Recommandations",
    rows=rows,
    since=since,
    address=lambda one: project_page(one.project.key),
    title=lambda one: f"{one.project.reference} – {one.title}",
    fields=(
        Field("reference", "Référence du projet", lambda one: one.project.reference),
        Field("projet", "Projet", lambda one: one.project.name),
        Field("departement", "Département", lambda one: one.project.departement_code),
        Field("titre", "Recommandation", lambda one: one.title),
        Field("nature", "Nature", lambda one: one.get_kind_display(), "Choice"),
        Field("etat", "État", lambda one: one.get_state_display(), "Choice"),
        Field("blocage", "Blocage visé", lambda one: str(one.blockage or "")),
        Field("ressource", "Ressource", lambda one: str(one.resource or "")),
        Field("service", "Au nom de", lambda one: one.on_behalf_of),
        Field("echeance", "À faire avant le", lambda one: one.due_on, "Date"),
        Field("envoyee", "Envoyée le", lambda one: on_day(one.sent_at), "Date"),
        Field("vue", "Vue le", lambda one: on_day(one.seen_at), "Date"),
        Field("reponse", "Réponse le", lambda one: on_day(one.answered_at), "Date"),
        Field("pourquoi", "Pourquoi", lambda one: one.rationale, usual=False),
        Field("lien", "Fiche dans Préau", lambda one: project_page(one.project.key)),
    ),
)
