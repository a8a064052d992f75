"""The list of timetables, a new one, its rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization
from preau.accounts.perms import permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.territories.areas import area
from preau.timetables import perms
from preau.timetables.actions import preparing
from preau.timetables.forms.rules import RulesForm
from preau.timetables.models import Timetable
from preau.timetables.views.loading import frame, load_timetable

MOST = 100


@permission("timetable.list")
def timetable_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    rows = Timetable.objects.select_related("organization")
    if not actor.is_operator or actor.organization is not None:
        rows = rows.filter(organization=actor.organization_id)
    context = {"timetables": rows[:MOST], "may_create": perms.may_create(actor)}
    return render(request, "timetables/list.html", context)


@permission("timetable.create")
def create(request: HttpRequest) -> HttpResponse:
    """The season and its rules."""
    actor = actor_of(request)
    if not perms.may_create(actor):
        return render(request, "timetables/denied.html", {"owner": actor.organization})
    today = clock.today()
    monday = today + timedelta(days=14 - today.weekday())
    begun = RulesForm.initial_of(None) | {
        "first_day": monday,
        "last_day": monday + timedelta(weeks=26, days=-1),
        "area_key": _own_area(actor.organization),
    }
    form = RulesForm(sent(request), initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _created(request, form.values()))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "timetables/create.html", {"form": form})


def _created(request: HttpRequest, values: dict[str, Any]) -> str:
    timetable = preparing.create(values, actor=actor_of(request))
    messages.success(request, "La grille est créée. Ajoutez les services à placer.")
    return reverse("timetables:needs", args=[timetable.key])


def _own_area(organization: Organization | None) -> str:
    """The territory that one's organisation most likely plans for."""
    if organization is None:
        return ""
    commune = organization.commune
    if organization.kind == OrganizationKind.COMMUNE:
        return f"commune:{commune.pk}"
    if organization.kind == OrganizationKind.EPCI and organization.epci_id:
        return f"epci:{organization.epci_id}"
    if organization.kind == OrganizationKind.REGION:
        return f"region:{commune.departement.region_id}"
    return f"departement:{commune.departement_id}"


@permission("timetable.edit", load=load_timetable)
def rules(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    form = RulesForm(sent(request), initial=RulesForm.initial_of(timetable))
    if request.method == "POST" and form.is_valid():
        try:
            preparing.set_rules(timetable, form.values(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Les réglages sont enregistrés. Recomposez la grille.")
            return redirect("timetables:show", timetable.key)
    context = frame(request, timetable, "reglages")
    context |= {"form": form, "area": area(timetable.area_key)}
    return render(request, "timetables/rules.html", context)
