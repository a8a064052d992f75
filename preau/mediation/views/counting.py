"""Where I receive people; counting them; what was counted."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import count as told
from preau.core.forms import sent
from preau.directory.models import Sheet
from preau.mediation import queries
from preau.mediation.actions import visits
from preau.mediation.forms.counting import PeriodForm, VisitForm
from preau.mediation.models import Visit
from preau.mediation.views.loading import load_sheet, load_visit


@permission("mediation.mine")
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "sheets": queries.places_of(actor)[:100],
        "files": queries.files_of(actor)[:5],
        "may_register": actor.organization is not None
        and allowed(actor, "mediation.register_training", actor.organization),
    }
    return render(request, "mediation/mine.html", context)


@permission("mediation.count", load=load_sheet)
def count(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = VisitForm(sent(request), sheet=sheet)
    if request.method == "POST" and form.is_valid():
        try:
            visit = visits.count(sheet, form.seen(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            words = told(visit.people, "personne comptée", "personnes comptées")
            messages.success(request, f"{words}. Vous pouvez compter la suivante.")
            return redirect("mediation:count", sheet.key)
    context = {"sheet": sheet, "form": form, "lines": queries.last_visits(sheet)}
    return render(request, "mediation/count.html", context)


@permission("mediation.count", load=load_visit)
@require_POST
def take_back(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        visits.take_back(visit, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "La ligne est retirée.")
    return redirect("mediation:count", visit.sheet.key)


@permission("mediation.read_figures", load=load_sheet)
def figures(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    today = clock.today(sheet.zone)
    period = {"first": today - timedelta(days=364), "last": today}
    form = PeriodForm(request.GET if "first" in request.GET else None, initial=period)
    if form.is_bound and form.is_valid():
        period = form.cleaned_data
    tally = queries.tally(sheet, period["first"], period["last"])
    context = {"sheet": sheet, "form": form, "tally": tally, "period": period}
    return render(request, "mediation/figures.html", context)
