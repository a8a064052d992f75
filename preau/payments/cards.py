"""What the home page and a place's page say of money."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Card, Panel
from preau.core.formats import count, euros
from preau.payments import queries
from preau.payments.enums import IncidentState
from preau.payments.models import Incident
from preau.places.models import Place


def to_pay(request: HttpRequest) -> Card | None:
    actor = actor_of(request)
    if actor.user is None:
        return None
    waiting = list(queries.to_pay(actor)[:50])
    if not waiting:
        return None
    total = sum(due.left_cents for due in waiting)
    one = waiting[0] if len(waiting) == 1 else None
    return Card(
        title=f"{euros(total)} à payer",
        href=one.get_absolute_url() if one else reverse("payments:mine"),
        text=one.label if one else f"{count(len(waiting), 'somme')} à régler.",
        badge=("warning", "À faire"),
    )


def to_see_to(request: HttpRequest) -> Card | None:
    """For the régisseur: incidents nobody has seen to."""
    actor = actor_of(request)
    organization = actor.organization
    if organization is None or not allowed(actor, "payments.set_up", organization):
        return None
    found = Incident.objects.filter(
        office__organization=organization, state=IncidentState.OPEN
    ).order_by("id")
    offices = list(found.values_list("office_id", flat=True)[:100])
    if not offices:
        return None
    return Card(
        title=f"{count(len(offices), 'incident')} de paiement à traiter",
        href=reverse("payments:office", args=[offices[0]]),
        text="La régie doit rendre une somme, ou dire ce qui a été fait.",
        badge=("error", "À traiter"),
    )


def office_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """Who collects for a place."""
    actor = actor_of(request)
    if not allowed(actor, "payments.set_up", place):
        return None
    office = queries.office_of(place)
    context = {
        "office": office,
        "may_read": office is not None and allowed(actor, "payments.read_office", office),
        "may_open": allowed(actor, "payments.set_up", place.owner),
    }
    return Panel("Encaissement", "payments/place_panel.html", context, is_empty=office is None)
