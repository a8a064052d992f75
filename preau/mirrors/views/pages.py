"""The list of mirrors, the page of one, what is done there."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

import preau.mirrors.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.accounts.steering import may_steer
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.mirrors import queries
from preau.mirrors.actions import closing, conflicts, mirrors, runs
from preau.mirrors.actions.testing import test as try_key
from preau.mirrors.enums import MirrorState, Problem
from preau.mirrors.forms import CloseForm
from preau.mirrors.models import Conflict, Mirror
from preau.mirrors.perms import may_keep
from preau.mirrors.servers import is_configured
from preau.mirrors.sources.base import ZONE
from preau.mirrors.views.loading import load_conflict, load_mirror


@permission("mirror.list")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not may_steer(actor):
        return render(request, "mirrors/nobody.html", {"may_keep": False, "is_open": True})
    context = {
        "mirrors": list(queries.mirrors_of(actor)),
        "may_keep": may_keep(actor),
        "is_open": is_configured(),
    }
    return render(request, "mirrors/list.html", context)


@permission("mirror.see", load=load_mirror)
@require_safe
def mirror(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    """Its state, its last runs, what waits for a decision. Reads nothing from Grist."""
    actor = actor_of(request)
    may_write = may_keep(actor) and allowed(actor, "mirror.write", mirror)
    context = {
        "mirror": mirror,
        "run": queries.live_run(mirror),
        "past": queries.past_runs(mirror),
        "tables": queries.tables_of(mirror),
        "conflicts": queries.conflicts_of(mirror, actor),
        "may_write": may_write,
        "site_zone": ZONE,
        "may_close": allowed(actor, "mirror.close", mirror),
        "may_repair": may_write and mirror.problem in {Problem.TABLE, Problem.COLUMN},
        "is_keeper": mirror.keeper_id == actor.user_id,
        "is_draft": mirror.state == MirrorState.DRAFT,
        "is_active": mirror.state == MirrorState.ACTIVE,
        "is_closing": mirror.state == MirrorState.CLOSING,
        "is_closed": mirror.state == MirrorState.CLOSED,
    }
    return render(request, "mirrors/mirror.html", context)


def _done(
    request: HttpRequest, mirror: Mirror, act: Callable[[], object], said: str = ""
) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        if said:
            messages.success(request, said)
    return redirect("mirrors:mirror", mirror.key)


@permission("mirror.write", load=load_mirror)
@require_POST
def test(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    """Try the key now: three seconds at most."""
    try:
        trouble = try_key(mirror, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("mirrors:mirror", mirror.key)
    if trouble is None:
        messages.success(request, "Grist répond et accepte la clé.")
    else:
        messages.error(request, trouble.text)
    return redirect("mirrors:mirror", mirror.key)


@permission("mirror.write", load=load_mirror)
@require_POST
def sync(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    return _done(request, mirror, lambda: runs.ask(mirror, actor=actor_of(request)))


@permission("mirror.close", load=load_mirror)
@require_POST
def stop(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    return _done(request, mirror, lambda: runs.stop(mirror, actor=actor_of(request)))


@permission("mirror.write", load=load_mirror)
@require_POST
def repair(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    return _done(request, mirror, lambda: runs.repair(mirror, actor=actor_of(request)))


@permission("mirror.write", load=load_mirror)
@require_POST
def take_over(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    said = "Vous tenez maintenant ce miroir."
    return _done(request, mirror, lambda: mirrors.take_over(mirror, actor=actor_of(request)), said)


@permission("mirror.close", load=load_mirror)
def close(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    """Asks what becomes of the rows."""
    form = CloseForm(sent(request))
    if mirror.state == MirrorState.CLOSED:
        return redirect("mirrors:mirror", mirror.key)
    if request.method == "POST" and form.is_valid():
        removes = form.cleaned_data["removes"] == "oui"
        return _done(
            request,
            mirror,
            lambda: closing.close(mirror, removes=removes, actor=actor_of(request)),
        )
    return render(request, "mirrors/close.html", {"form": form, "mirror": mirror})


@permission("mirror.close", load=load_mirror)
@require_POST
def close_anyway(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    said = "Ce miroir est fermé. Ce qui est dans Grist y reste : supprimez-le là-bas."
    return _done(
        request, mirror, lambda: closing.close_anyway(mirror, actor=actor_of(request)), said
    )


@permission("mirror.write", load=load_conflict)
@require_POST
def keep(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    said = "La valeur de Préau est gardée : elle part vers Grist."
    return _decided(request, conflict, conflicts.keep, said)


@permission("mirror.write", load=load_conflict)
@require_POST
def accept(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    said = "La valeur de Grist est reprise dans Préau, en votre nom."
    return _decided(request, conflict, conflicts.accept, said)


def _decided(
    request: HttpRequest, conflict: Conflict, decide: Callable[..., Conflict], said: str
) -> HttpResponse:
    seen = request.POST.get("seen", "")
    act = lambda: decide(conflict, seen=seen, actor=actor_of(request))  # noqa: E731
    return _done(request, conflict.row.table.mirror, act, said)
