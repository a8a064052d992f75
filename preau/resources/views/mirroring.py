"""The operator's page of the mirror: its last readings, and « Lire maintenant »."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.resources import mirror
from preau.resources.enums import ResourceState, Source
from preau.resources.models import MirrorRun, Resource

MOST_RUNS = 20


@permission("resource.mirror")
def readings(request: HttpRequest) -> HttpResponse:
    runs = MirrorRun.objects.filter(source=Source.AIDES_TERRITOIRES).order_by("-id")[:MOST_RUNS]
    shown = Resource.objects.filter(
        source=Source.AIDES_TERRITOIRES, state=ResourceState.PUBLISHED
    ).count()
    context = {"runs": runs, "shown": shown, "is_configured": mirror.is_configured()}
    return render(request, "resources/readings.html", context)


@permission("resource.mirror")
@require_POST
def read_now(request: HttpRequest) -> HttpResponse:
    try:
        mirror.ask(actor=actor_of(request))
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, "La lecture va commencer. Elle dure quelques minutes.")
    return redirect("resources:readings")
