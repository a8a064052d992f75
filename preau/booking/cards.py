"""What the home page says to an occupant: what waits for them, what comes next."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.booking import queries
from preau.booking.enums import BookingState
from preau.booking.models import RulesAssignment
from preau.booking.waiting_queries import lines_at
from preau.core import clock
from preau.core.cards import Card, Panel
from preau.core.formats import count, slot
from preau.places.models import Place


def to_change(request: HttpRequest) -> Card | None:
    actor = actor_of(request)
    if actor.user is None:
        return None
    waiting = queries.mine(actor).filter(state=BookingState.CHANGE_ASKED).count()
    if not waiting:
        return None
    return Card(
        title=f"{count(waiting, 'demande')} à modifier",
        href=reverse("booking:mine"),
        text="Le gestionnaire attend votre réponse ; le créneau reste bloqué pour vous.",
        badge=("warning", "À faire"),
    )


def next_coming(request: HttpRequest) -> Card | None:
    actor = actor_of(request)
    if actor.user is None:
        return None
    booking = (
        queries.mine(actor)
        .filter(state=BookingState.CONFIRMED, occupancy__period__endswith__gt=clock.now())
        .order_by("occupancy__period__startswith")
        .first()
    )
    if booking is None:
        return None
    period = booking.period
    return Card(
        title=f"{booking.space.name}, {booking.place.name}",
        href=reverse("booking:page", args=[booking.reference]),
        text=f"Votre prochaine réservation : {slot(period.start, period.end, booking.place.zone)}.",
        badge=("success", "Confirmée"),
    )


def rules_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """Under which rules a place is booked, and the way to change them."""
    actor = actor_of(request)
    if not allowed(actor, "booking.decide", place):
        return None
    assigned = RulesAssignment.objects.filter(place=place).select_related("rules").first()
    context = {
        "place": place,
        "rules": assigned.rules if assigned else None,
        "may_write": allowed(actor, "booking.rules", place.owner),
    }
    return Panel("Règles de réservation", "booking/rules/panel.html", context)


def waiting_at_place(request: HttpRequest, place: Place) -> Panel | None:
    """Which slots of the place people wait for."""
    if not allowed(actor_of(request), "booking.decide", place):
        return None
    lines = lines_at(place)
    context = {"lines": lines, "zone": place.time_zone}
    return Panel("Listes d’attente", "booking/waiting_panel.html", context) if lines else None
