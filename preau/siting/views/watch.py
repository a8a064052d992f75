"""« Veille »: what is followed, beside what emerges and what studies show to be missing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

import preau.siting.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.directory.models import Sheet
from preau.initiatives.queries.workshops import watched
from preau.projects.models import Project
from preau.siting.actions import watch as actions
from preau.siting.actions.watch import WatchFacts
from preau.siting.enums import WATCH_TRANSITIONS, WatchState
from preau.siting.forms.watch import WatchForm
from preau.siting.models import WatchItem
from preau.siting.perms import may_keep
from preau.siting.queries import watch as queries
from preau.siting.views.loading import for_steerers, load_watch

_VERBS = {
    WatchState.TO_FOLLOW: "Reprendre",
    WatchState.ACTIVE: "C’est en cours",
    WatchState.CLOSED: "Clore",
}


@permission("watch.see")
@require_safe
@for_steerers
def watch(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor.organization is None:
        return render(request, "siting/nobody.html")
    closed = request.GET.get("clos") == "1"
    departements = queries.watched_departements(actor.organization)
    found = list(queries.items(actor.organization, closed=closed))
    context = {
        "rows": [(one, _steps(one)) for one in found],
        "closed": closed,
        "notes": watched(actor, closed=closed),
        "gaps": [] if closed else queries.gaps(actor.organization),
        "projects": [] if closed else queries.projects(actor, departements),
        "sheets": [] if closed else queries.sheets(departements),
        "followed_projects": {one.project_id for one in found},
        "followed_sheets": {one.sheet_id for one in found},
        "may_keep": may_keep(actor),
        "organization": actor.organization,
    }
    return render(request, "siting/watch.html", context)


def _steps(item: WatchItem) -> list[tuple[str, str]]:
    order = [WatchState.ACTIVE, WatchState.TO_FOLLOW, WatchState.CLOSED]
    return [(one.value, _VERBS[one]) for one in order if one in WATCH_TRANSITIONS[item.state]]


@permission("watch.see")
@for_steerers
def add(request: HttpRequest) -> HttpResponse:
    """A free subject."""
    actor = actor_of(request)
    if actor.organization is None or not may_keep(actor):
        return render(request, "siting/nobody.html", {"may_read_only": True})
    form = WatchForm(request.POST or None, organization=actor.organization)
    if request.method == "POST" and form.is_valid():
        try:
            actions.follow(_facts(form), actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("siting:watch")
    return render(request, "siting/watch_form.html", {"form": form, "item": None})


@permission("watch.write", load=load_watch)
def edit(request: HttpRequest, item: WatchItem) -> HttpResponse:
    form = WatchForm(
        request.POST or None, organization=item.organization, initial=WatchForm.of(item)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(item, _facts(form), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("siting:watch")
    return render(request, "siting/watch_form.html", {"form": form, "item": item})


def _facts(form: WatchForm) -> WatchFacts:
    said = form.cleaned_data
    owner = int(said["owner"]) if said["owner"] else None
    return WatchFacts(said["title"], said["area"], said["note"], owner)


@permission("watch.write", load=load_watch)
@require_POST
def move(request: HttpRequest, item: WatchItem) -> HttpResponse:
    state = request.POST.get("vers", "")
    if state not in WatchState.values:
        messages.error(request, "Choisissez un état de la liste.")
        return redirect("siting:watch")
    try:
        actions.move(item, WatchState(state), actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("siting:watch")


@permission("watch.see")
@require_POST
@for_steerers
def follow(request: HttpRequest) -> HttpResponse:
    """A project or a place of the page."""
    actor = actor_of(request)
    try:
        if key := request.POST.get("projet"):
            project = get_object_or_404(Project, key=_key(key))
            item = actions.follow_project(project, actor=actor)
        else:
            sheet = get_object_or_404(Sheet, key=_key(request.POST.get("lieu", "")))
            item = actions.follow_sheet(sheet, actor=actor)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"« {item.title} » est dans votre veille.")
    return redirect("siting:watch")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
