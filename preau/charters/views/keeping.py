"""The keeper's pages: its charters, one of them with the places that joined."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.agreements.queries import draft
from preau.charters import perms, queries, signing
from preau.charters.actions import charters as actions
from preau.charters.enums import AdhesionState, CharterState
from preau.charters.forms.charters import CharterForm
from preau.charters.models import Charter
from preau.charters.pages import page_of
from preau.charters.views.loading import load_charter
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.territories.areas import area


@permission("charter.mine")
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    page = page_of(request, queries.kept_by(actor))
    context = {"page": page, "may_create": perms.may_create(actor)}
    return render(request, "charters/mine.html", context)


@permission("charter.mine")
def create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not perms.may_create(actor):
        return render(request, "charters/create_denied.html", {"owner": actor.organization})
    form = CharterForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            charter = actions.create(form.wanted(), actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, "La charte est créée. Relisez son texte, publiez-le, puis ouvrez-la."
            )
            return redirect("charters:manage", charter.key)
    return render(request, "charters/edit.html", {"form": form, "charter": None})


@permission("charter.see", load=load_charter)
def manage(request: HttpRequest, charter: Charter) -> HttpResponse:
    """Where it stands, what to do next, every adhesion."""
    version = queries.text_of(charter)
    context = {
        "charter": charter,
        "area": area(charter.area_key),
        "version": version,
        "draft": draft(charter.model),
        "signatory": signing.keeper_signatory(charter.keeper),
        "page": page_of(request, queries.followed_by(charter)),
        "waiting": charter.adhesions.filter(state=AdhesionState.SIGNING).count(),
        "may_keep": allowed(actor_of(request), "charter.keep", charter),
        "is_open": charter.state == CharterState.OPEN,
        "is_draft": charter.state == CharterState.DRAFT,
    }
    return render(request, "charters/manage.html", context)


@permission("charter.keep", load=load_charter)
def edit(request: HttpRequest, charter: Charter) -> HttpResponse:
    form = CharterForm(sent(request), initial=CharterForm.values_of(charter))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(charter, form.wanted(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La présentation de la charte est enregistrée.")
            return redirect("charters:manage", charter.key)
    return render(request, "charters/edit.html", {"form": form, "charter": charter})


@permission("charter.keep", load=load_charter)
@require_POST
def open_charter(request: HttpRequest, charter: Charter) -> HttpResponse:
    done = "La charte est ouverte : les lieux peuvent y adhérer."
    return _act(request, charter, lambda a: actions.open_to_places(charter, actor=a), done)


@permission("charter.keep", load=load_charter)
@require_POST
def close_charter(request: HttpRequest, charter: Charter) -> HttpResponse:
    done = "La charte ne reçoit plus d’adhésion. Les lieux qui y adhèrent gardent leur label."
    return _act(request, charter, lambda a: actions.close(charter, actor=a), done)


def _act(
    request: HttpRequest, charter: Charter, verb: Callable[[Actor], object], done: str
) -> HttpResponse:
    try:
        verb(actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("charters:manage", charter.key)
