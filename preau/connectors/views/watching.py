"""The operator's pages: how each outside service is, and « Essayer maintenant »."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.connectors import actions, states
from preau.connectors.enums import Verdict
from preau.core.errors import Refusal
from preau.outside import registry
from preau.outside.registry import OutsideService

#: The operator's clock.
PARIS = ZoneInfo("Europe/Paris")


def _known(service_key: str) -> OutsideService:
    try:
        return registry.service(service_key)
    except KeyError:
        raise Http404 from None


@permission("outside.watch")
def service_list(request: HttpRequest) -> HttpResponse:
    found = states.everything()
    context = {
        "zone": PARIS,
        "on": [one for one in found if one.verdict is not Verdict.OFF],
        "off": [one for one in found if one.verdict is Verdict.OFF],
    }
    return render(request, "connectors/services.html", context)


@permission("outside.watch")
def service(request: HttpRequest, service_key: str) -> HttpResponse:
    service = _known(service_key)
    context = {
        "zone": PARIS,
        "health": states.of_service(service),
        "accounts": states.accounts_of(service),
        "most_accounts": states.MOST_ACCOUNTS,
        "failures": states.failures_of(service)[: states.MOST_FAILURES],
    }
    return render(request, "connectors/service.html", context)


@permission("outside.watch")
@require_POST
def service_try(request: HttpRequest, service_key: str) -> HttpResponse:
    service = _known(service_key)
    account = request.POST.get("account", "")[:80]
    try:
        said = actions.try_now(service, account, actor=actor_of(request))
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, said)
    return redirect("connectors:service", service.key)
