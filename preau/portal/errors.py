"""Error pages: what happened, the way home, what to tell support."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.accounts.perms import Denied
from preau.core.errors import Refusal


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = str(exception.__cause__) if isinstance(exception.__cause__, Refusal) else ""
    context = {
        "sentence": sentence,
        "switch_offers": _switch_offers(request, exception),
        "typed": _typed(request),
    }
    return render(request, "403.html", context, status=403)


def _typed(request: HttpRequest) -> list[str]:
    """What the person had written in a form whose door closed meanwhile: theirs to copy."""
    if request.method != "POST":
        return []
    texts = [text.strip() for texts in request.POST.lists() for text in texts[1]]
    return [text for text in texts if any(mark.isspace() for mark in text)][:20]


def _switch_offers(request: HttpRequest, exception: Exception) -> list[Membership]:
    """The person's other memberships that would open this page."""
    actor: Actor = getattr(request, "actor", Actor())
    if not isinstance(exception, Denied) or actor.user is None:
        return []
    mine = Membership.objects.select_related("organization").filter(user=actor.user, ended_at=None)
    return [
        membership
        for membership in mine.order_by("pk")[:50]
        if exception.opens(Actor(actor.user, membership))
    ]


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered with nothing but the request's number: the database may be what failed."""
    context = {"request_id": getattr(request, "request_id", "")}
    return HttpResponse(render_to_string("500.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    return render(request, "portal/csrf.html", status=403)
