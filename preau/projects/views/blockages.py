"""What holds a project back: the list, one of them, and what is done about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects import needs, perms, standing
from preau.projects.actions import blockages
from preau.projects.enums import BLOCKAGE_TRANSITIONS, STILL_BLOCKING, BlockageState, EventKind
from preau.projects.forms.help import BlockageForm, EndForm, ReasonForm
from preau.projects.history import events_of
from preau.projects.loading.help import load_blockage
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Blockage, Project, StatePair
from preau.projects.queries.blockages import blockages_of
from preau.projects.queries.recommendations import recommendations_for
from preau.projects.suggestions.decisions import left
from preau.projects.suggestions.weights import FLOOR
from preau.projects.views.going_on import while_it_goes_on
from preau.projects.words.help import badge_of, lines_of
from preau.resources.enums import BlockageKind

_ENDINGS = {
    BlockageState.LIFTED: blockages.lift,
    BlockageState.BYPASSED: blockages.bypass,
    BlockageState.ABANDONED: blockages.abandon,
}


@permission("project.read", load=load_filed)
@require_safe
def index(request: HttpRequest, project: Project) -> HttpResponse:
    rows = list(blockages_of(project))
    context = {
        "project": project,
        "standing": [(one, badge_of(one)) for one in rows if one.state in STILL_BLOCKING],
        "over": [(one, badge_of(one)) for one in rows if one.state not in STILL_BLOCKING],
        "zone": project.time_zone,
        "may_declare": perms.may_work(actor_of(request), "project.contribute", project),
    }
    return render(request, "projects/help_blockages.html", context)


@permission("project.contribute", load=load_filed)
@while_it_goes_on
def declare(request: HttpRequest, project: Project) -> HttpResponse:
    """Which kind first; then the rest, with the place first where a place is what is missing."""
    asked = request.GET.get("nature", "")
    if asked not in BlockageKind.values:
        context = {"project": project, "kinds": _KINDS}
        return render(request, "projects/help_blockage_kind.html", context)
    kind = BlockageKind(asked)
    form = BlockageForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            made = blockages.open_(project, form.told, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est noté. Vos services de l’État sont prévenus.")
            return redirect("projects:blockage", project.key, made.pk)
    return render(request, "projects/help_blockage_form.html", _form_context(project, form, None))


_KINDS = (
    (BlockageKind.FINANCEMENT, "Il manque de l’argent, ou le plan de financement ne tient pas."),
    (BlockageKind.INGENIERIE, "Il manque une étude, une méthode, quelqu’un qui sache faire."),
    (BlockageKind.FONCIER, "Il manque un terrain, un local, une salle."),
    (BlockageKind.REGLEMENTAIRE, "Une règle, une autorisation, une norme arrête le projet."),
    (BlockageKind.PARTENAIRES, "Il manque un partenaire, ou un endroit où se réunir avec lui."),
    (BlockageKind.GOUVERNANCE, "On ne sait pas qui décide, ou on n’est pas d’accord."),
)


@permission("project.contribute", load=load_blockage)
@while_it_goes_on
def edit(request: HttpRequest, blockage: Blockage) -> HttpResponse:
    asked = request.GET.get("nature", blockage.kind)
    kind = BlockageKind(asked if asked in BlockageKind.values else blockage.kind)
    form = BlockageForm(request.POST or None, kind=kind, blockage=blockage)
    if request.method == "POST" and form.is_valid():
        try:
            blockages.edit(blockage, form.told, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le blocage est à jour.")
            return _back(blockage)
    context = _form_context(blockage.project, form, blockage)
    return render(request, "projects/help_blockage_form.html", context)


def _form_context(
    project: Project, form: BlockageForm, blockage: Blockage | None
) -> dict[str, Any]:
    wanted = form["needs_place"].value() or any(
        name in form.errors for name in ("people", "start", "kinds", "equipment")
    )
    return {
        "project": project,
        "form": form,
        "kind": form.kind,
        "blockage": blockage,
        "place_first": form.kind in {BlockageKind.FONCIER, BlockageKind.PARTENAIRES},
        "place_open": bool(wanted),
        "kinds": [one for one, _ in _KINDS],
    }


@permission("project.read", load=load_blockage)
@require_safe
def page(request: HttpRequest, blockage: Blockage) -> HttpResponse:
    """For the holder: who was told, what was proposed. For the State's side: what may be."""
    actor, project = actor_of(request), blockage.project
    state_side = standing.sees_state_side(actor, project)
    advises = perms.may_work(actor, "project.advise", project)
    need = needs.read(blockage.need)
    proposed = recommendations_for(actor, project).filter(blockage=blockage)
    is_standing = blockage.state in STILL_BLOCKING
    events = events_of(project, state_side=state_side).filter(
        kind__in=[EventKind.BLOCKAGE, EventKind.ESCALATION], subject_id=blockage.pk
    )
    context = {
        "project": project,
        "blockage": blockage,
        "badge": badge_of(blockage),
        "standing": is_standing,
        "zone": project.time_zone,
        "need": need.words if need else "",
        "state_side": state_side,
        "advises": advises,
        "left": left(blockage, on=_today(project)) if state_side and is_standing else None,
        "recommendations": lines_of(proposed),
        "events": events[:30],
        "may_write": perms.may_work(actor, "project.contribute", project),
        "may_reopen": BlockageState.OPEN in BLOCKAGE_TRANSITIONS[BlockageState(blockage.state)]
        and not is_standing,
        "is_mine": blockage.taken_by_id is not None and blockage.taken_by_id == actor.user_id,
        "answer_by": answer_by(blockage),
        "floor": FLOOR,
    }
    return render(request, "projects/help_blockage.html", context)


