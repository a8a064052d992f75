"""« API et webhooks » of an organisation: its tokens and its endpoints."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.models import Organization
from preau.accounts.perms import permission
from preau.api.actions import tokens
from preau.api.enums import Scope
from preau.api.forms import TokenForm
from preau.api.models import ApiToken, WebhookEndpoint
from preau.core.errors import Refusal

#: Ended tokens, and stopped webhooks, that the page still tells.
MOST_SHOWN = 60


def organization_of(organization_id: int) -> Organization:
    found = Organization.objects.filter(pk=organization_id).first()
    if found is None:
        raise Http404
    return found


def token_of(api_token_id: int) -> ApiToken:
    found = ApiToken.objects.select_related("organization").filter(pk=api_token_id).first()
    if found is None:
        raise Http404
    return found


@permission("api.manage", load=organization_of)
def home(request: HttpRequest, organization: Organization) -> HttpResponse:
    kept = ApiToken.objects.filter(organization=organization).order_by("-id")
    kept = kept.select_related("membership__user")
    live = list(kept.live())
    endpoints = WebhookEndpoint.objects.filter(organization=organization)
    context = {
        "organization": organization,
        "live": live,
        "ended": kept.exclude(pk__in=[one.pk for one in live])[:MOST_SHOWN],
        "endpoints": endpoints.filter(disabled_at=None).order_by("pk"),
        "stopped": endpoints.exclude(disabled_at=None).order_by("-disabled_at")[:MOST_SHOWN],
    }
    return render(request, "api/home.html", context)


@never_cache
@permission("api.manage", load=organization_of)
def create(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The token is on the page that answers the form, and nowhere else afterwards."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made, token = tokens.create(
                organization,
                actor=actor_of(request),
                name=data["name"],
                scopes=[Scope(one) for one in data["scopes"]],
                days=data["days"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            context = {"organization": organization, "made": made, "token": token}
            return render(request, "api/token_made.html", context)
    context = {"form": form, "organization": organization}
    return render(request, "api/token_form.html", context)


@permission("api.manage", load=token_of)
@require_POST
def revoke(request: HttpRequest, token: ApiToken) -> HttpResponse:
    try:
        tokens.revoke(token, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Le jeton « {token.name} » est révoqué : il n’ouvre plus rien.")
    return redirect("api:home", token.organization_id)
