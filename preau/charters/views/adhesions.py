"""A place's adhesion: asked for, followed by both parties, confirmed, ended."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.charters import perms, queries
from preau.charters.actions import adhesions as actions
from preau.charters.enums import LIVE, AdhesionState, CharterState
from preau.charters.forms.charters import ConfirmForm, JoinForm, ReasonForm
from preau.charters.models import Charter, CharterAdhesion
from preau.charters.views.loading import load_adhesion, load_public
from preau.core.errors import Refusal
from preau.core.forms import sent


@permission("charter.mine", load=load_public)
def join(request: HttpRequest, charter: Charter) -> HttpResponse:
    """Choose one's place; the verb asks for the right on it."""
    actor = actor_of(request)
    places = queries.places_to_commit(charter, actor)
    form = JoinForm(sent(request), places=places)
    if request.method == "POST" and form.is_valid():
        try:
            adhesion = actions.join(charter, form.chosen, actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                "La charte se prépare : chaque signataire reçoit son lien par courriel dans"
                " quelques minutes.",
            )
            return redirect("charters:adhesion", adhesion.key)
    context = {
        "charter": charter,
        "form": form,
        "places": places,
        "is_open": charter.state == CharterState.OPEN,
    }
    return render(request, "charters/join.html", context)


@permission("charter.see_adhesion", load=load_adhesion)
def adhesion(request: HttpRequest, adhesion: CharterAdhesion) -> HttpResponse:
    actor = actor_of(request)
    latest = queries.text_of(adhesion.charter)
    oversees = perms.may_oversee(actor, adhesion)
    context = {
        "adhesion": adhesion,
        "signs_latest": latest is None or latest.pk == adhesion.agreement.version_id,
        "may_answer": allowed(actor, "charter.answer", adhesion) and adhesion.state in LIVE,
        "may_confirm": adhesion.state in {AdhesionState.ACTIVE, AdhesionState.LAPSED},
        "may_suspend": oversees and adhesion.state == AdhesionState.ACTIVE,
        "may_reinstate": oversees and adhesion.state == AdhesionState.SUSPENDED,
        "may_read_paper": allowed(actor, "agreement.view", adhesion.agreement),
        "is_signing": adhesion.state == AdhesionState.SIGNING,
    }
    return render(request, "charters/adhesion.html", context)


@permission("charter.answer", load=load_adhesion)
def confirm(request: HttpRequest, adhesion: CharterAdhesion) -> HttpResponse:
    form = ConfirmForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm(adhesion, form.cleaned_data["note"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Merci. L’adhésion est confirmée.")
            return redirect("charters:adhesion", adhesion.key)
    return render(request, "charters/confirm.html", {"adhesion": adhesion, "form": form})


@permission("charter.answer", load=load_adhesion)
def leave(request: HttpRequest, adhesion: CharterAdhesion) -> HttpResponse:
    return _with_reason(
        request,
        adhesion,
        "charters/leave.html",
        lambda why: actions.leave(adhesion, why, actor=actor_of(request)),
        "L’adhésion est terminée.",
    )


@permission("charter.oversee", load=load_adhesion)
def suspend(request: HttpRequest, adhesion: CharterAdhesion) -> HttpResponse:
    return _with_reason(
        request,
        adhesion,
        "charters/suspend.html",
        lambda why: actions.suspend(adhesion, why, actor=actor_of(request)),
        "L’adhésion est suspendue. Le lieu lit votre motif.",
    )


@permission("charter.oversee", load=load_adhesion)
@require_POST
def reinstate(request: HttpRequest, adhesion: CharterAdhesion) -> HttpResponse:
    try:
        actions.reinstate(adhesion, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "L’adhésion est de nouveau en vigueur.")
    return redirect("charters:adhesion", adhesion.key)


def _with_reason(
    request: HttpRequest,
    adhesion: CharterAdhesion,
    template: str,
    verb: Callable[[str], object],
    done: str,
) -> HttpResponse:
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            verb(form.cleaned_data["reason"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect("charters:adhesion", adhesion.key)
    return render(request, template, {"adhesion": adhesion, "form": form})
