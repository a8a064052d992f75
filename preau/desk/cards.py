"""What the desk adds to other pages: a card at home, a panel on a place's page, a line of menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, actor_of
from preau.accounts.perms import allowed
from preau.booking.enums import UNANSWERED, BookingState
from preau.booking.models import Booking
from preau.core.cards import Card, Panel
from preau.core.formats import bounds, count, day, hour, hours, local
from preau.desk.models import Inventory
from preau.desk.queries import requests
from preau.places.models import Place
from preau.places.perms import has_places, keeps_places

#: Uses of a day that the card counts.
SHOWN_TODAY = 100


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


def my_day(request: HttpRequest) -> Card | None:
    """Who comes today to the places where they sit: what a caretaker opens her telephone for."""
    if not keeps_places(request):
        return None
    places = requests.my_places(actor_of(request))
    if not places:
        return None
    dates = list(requests.arrivals_at(places)[:SHOWN_TODAY])
    if not dates:
        return Card("Votre journée", reverse("desk:today"), "Personne n’est attendu aujourd’hui.")
    more = "\u00a0ou plus" if len(dates) == SHOWN_TODAY else ""
    begin, end = bounds(dates[0].occupancy.period)
    place = dates[0].booking.place
    return Card(
        title="Votre journée",
        href=reverse("desk:today"),
        text=f"{count(len(dates), 'occupation')}{more} aujourd’hui. La première : {place},"
        f" {dates[0].occupancy.space}, {hours(begin, end, place.zone)}.",
    )


def planning_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The way to the planning, from the place's own page."""
    if not allowed(actor_of(request), "booking.see_planning", place):
        return None
    waiting = requests.bookings_at([place]).filter(state=BookingState.REQUESTED).count()
    may_plan = allowed(actor_of(request), "desk.plan", place)
    context = {"place": place, "waiting": waiting, "may_plan": may_plan}
    return Panel("Planning et demandes", "desk/planning/panel.html", context)


def inventories_of_booking(request: HttpRequest, booking: Booking) -> Panel | None:
    """What was found on arrival and departure, damage first; for both sides."""
    found = Inventory.objects.filter(occupancy__booking_date__booking=booking)
    made = list(
        found.exclude(written_at=None)
        .select_related("occupancy__place")
        .order_by("occupancy__period", "created_at")[:20]
    )
    actor = actor_of(request)
    readable = [one for one in made if allowed(actor, "desk.inventory_read", one)]
    if not readable:
        return None
    return Panel("États des lieux", "desk/inventory/panel.html", {"inventories": readable})


def after_this_one(request: HttpRequest, booking: Booking) -> Panel | None:
    """For who answers: the paper to hand over, and the next request once this one is answered."""
    actor = actor_of(request)
    if not allowed(actor, "booking.decide", booking):
        return None
    following = None
    if booking.state not in UNANSWERED:
        mine = requests.answered_by(actor, requests.my_places(actor))
        waiting = requests.bookings_at(mine).filter(state=BookingState.REQUESTED)
        following = waiting.order_by("answer_by", "id").first()
    may_print = bool(booking.caller_name) and booking.ended_at is None
    if following is None and not may_print:
        return None
    context = {"booking": booking, "following": following, "may_print": may_print}
    return Panel("Et maintenant", "desk/after.html", context)
