"""A booking seen from its letter, signed out: its facts, and giving it back."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from preau.accounts.actors import Actor, actor_of
from preau.accounts.models import User
from preau.accounts.perms import allowed, permission
from preau.booking import fees, links, money, owing
from preau.booking.actions import requests
from preau.booking.enums import BookingState, Side
from preau.booking.models import Booking
from preau.core import audit, clock
from preau.core.errors import Refusal

CANCELLABLE = frozenset(
    {
        BookingState.REQUESTED,
        BookingState.CHANGE_ASKED,
        BookingState.TO_COMPLETE,
        BookingState.CONFIRMED,
    }
)


@permission("booking.by_link")
@never_cache
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show on GET, cancel on POST. Whoever is signed in and may goes to the whole page."""
    if request.method == "POST" and (limited := consume_or_429(request, action="act_by_link")):
        return limited  # type: ignore[no-any-return]
    try:
        found = links.read(token)
    except links.Expired:
        return render(request, "booking/by_link_expired.html", status=410)
    if found is None:
        raise Http404
    booking, user = found
    if request.method != "POST" and allowed(actor_of(request), "booking.view", booking):
        return redirect("booking:page", booking.reference)
    refusal = ""
    if request.method == "POST":
        try:
            _cancel(booking, user)
        except Refusal as error:
            refusal = error.sentence
        else:
            return redirect("booking:by_link", token)
    cost = fees.cost_of_cancelling(booking)
    context = {
        "booking": booking,
        "place": booking.place,
        "space": booking.space,
        "zone": booking.place.time_zone,
        "cancellable": booking.state in CANCELLABLE and booking.ends_at > clock.now(),
        "cost": cost,
        "back": owing.if_cancelled(booking, cost),
        "is_kept": owing.is_kept(booking, cost),
        "payment": None,
        "fee": owing.fee(booking),
        "coming_back": owing.coming_back(money.due_of(booking)),
        "refusal": refusal,
    }
    return render(request, "booking/by_link.html", context)


@transaction.atomic
def _cancel(booking: Booking, user: User) -> None:
    """As the person the letter was written to; the journal says that a link was enough."""
    actor = Actor(user)
    requests.cancel(booking, "", side=Side.OCCUPANT, actor=actor)
    audit.record(actor, "booking.cancel_by_link", booking)
