"""Reading codes: those who come in, and those who help them at the door."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from preau.access import queries
from preau.access.actions import doors as door_actions
from preau.access.actions.reading import read
from preau.access.actions.reading import reveal as read_out
from preau.access.entitlements import deserved
from preau.access.enums import LIVE
from preau.access.models import AccessGrant
from preau.access.showing import Shown
from preau.access.views.loading import load_grant
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal


@permission("access.mine")
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Every code of mine that is to come, the next first."""
    grants = list(queries.mine(actor_of(request))[: queries.PAGE])
    return render(request, "access/mine.html", {"shown": _with_pages(grants)})


def _with_pages(grants: list[AccessGrant]) -> list[Shown]:
    """What is read of each, and where the page of its booking is."""
    known = deserved([one.occupancy_id for one in grants if one.occupancy_id is not None])
    pages: dict[int | None, str] = {pk: one.url for pk, one in known.items()}
    return [replace(one, page=pages.get(one.grant.occupancy_id, "")) for one in read(grants)]


@permission("access.read", load=load_grant)
@never_cache
def mine_one(request: HttpRequest, grant: AccessGrant) -> HttpResponse:
    """One of them: where the e-mail leads."""
    live = grant.state in LIVE
    context = {"grant": grant, "live": live, "shown": _with_pages([grant]) if live else []}
    return render(request, "access/mine_one.html", context)


@permission("access.reveal", load=load_grant)
@require_POST
@never_cache
def reveal(request: HttpRequest, grant: AccessGrant) -> HttpResponse:
    """The digits, on a click that is noted."""
    try:
        code = read_out(grant, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("access:door", grant.door_id)
    context = {"grant": grant, "code": code, "place": grant.door.place}
    return render(request, "access/reveal.html", context)


@permission("access.edit", load=load_grant)
@require_POST
def removed(request: HttpRequest, grant: AccessGrant) -> HttpResponseRedirect:
    """« Retiré sur place »."""
    try:
        door_actions.removed_by_hand(actor=actor_of(request), grant=grant)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "C’est noté : le code est retiré, Préau n’essaie plus.")
    return redirect("access:door", grant.door_id)


@permission("access.edit", load=load_grant)
@require_POST
def retry(request: HttpRequest, grant: AccessGrant) -> HttpResponseRedirect:
    try:
        door_actions.retry(actor=actor_of(request), grant=grant)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "La serrure est interrogée à nouveau dans la minute.")
    return redirect("access:door", grant.door_id)
