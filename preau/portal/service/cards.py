"""What the operator sees on their home page when something is wrong."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

import preau.portal.service.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.availability.queries.health import index_health
from preau.core.cards import Card
from preau.core.formats import count
from preau.portal.service.tasks_health import tasks_health


def service_card(request: HttpRequest) -> Card | None:
    """Always there for the operator: it says that all is well, or what is not."""
    if not allowed(actor_of(request), "service.read"):
        return None
    index, tasks = index_health(), tasks_health()
    wrong = []
    if index.differences:
        wrong.append(f"{count(index.differences, 'écart')} de l’index de recherche")
    if index.is_old:
        wrong.append("aucune vérification de l’index cette nuit")
    if index.behind:
        wrong.append(f"{count(index.behind, 'calendrier')} en retard")
    if not tasks.workers:
        wrong.append("aucun exécutant de tâches")
    if tasks.late:
        wrong.append(f"{count(tasks.late, 'tâche')} en retard")
    if tasks.failed:
        wrong.append(f"{count(tasks.failed, 'tâche')} en échec")
    said = ", ".join(wrong) or "tout est en ordre"
    return Card(
        title="Santé du service",
        href=reverse("portal:service"),
        text=f"{said[0].upper()}{said[1:]}.",
        badge=("warning", "À regarder") if wrong else ("success", "En ordre"),
    )
