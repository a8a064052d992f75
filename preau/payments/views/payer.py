"""The payer's pages: what I owe, one sum, paying it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import keyset
from preau.core.errors import Refusal
from preau.payments import given_back, queries, shares, titles
from preau.payments.actions import trying
from preau.payments.actions.money import counter_means
from preau.payments.enums import LIVING, DueState, OfficeMode, OperationState, Provider
from preau.payments.forms.money import CounterForm
from preau.payments.models import Due
from preau.payments.panels import due_panels
from preau.payments.providers import least_cents, provider_of
from preau.payments.views.loading import load_due


@permission("payments.mine")
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    past, after = keyset.some(
        queries.dues_of(actor).exclude(state=DueState.OPEN),
        by="created_at",
        after=request.GET.get("apres", ""),
        number=20,
    )
    backs = given_back.of_all(past)
    for due in past:
        due.given = backs.get(due.pk)  # type: ignore[attr-defined]
    context = {"to_pay": queries.to_pay(actor)[:50], "past": past, "after": after}
    return render(request, "payments/mine.html", context)


@permission("payments.read_due", load=load_due)
def due(request: HttpRequest, due: Due) -> HttpResponse:
    """One sum: its lines, what was paid, how to pay."""
    actor = actor_of(request)
    may_collect = allowed(actor, "payments.collect", due)
    context = {
        "due": due,
        "office": due.office,
        "zone": due.office.zone,
        "lines": list(due.lines.all()),
        "rates": shares.told(due),
        "entries": list(due.payments.select_related("recorded_by", "reversed_by").order_by("id")),
        "holds": allowed(actor, "payments.pay", due),
        "may_collect": may_collect,
        "pay_url": reverse("payments:pay", args=[due.key]),
        "form": CounterForm(due=due) if may_collect and due.left_cents else None,
        "incidents": list(due.incidents.order_by("id")) if may_collect else [],
        "operations": list(due.operations.order_by("id")) if may_collect else [],
        "back": page_of(due.source),
        "panels": [panel for make in due_panels if (panel := make(request, due))],
    }
    return render(request, "payments/due.html", context | how_to_pay(due))


def how_to_pay(due: Due) -> dict[str, Any]:
    """What « Payer » needs, for who signed in and for who has but a link."""
    provider = provider_of(due.office)
    living = due.operations.filter(state__in=LIVING).exclude(remote_id="").first()
    is_handed = titles.is_handed(due)
    is_payable = provider is not None and due.left_cents >= least_cents(provider)
    return {
        "given": given_back.of(due),
        "living": living,
        "to_check": due.operations.filter(state=OperationState.TO_CHECK).exists(),
        "pays_online": is_payable and not is_handed,
        "is_trial": provider == Provider.TEST,
        "means": [one.label.lower() for one in counter_means(due)],
        "is_titre": due.office.mode == OfficeMode.TITRE,
        "is_handed": is_handed,
    }


def page_of(source: str) -> str:
    """The page of what a sum or a deposit is for, where a room above has one."""
    kind, _, reference = source.partition(":")
    try:
        return reverse(f"{kind}:page", args=[reference])
    except NoReverseMatch:
        return ""


@permission("payments.pay", load=load_due)
@require_POST
def pay(request: HttpRequest, due: Due) -> HttpResponse:
    """Open the provider's page, or go back to the one that is open."""
    actor = actor_of(request)
    try:
        url = trying.begin(due, email=actor.person.email, actor=actor)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(due)
    if url.startswith("/"):
        return redirect(url)
    # A form may not lead out of the site (content security policy): a page does.
    context = {"due": due, "url": url, "back": due.get_absolute_url()}
    return render(request, "payments/leaving.html", context)
