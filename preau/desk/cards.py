"""What the desk adds to other pages: a card at home, a panel on a place's page, a line of menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, actor_of
from preau.accounts.perms import allowed
from preau.booking.enums import BookingState
from preau.core.cards import Card, Panel
from preau.core.formats import count, day, hour, local
from preau.desk.queries import requests
from preau.places.models import Place
from preau.places.perms import has_places


def manages(request: HttpRequest) -> bool:
    return has_places(getattr(request, "actor", ANONYMOUS))  # an error page may have no actor


def to_treat(request: HttpRequest) -> Card | None:
    """How many requests wait for an answer, and until when the first one can."""
    if not manages(request):
        return None
    actor = actor_of(request)
    mine = requests.answered_by(actor, requests.my_places(actor))
    bookings = requests.bookings_at(mine)
    waiting = bookings.filter(state=BookingState.REQUESTED)
    number, first = waiting.count(), waiting.order_by("answer_by", "id").first()
    if first is None or first.answer_by is None:
        return None
    wall = local(first.answer_by, first.place.zone)
    return Card(
        title=f"{count(number, 'demande')} à traiter",
        href=reverse("desk:today"),
        text=f"La plus pressée attend votre réponse avant le {day(wall.date())} à {hour(wall)}.",
        badge=("warning", "À faire"),
    )


def planning_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The way to the planning, from the place's own page."""
    if not allowed(actor_of(request), "booking.see_planning", place):
        return None
    waiting = requests.bookings_at([place]).filter(state=BookingState.REQUESTED).count()
    may_plan = allowed(actor_of(request), "desk.plan", place)
    context = {"place": place, "waiting": waiting, "may_plan": may_plan}
    return Panel("Planning et demandes", "desk/planning/panel.html", context)
