"""An endpoint: its settings, its log, and one delivery."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.models import Organization
from preau.accounts.perms import permission
from preau.api.actions import webhooks
from preau.api.enums import DeliveryState
from preau.api.forms import WebhookForm
from preau.api.models import WebhookDelivery, WebhookEndpoint
from preau.api.views.tokens import organization_of
from preau.core import keyset
from preau.core.errors import Refusal
from preau.core.once import once

PAGE = 30
#: The colour and the icon of a state; the word is the state’s own.
BADGES = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.DELIVERED: "success",
    DeliveryState.GIVEN_UP: "error",
}


def endpoint_of(webhook_key: UUID) -> WebhookEndpoint:
    found = WebhookEndpoint.objects.select_related("organization", "membership__user")
    one = found.filter(key=webhook_key).first()
    if one is None:
        raise Http404
    return one


def delivery_of(message_key: UUID) -> WebhookDelivery:
    found = WebhookDelivery.objects.select_related("endpoint__organization")
    one = found.filter(message_id=message_key).first()
    if one is None:
        raise Http404
    return one


@never_cache
@permission("api.manage", load=organization_of)
def create(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The secret is on the page that answers the form, and nowhere else afterwards."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = webhooks.create(
                organization, actor=actor_of(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _secret_page(request, made, secret, fresh=True)
    context = {"form": form, "organization": organization, "endpoint": None}
    return render(request, "api/webhook_form.html", context)


def _secret_page(
    request: HttpRequest, endpoint: WebhookEndpoint, secret: str, *, fresh: bool
) -> HttpResponse:
    context = {
        "endpoint": endpoint,
        "organization": endpoint.organization,
        "secret": secret,
        "fresh": fresh,
    }
    return render(request, "api/webhook_secret.html", context)


@permission("api.manage", load=endpoint_of)
def endpoint(request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    after = request.GET.get("apres", "")
    rows, following = keyset.some(
        WebhookDelivery.objects.filter(endpoint=endpoint),
        by="created_at",
        after=after,
        number=PAGE,
    )
    context = {
        "endpoint": endpoint,
        "organization": endpoint.organization,
        "rows": [(one, BADGES[DeliveryState(one.state)], in_words(one)) for one in rows],
        "next_url": f"?apres={following}" if following else "",
        "owner_left": endpoint.membership.ended_at is not None,
    }
    return render(request, "api/webhook.html", context)


@permission("api.manage", load=endpoint_of)
def edit(request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    form = WebhookForm(typed, initial={"url": endpoint.url, "events": endpoint.events})
    if request.method == "POST" and form.is_valid():
        try:
            webhooks.edit(endpoint, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le webhook est modifié.")
            return redirect("api:webhook", endpoint.key)
    context = {"form": form, "organization": endpoint.organization, "endpoint": endpoint}
    return render(request, "api/webhook_form.html", context)


@never_cache
@permission("api.manage", load=endpoint_of)
@require_POST
def rotate(request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    secret = webhooks.rotate(endpoint, actor=actor_of(request))
    return _secret_page(request, endpoint, secret, fresh=False)


@permission("api.manage", load=endpoint_of)
@require_POST
def ping(request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    def act() -> str:
        webhooks.ping(endpoint, actor=actor_of(request))
        messages.success(request, "L’essai part dans un instant : rechargez le journal.")
        return endpoint_url(endpoint)

    return _or_told(request, endpoint, act)


@permission("api.manage", load=endpoint_of)
@require_POST
def stop(request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    webhooks.stop(endpoint, actor=actor_of(request))
    messages.success(request, "Le webhook est arrêté : rien ne lui est plus envoyé.")
    return redirect("api:webhook", endpoint.key)


@permission("api.manage", load=endpoint_of)
@require_POST
def resume(request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    try:
        webhooks.resume(endpoint, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Le webhook reprend : il reçoit ce qui arrive dès maintenant.")
    return redirect("api:webhook", endpoint.key)


@permission("api.manage", load=delivery_of)
def delivery(request: HttpRequest, delivery: WebhookDelivery) -> HttpResponse:
    context = {
        "delivery": delivery,
        "endpoint": delivery.endpoint,
        "organization": delivery.endpoint.organization,
        "badge": BADGES[DeliveryState(delivery.state)],
        "words": in_words(delivery),
        "payload": json.dumps(delivery.payload, ensure_ascii=False, indent=2),
    }
    return render(request, "api/delivery.html", context)


@permission("api.manage", load=delivery_of)
@require_POST
def replay(request: HttpRequest, delivery: WebhookDelivery) -> HttpResponse:
    def act() -> str:
        webhooks.replay(delivery, actor=actor_of(request))
        messages.success(request, "L’envoi repart dans un instant, sous le même identifiant.")
        return endpoint_url(delivery.endpoint)

    return _or_told(request, delivery.endpoint, act)


def in_words(delivery: WebhookDelivery) -> str:
    """What the last try met, for whoever runs the program; "" before the first."""
    status = delivery.last_status
    if 300 <= status < 400:
        return f"{status} : redirection, que nous ne suivons pas"
    if status:
        return str(status)
    if not delivery.last_trouble:
        return ""
    if "public" in delivery.last_trouble:
        return "Adresse d’un réseau privé"
    return "Pas de réponse"


def endpoint_url(endpoint: WebhookEndpoint) -> str:
    return reverse("api:webhook", args=[endpoint.key])


def _or_told(
    request: HttpRequest, endpoint: WebhookEndpoint, act: Callable[[], str]
) -> HttpResponse:
    """Once, or the sentence that says why not."""
    try:
        return once(request, act)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("api:webhook", endpoint.key)
