"""The inbox of the hat's service: what to sort, what I answer for, what waits, what sleeps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.core.french import by_name
from preau.projects import standing
from preau.projects.enums import TO_TRIAGE, ProjectState
from preau.projects.models import Programme, StateService
from preau.projects.queries import inbox, waiting
from preau.projects.queries.inbox import Filters
from preau.resources.enums import Theme

#: The lists, in the order of the tabs.
LISTS = {
    "a-trier": "À trier",
    "en-charge": "Mes projets en charge",
    "affectations": "Affectations à répondre",
    "dormants": "Projets dormants",
    "blocages": "Blocages sans conseil",
}


def _to_sort(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    filters = Filters.read(request.GET)
    page = inbox.page_to_sort(actor, filters, request.GET.get("apres", "")[:120])
    standing.foresee(actor, [row.project.pk for row in page.rows])  # each row asks « may I? »
    return {
        "rows": page.rows,
        "next_key": page.next_key,
        "filters": filters,
        "states": [(one.value, one.label) for one in ProjectState if one in TO_TRIAGE],
        "themes": Theme.choices,
        "programmes": Programme.objects.filter(active=True).order_by(*by_name("name")),
    }


def _in_time(request: HttpRequest, actor: Actor, name: str, days: int) -> dict[str, Any]:
    found = waiting.dormant(actor, days) if name == "dormants" else waiting.COUNTS[name](actor)
    field = {"affectations": "created_at", "blocages": "opened_at"}.get(name, "updated_at")
    if field == "updated_at":
        found = inbox.with_facts(found)
    rows, next_key = waiting.page(found, field, request.GET.get("apres", "")[:60])
    return {"rows": rows, "next_key": next_key}


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("jours", "")
    days = int(asked) if asked.isdecimal() and len(asked) < 4 else waiting.DORMANT_DAYS
    return days if days in waiting.DORMANT_CHOICES else waiting.DORMANT_DAYS


@permission("service.inbox")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The list asked for, a page at a time, a constant number of statements."""
    actor = actor_of(request)
    service = StateService.objects.filter(
        organization=actor.organization_id, active=True
    ).select_related("organization", "departement", "region")
    found = service.first() if actor.organization_id else None
    if found is None:
        return render(request, "projects/pair_no_service.html")
    name = request.GET.get("vue", "")
    competence = standing.competence_of(actor)
    name = name if name in LISTS else "a-trier"
    days = _days(request)
    numbers = waiting.counts(actor)
    context = {
        "service": found,
        "decides": bool(competence and competence.decides),
        "name": name,
        "title": LISTS[name],
        "tabs": [(key, label, numbers[key]) for key, label in LISTS.items()],
        "days": days,
        "day_choices": waiting.DORMANT_CHOICES,
        **(_to_sort(request, actor) if name == "a-trier" else _in_time(request, actor, name, days)),
    }
    more, first = request.GET.copy(), request.GET.copy()
    more["apres"] = str(context["next_key"])
    first.pop("apres", None)
    context["next_url"] = f"?{more.urlencode()}" if context["next_key"] else ""
    context["first_url"] = f"?{first.urlencode()}" if request.GET.get("apres") else ""
    return render(request, "projects/pair_inbox.html", context)
