"""The grid: composed, improved, moved by hand; its versions side by side."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.models import Organization
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.french import rank
from preau.places.models import Place
from preau.territories.areas import area
from preau.timetables.actions import composing, preparing
from preau.timetables.building import Built, build
from preau.timetables.enums import HostingState, RunState, TimetableState
from preau.timetables.forms.needs import ForbidForm, WhereForm
from preau.timetables.forms.rules import ImproveForm
from preau.timetables.models import Candidate, Forbidding, Run, ServiceNeed, Session, Timetable
from preau.timetables.queries import grid as grids
from preau.timetables.queries.conflicts import conflicts
from preau.timetables.queries.providers import provider_of
from preau.timetables.seasons import half_day_words, when_words
from preau.timetables.solving.problem import value_of
from preau.timetables.views.loading import (
    frame,
    load_forbidding,
    load_need,
    load_run,
    load_sitting,
    load_timetable,
)

VIEWS = {"lieux": "Par lieu", "services": "Par service", "mediateurs": "Par médiateur"}


@permission("timetable.read", load=load_timetable)
@require_safe
def show(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    """Where it stands, what to do next, and the grid itself."""
    which = request.GET.get("vue", "")
    built, sessions = build(timetable, kept=True), grids.sessions_of(timetable)
    last = timetable.runs.exclude(ended_at=None).exclude(state=RunState.FAILED).first()
    context = frame(request, timetable, "grille") | {
        "area": area(timetable.area_key),
        "grid": grids.grid(built, sessions),
        "which": which if which in VIEWS else "lieux",
        "views": VIEWS.items(),
        "run": last,
        "gap": _gap(built, last, sessions),
        "running": timetable.runs.filter(ended_at=None).first(),
        "improve_form": ImproveForm(),
        "forbiddings": [
            (one, half_day_words(timetable, one.half_day) if one.half_day is not None else "")
            for one in timetable.forbiddings.select_related("need", "place")
        ],
        "pinned": sum(one.is_pinned for one in sessions),
        "hostings": timetable.hostings.select_related("place").prefetch_related("agreements"),
        "providers": sorted(_providers(sessions), key=lambda one: rank(str(one))),
        "asked": timetable.hostings.filter(state=HostingState.ASKED).count(),
        "is_trial": timetable.state == TimetableState.TRIAL,
        "is_stopped": timetable.state == TimetableState.STOPPED,
    }
    return render(request, "timetables/show.html", context)


def _providers(sessions: list[Session]) -> set[Organization]:
    return {found for one in sessions if (found := provider_of(one.need)) is not None}


def _gap(built: Built, run: Run | None, sessions: list[Session]) -> str:
    """How far from the best the grid may be: only said of the grid that was computed."""
    if run is None or not grids.is_current(run, sessions):
        return ""
    value = value_of(built.problem, [built.sitting(one) for one in sessions])
    gap = max(run.bound - value, 0) / value if value > 0 else run.gap
    return grids.gap_words(gap)


def _done(
    request: HttpRequest, timetable: Timetable, verb: Callable[[], object], words: str
) -> HttpResponse:
    """Do it, say it, back to the grid."""
    try:
        verb()
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, words)
    return redirect("timetables:show", timetable.key)


@permission("timetable.edit", load=load_timetable)
@require_POST
def compose(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    actor = actor_of(request)
    return _done(
        request, timetable, lambda: composing.compose(timetable, actor=actor), "Voici une grille."
    )


@permission("timetable.edit", load=load_timetable)
@require_POST
def improve(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    form, actor = ImproveForm(request.POST), actor_of(request)
    seconds = form.cleaned_data["seconds"] if form.is_valid() else 0
    return _done(
        request,
        timetable,
        lambda: composing.begin_improving(timetable, seconds, actor=actor),
        "Le calcul est lancé. Vous pouvez quitter cette page : vous serez prévenu à la fin.",
    )


@permission("timetable.edit", load=load_run)
@require_POST
def stop(request: HttpRequest, run: Run) -> HttpResponse:
    actor = actor_of(request)
    return _done(
        request,
        run.timetable,
        lambda: composing.stop_improving(run, actor=actor),
        "Arrêt demandé : la meilleure grille trouvée sera gardée.",
    )


@permission("timetable.edit", load=load_run)
@require_POST
def restore(request: HttpRequest, run: Run) -> HttpResponse:
    actor = actor_of(request)
    return _done(
        request,
        run.timetable,
        lambda: composing.restore(run, actor=actor),
        f"La version {run.number} est revenue.",
    )


@permission("timetable.read", load=load_timetable)
@require_safe
def runs(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    """What was computed, and two versions side by side."""
    rows = list(timetable.runs.select_related("created_by").exclude(ended_at=None)[:50])
    numbers = {str(one.number): one for one in rows}
    first, second = numbers.get(request.GET.get("a", "")), numbers.get(request.GET.get("b", ""))
    context = frame(request, timetable, "calculs") | {
        "runs": [(one, grids.gap_words(one.gap)) for one in rows],
        "first": first,
        "first_number": first.number if first else 0,
        "second_number": second.number if second else 0,
        "second": second,
        "changes": grids.compare(timetable, first, second) if first and second else None,
    }
    return render(request, "timetables/runs.html", context)


# --- By hand


@permission("timetable.edit", load=load_sitting)
def sitting(request: HttpRequest, session: Session) -> HttpResponse:
    """One sitting: move it, pin it, forbid it there, take it away."""
    timetable = session.timetable
    form = WhereForm(sent(request), timetable=timetable, initial=WhereForm.initial_of(session))
    if request.method == "POST" and form.is_valid():
        try:
            candidate = _candidate(timetable, form)
            composing.move(
                session,
                candidate,
                form.cleaned_data["day"],
                form.minute,
                actor=actor_of(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La permanence est déplacée et épinglée.")
            return redirect("timetables:sitting", session.pk)
    context = frame(request, timetable, "grille") | {
        "sitting": session,
        "form": form,
        "when": when_words(timetable, session.day, session.start, session.end),
        "conflicts": _conflicts_of(session),
        "half_day": half_day_words(timetable, session.half_day),
    }
    return render(request, "timetables/sitting.html", context)


def _candidate(timetable: Timetable, form: WhereForm) -> Candidate:
    return timetable.candidates.get(pk=form.cleaned_data["candidate"])


def _conflicts_of(session: Session) -> list[str]:
    timetable = session.timetable
    found = conflicts(build(timetable, kept=True), grids.sessions_of(timetable))
    return [one.words for one in found if one.session.pk == session.pk]


@permission("timetable.edit", load=load_sitting)
@require_POST
def pin(request: HttpRequest, session: Session) -> HttpResponse:
    actor, pinned = actor_of(request), not session.is_pinned
    words = "Elle restera là, quoi qu’on recalcule." if pinned else "Elle pourra être déplacée."
    return _done(
        request,
        session.timetable,
        lambda: composing.pin([session], pinned=pinned, actor=actor),
        words,
    )


@permission("timetable.edit", load=load_timetable)
@require_POST
def pin_all(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    actor, pinned = actor_of(request), request.POST.get("pinned") == "oui"
    rows = list(timetable.sessions.select_related("timetable"))
    return _done(
        request,
        timetable,
        lambda: composing.pin(rows, pinned=pinned, actor=actor),
        "Toutes les permanences sont épinglées." if pinned else "Plus rien n’est épinglé.",
    )


@permission("timetable.edit", load=load_sitting)
@require_POST
def drop(request: HttpRequest, session: Session) -> HttpResponse:
    actor = actor_of(request)
    return _done(
        request,
        session.timetable,
        lambda: composing.remove(session, actor=actor),
        "La permanence est retirée de la grille.",
    )


@permission("timetable.edit", load=load_need)
def place(request: HttpRequest, need: ServiceNeed) -> HttpResponse:
    """Hold a service somewhere by hand."""
    timetable = need.timetable
    form = WhereForm(sent(request), timetable=timetable)
    if request.method == "POST" and form.is_valid():
        try:
            made = composing.place(
                need,
                _candidate(timetable, form),
                form.cleaned_data["day"],
                form.minute,
                actor=actor_of(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La permanence est placée et épinglée.")
            return redirect("timetables:sitting", made.pk)
    context = frame(request, timetable, "grille") | {"form": form, "need": need}
    return render(request, "timetables/place.html", context)


@permission("timetable.edit", load=load_need)
def forbid(request: HttpRequest, need: ServiceNeed) -> HttpResponse:
    """Not there, or not then."""
    timetable = need.timetable
    begun = {name: request.GET.get(name, "") for name in ("place", "half_day")}
    form = ForbidForm(sent(request), timetable=timetable, initial=begun)
    if request.method == "POST" and form.is_valid():
        half_day, where = form.cleaned_data["half_day"], form.cleaned_data["place"]
        try:
            preparing.forbid(
                need,
                place=Place.objects.get(pk=where) if where else None,
                half_day=int(half_day) if half_day else None,
                actor=actor_of(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est interdit. Recomposez pour le placer ailleurs.")
            return redirect("timetables:show", timetable.key)
    context = frame(request, timetable, "grille") | {"form": form, "need": need}
    return render(request, "timetables/forbid.html", context)


@permission("timetable.edit", load=load_forbidding)
@require_POST
def allow(request: HttpRequest, forbidding: Forbidding) -> HttpResponse:
    actor = actor_of(request)
    return _done(
        request,
        forbidding.timetable,
        lambda: preparing.allow_again(forbidding, actor=actor),
        "C’est de nouveau permis.",
    )
