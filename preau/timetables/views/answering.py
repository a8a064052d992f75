"""For those who run a place: what is asked of them, their answer, the agreements."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.timetables.actions import agreeing, publishing
from preau.timetables.enums import HostingState
from preau.timetables.forms.rules import AcceptForm, ReasonForm
from preau.timetables.models import Hosting, HostingAgreement
from preau.timetables.queries.publication import hosting_plan
from preau.timetables.seasons import when_words
from preau.timetables.views.loading import load_agreement, load_hosting


@permission("hosting.read", load=load_hosting)
@require_safe
def hosting(request: HttpRequest, asked: Hosting) -> HttpResponse:
    return _shown(request, asked, AcceptForm(), ReasonForm())


def _shown(
    request: HttpRequest, asked: Hosting, accepting: AcceptForm, refusing: ReasonForm
) -> HttpResponse:
    timetable, waits = asked.timetable, asked.state == HostingState.ASKED
    rows = asked.residencies.select_related("need__mediator", "space")
    context = {
        "hosting": asked,
        "timetable": timetable,
        "lines": [(one, when_words(timetable, one.day, one.start, one.end)) for one in rows],
        "plan": hosting_plan(asked) if waits else None,
        "may_answer": waits and allowed(actor_of(request), "hosting.answer", asked),
        "may_draw": asked.state == HostingState.ACCEPTED
        and allowed(actor_of(request), "hosting.answer", asked),
        "accepting": accepting,
        "refusing": refusing,
        "agreements": asked.agreements.select_related("agreement"),
        "is_accepted": asked.state == HostingState.ACCEPTED,
    }
    return render(request, "timetables/hosting.html", context)


@permission("hosting.answer", load=load_hosting)
@require_POST
def accept(request: HttpRequest, asked: Hosting) -> HttpResponse:
    form = AcceptForm(sent(request))
    if form.is_valid():
        try:
            publishing.accept(asked, actor=actor_of(request), skip=form.cleaned_data["skip"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Vous accueillez ces permanences : les créneaux sont pris.")
            return redirect("timetables:hosting", asked.pk)
    return _shown(request, asked, form, ReasonForm())


@permission("hosting.answer", load=load_hosting)
@require_POST
def refuse(request: HttpRequest, asked: Hosting) -> HttpResponse:
    form = ReasonForm(sent(request))
    if form.is_valid():
        try:
            publishing.refuse(asked, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Votre refus est envoyé, avec son motif.")
            return redirect("timetables:hosting", asked.pk)
    return _shown(request, asked, AcceptForm(), form)


@permission("hosting.answer", load=load_agreement)
@require_POST
def draw(request: HttpRequest, line: HostingAgreement) -> HttpResponse:
    try:
        agreeing.draw_again(line, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "La convention est établie : elle part à la signature.")
    return redirect("timetables:hosting", line.hosting_id)
