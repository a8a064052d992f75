"""Where Grist says that rows have changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from preau.accounts.perms import permission
from preau.mirrors.actions import hooks


@csrf_exempt  # a machine: its address and its header are what proves
@permission("mirror.hook")
def hook(request: HttpRequest, hook_token: str) -> HttpResponse:
    """Whatever it brings is read again in Grist before anything is believed."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if int(request.headers.get("content-length") or 0) > hooks.LONGEST:
        return HttpResponse(status=413)
    try:
        hooks.take(hook_token, request.headers.get("authorization"), request.body)
    except hooks.NotTheirs:
        return HttpResponse(status=404)
    except hooks.NotADelivery:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
