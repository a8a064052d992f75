"""From the grid to the calendar: published, at the trial, stopped."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.formats import count
from preau.core.forms import sent
from preau.timetables.actions import publishing
from preau.timetables.building import build
from preau.timetables.feeds import calendar_of
from preau.timetables.forms.rules import PublishForm, ReasonForm
from preau.timetables.models import Timetable
from preau.timetables.queries import grid as grids
from preau.timetables.queries.conflicts import conflicts
from preau.timetables.queries.publication import plans
from preau.timetables.views.loading import FeedAsked, frame, load_feed, load_timetable

#: Dates shown of those that are not free; all of them are counted.
SHOWN = 60


@permission("timetable.publish", load=load_timetable)
def publish(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    """What will be taken, what will be asked, what is not free; then do it."""
    if timetable.is_live:
        return redirect("timetables:show", timetable.key)
    actor, form = actor_of(request), PublishForm(sent(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            publishing.publish(
                timetable,
                actor=actor,
                skip=given["skip"],
                review_on=given["review_on"] if given["is_trial"] else None,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La grille est publiée.")
            return redirect("timetables:show", timetable.key)
    sessions = grids.sessions_of(timetable)
    found = plans(timetable, sessions, actor)
    broken = conflicts(build(timetable), sessions)
    context = frame(request, timetable, "grille") | {
        "form": form,
        "plans": found,
        "ours": [one for one in found if one.is_ours],
        "others": [one for one in found if not one.is_ours],
        "clashes": sum(len(one.clashes) for one in found if one.is_ours),
        "impossible": [one for one in broken if one.is_impossible],
        "shown": SHOWN,
    }
    return render(request, "timetables/publish.html", context)


@permission("timetable.publish", load=load_timetable)
def stop(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    """No more from now on."""
    if not timetable.is_live:
        return redirect("timetables:show", timetable.key)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            freed = publishing.stop(timetable, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            words = count(freed, "date à venir est libérée", "dates à venir sont libérées")
            messages.success(request, f"La grille est arrêtée : {words}.")
            return redirect("timetables:show", timetable.key)
    context = frame(request, timetable, "grille") | {"form": form}
    return render(request, "timetables/stop.html", context)


@permission("timetable.publish", load=load_timetable)
@require_POST
def keep(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    try:
        publishing.keep(timetable, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "L’essai est concluant : les permanences continuent.")
    return redirect("timetables:show", timetable.key)


@permission("timetable.feed", load=load_feed)
@require_safe
def feed(request: HttpRequest, asked: FeedAsked) -> HttpResponse:
    """A calendar to subscribe to; its address is not guessed."""
    content = calendar_of(asked.timetable, asked.kind, asked.pk, request.build_absolute_uri("/"))
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="permanences.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