def answer_by(blockage: Blockage) -> datetime | None:
    """When a first advice is promised; None once it is given, or over."""
    if blockage.advised_at or blockage.state not in STILL_BLOCKING:
        return None
    code = blockage.project.departement_code
    days = StatePair.objects.filter(departement=code).values_list("advice_days", flat=True).first()
    return blockage.opened_at + timedelta(days=days) if days else None


def _today(project: Project) -> Any:
    return clock.today(project.zone)


def _back(blockage: Blockage) -> HttpResponse:
    return redirect("projects:blockage", blockage.project.key, blockage.pk)


@permission("project.contribute", load=load_blockage)
@while_it_goes_on
def end(request: HttpRequest, blockage: Blockage) -> HttpResponse:
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb = _ENDINGS[BlockageState(form.cleaned_data["how"])]
        try:
            verb(blockage, reason=form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est noté. Les membres du projet en sont prévenus.")
            return _back(blockage)
    context = {"project": blockage.project, "blockage": blockage, "form": form}
    return render(request, "projects/help_blockage_end.html", context)


@permission("project.contribute", load=load_blockage)
@while_it_goes_on
def reopen(request: HttpRequest, blockage: Blockage) -> HttpResponse:
    form = ReasonForm(request.POST or None, hint="Ce qui a changé depuis.")
    if request.method == "POST" and form.is_valid():
        try:
            blockages.reopen(blockage, reason=form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le blocage est rouvert. Vos services sont prévenus.")
            return _back(blockage)
    context = {"project": blockage.project, "blockage": blockage, "form": form}
    return render(request, "projects/help_blockage_reopen.html", context)


@permission("project.advise", load=load_blockage)
@while_it_goes_on
def take(request: HttpRequest, blockage: Blockage) -> HttpResponse:
    if request.method == "POST":
        try:
            blockages.take(blockage, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "Vous prenez ce blocage en charge ; le porteur le sait.")
    return _back(blockage)


@permission("project.advise", load=load_blockage)
@while_it_goes_on
def release(request: HttpRequest, blockage: Blockage) -> HttpResponse:
    if request.method == "POST":
        try:
            blockages.release(blockage, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "Ce blocage n’est plus à vous ; il attend quelqu’un.")
    return _back(blockage)
