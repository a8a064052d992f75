"""Reading at the desk: what waits for an answer, who arrives today, every request of my places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.booking.approvers import lent_places, may_give
from preau.booking.enums import UNSENT, ApprovalState, BookingState, DateState
from preau.booking.models import Approval, Booking, BookingDate
from preau.booking.queries import with_facts
from preau.core import clock, formats
from preau.core.french import by_name
from preau.core.timeranges import day_period
from preau.places.models import Place
from preau.places.queries import managed_places, seats_of

PAGE = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The states a manager may ask to see, in the order of the filter.
SHOWN = [state for state in BookingState if state not in UNSENT]


def my_places(actor: Actor) -> list[Place]:
    """The places at whose desk the actor sits, in their own right or for somebody away."""
    own = list(managed_places(actor))
    lent = lent_places(actor).exclude(pk__in=[place.pk for place in own])
    found = lent.select_related("owner", "commune").order_by(*by_name("name"), "pk")
    return own + answered_by(actor, found)


def answered_by(actor: Actor, places: Iterable[Place]) -> list[Place]:
    """Those where the actor answers: a caretaker reads the requests of the others."""
    return [place for place in places if allowed(actor, "booking.decide", place)]


def bookings_at(places: Iterable[Place]) -> QuerySet[Booking]:
    """Requests and bookings of these places; what was never sent stays with its visitor."""
    ids = [place.pk for place in places]
    return with_facts().filter(place__in=ids).exclude(state__in=UNSENT)


@dataclass(frozen=True)
class Today:
    """The desk this morning."""

    to_treat: list[Booking]
    to_treat_count: int
    #: Those that wait for somebody else, where the reader only looks on.
    elsewhere_count: int
    change_asked_count: int
    arrivals: list[BookingDate]


def today_at(places: Sequence[Place], answered: Sequence[Place] | None = None) -> Today:
    """What waits for an answer, the nearest deadline first; who comes today, in order.

    Args:
        answered: those of the places whose requests the reader answers; all of them, unless said.
    """
    answered = places if answered is None else answered
    bookings = bookings_at(places)
    asked = bookings.filter(state=BookingState.REQUESTED)
    waiting = asked.filter(place__in=[place.pk for place in answered])
    others = {place.pk for place in places} - {place.pk for place in answered}
    return Today(
        to_treat=list(waiting.order_by("answer_by", "id")[:10]),
        to_treat_count=waiting.count(),
        elsewhere_count=asked.filter(place__in=others).count() if others else 0,
        change_asked_count=bookings.filter(state=BookingState.CHANGE_ASKED).count(),
        arrivals=list(arrivals_at(places)[:100]),
    )


def arrivals_at(places: Sequence[Place]) -> QuerySet[BookingDate]:
    """Who comes today, in order."""
    expected = BookingDate.objects.filter(
        _today_where(places),
        state=DateState.PLANNED,
        booking__state=BookingState.CONFIRMED,
        booking__place__in=[place.pk for place in places],
    )
    return expected.select_related(
        "occupancy__space",
        "booking__occupancy",
        "booking__place",
        "booking__space",
        "booking__requester",
        "booking__organization",
    ).order_by("occupancy__period", "id")


def _today_where(places: Sequence[Place]) -> Q:
    """Dates of the local day now begun, which is not the same day in every zone."""
    found = Q(pk__in=[])
    for name in sorted({place.time_zone for place in places}):
        zone = next(place.zone for place in places if place.time_zone == name)
        day = day_period(clock.today(zone), zone)
        found |= Q(booking__place__time_zone=name, occupancy__period__overlap=(day.start, day.end))
    return found


@dataclass(frozen=True)
class RequestPage:
    """A page of requests and how it was asked for."""

    bookings: list[Booking]
    state: str
    place: Place | None
    after: str
    next_key: str


def page_of_requests(places: Sequence[Place], *, state: str, place: str, after: str) -> RequestPage:
    """Requests of my places. Those to answer come by deadline, the others the newest first.

    Unknown filters are ignored; `state` is "toutes" for all of them.
    """
    if state not in {*SHOWN, "toutes"}:
        state = BookingState.REQUESTED
    chosen = next((one for one in places if str(one.pk) == place), None)
    bookings = bookings_at([chosen] if chosen else places)
    if state != "toutes":
        bookings = bookings.filter(state=state)
    by_deadline = state in {BookingState.REQUESTED, BookingState.CHANGE_ASKED}
    bookings = bookings.order_by("answer_by", "id") if by_deadline else bookings.order_by("-id")
    cursor = _read(after)
    if cursor is not None:
        bookings = bookings.filter(_beyond(cursor, by_deadline))
    rows = list(bookings[: PAGE + 1])
    more = _key(rows[PAGE - 1]) if len(rows) > PAGE else ""
    return RequestPage(rows[:PAGE], state, chosen, after if cursor else "", more)


def _beyond(cursor: tuple[datetime, int], by_deadline: bool) -> Q:
    deadline, last = cursor
    if not by_deadline:
        return Q(id__lt=last)
    return Q(answer_by__gt=deadline) | Q(answer_by=deadline, id__gt=last)


def _key(booking: Booking) -> str:
    """Where the page ends: the deadline in microseconds, and the row."""
    since = (booking.answer_by or _EPOCH) - _EPOCH
    return f"{since // timedelta(microseconds=1)}-{booking.pk}"


def _read(text: str) -> tuple[datetime, int] | None:
    micros, _, last = text.partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 18 for part in (micros, last)):
        return None
    return _EPOCH + timedelta(microseconds=int(micros)), int(last)


@dataclass(frozen=True)
class Row:
    """A request at the desk: what it lacks, the accord now due, and whether it is the reader's."""

    booking: Booking
    lacks: list[str]
    due: Approval | None
    is_mine: bool


def rows_of(bookings: Iterable[Booking], actor: Actor) -> list[Row]:
    """The same requests, with the accord that each waits for."""
    found = list(bookings)
    waiting = Approval.objects.filter(booking__in=found, state=ApprovalState.WAITING)
    due = {one.booking_id: one for one in waiting}
    return [_row(one, due.get(one.pk), actor) for one in found]


def _row(booking: Booking, due: Approval | None, actor: Actor) -> Row:
    mine = due is not None and may_give(actor, due, booking.place)
    return Row(booking, missing(booking), due, mine)


def missing(booking: Booking) -> list[str]:
    """What a request lacks to be answered without asking, in the clerk's words."""
    lacks = []
    if not booking.contact_name or not booking.contact_phone:
        lacks.append("le téléphone d’une personne à joindre le jour même")
    if booking.organization and not booking.organization.is_verified:
        lacks.append("la vérification de la structure")
    if seats := _too_few_seats(booking):
        lacks.append(f"de la place : {formats.count(seats, 'personne')} au plus")
    return lacks


def _too_few_seats(booking: Booking) -> int:
    """How many people there is room for, if that is not enough; 0 otherwise."""
    people, quantity = booking.attendance or 0, booking.occupancy.quantity
    if people <= quantity:  # whatever the space, without counting its stations
        return 0
    seats = seats_of(booking.space, quantity)
    return seats if people > seats else 0
