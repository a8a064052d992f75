"""What every verb shares: alone on the hall, one transition, one line of history, one news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from preau.accounts.actors import Actor
from preau.accounts.audiences import deciders_of
from preau.availability.actions.occupancies import Use, move, release_many
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.booking.actions.kept import give_up_for
from preau.booking.enums import BLOCKING, TRANSITIONS, BookingState, Change, DateState, Side
from preau.booking.events import booking_changed
from preau.booking.models import Booking, BookingDate
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.documents.actions import unshare
from preau.documents.models import Document
from preau.places.models import Space
from preau.pricing.actions import give_back


@dataclass(frozen=True)
class Details:
    """What the occupant says of the occasion."""

    purpose: str
    attendance: int
    is_public_event: bool
    contact_name: str
    contact_phone: str
    remarks: str = ""
    is_economic: bool = False
    capacity: str = ""
    engages: bool = False
    cause: str = ""


def locked(booking: Booking) -> Booking:
    """The booking as it stands, once we are alone on its halls."""
    _queue_for_halls(booking)
    # Two reads of few tables: ten at once cost the database more to plan than to answer.
    found = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("occupancy", "requester", "organization", "price", "series")
        .get(pk=booking.pk)
    )
    spaces = Space.objects.select_related("place__commune", "place__owner")
    found.space = spaces.get(pk=found.space_id)
    found.place = found.space.place
    return found


def _queue_for_halls(booking: Booking) -> None:
    """Wait for our turn on the hall of its space and on those of its dates, always in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM places_space WHERE id = ANY(ARRAY("
            " SELECT coalesce(root_id, id) FROM places_space WHERE id = %s"
            " UNION SELECT o.root_id FROM booking_bookingdate AS d"
            " JOIN availability_occupancy AS o ON o.id = d.occupancy_id WHERE d.booking_id = %s))"
            " ORDER BY id FOR NO KEY UPDATE",
            [booking.space_id, booking.pk],
        )


def standing_dates(booking: Booking) -> list[BookingDate]:
    """Its dates that are not cancelled, in order."""
    planned = booking.dates.filter(state=DateState.PLANNED).select_related("occupancy")
    return placed(booking, planned.order_by("occupancy__period", "id"))


def placed(booking: Booking, dates: Iterable[BookingDate]) -> list[BookingDate]:
    """The dates with their spaces: nearly always the booking's own, which is there already."""
    found = list(dates)
    spaces = {booking.space_id: booking.space}
    elsewhere = {one.occupancy.space_id for one in found} - set(spaces)
    if elsewhere:
        spaces |= Space.objects.select_related("place__commune").in_bulk(elsewhere)
    for one in found:
        one.occupancy.space = spaces[one.occupancy.space_id]
    return found


def occupancies_of(booking: Booking) -> list[Occupancy]:
    return [date.occupancy for date in standing_dates(booking)]


def frame(booking: Booking) -> None:
    """Keep what lists read of its dates: the first one standing, from when to when."""
    taken = occupancies_of(booking)
    if taken:
        booking.occupancy = taken[0]
        booking.starts_at = taken[0].span.start
        booking.ends_at = max(one.span.end for one in taken)


def transition(
    booking: Booking,
    to: BookingState,
    change: Change,
    actor: Actor,
    *,
    reason: str = "",
    previous: Period | None = None,
) -> None:
    state = BookingState(booking.state)
    if to != state and to not in TRANSITIONS.get(state, frozenset()):
        raise Refusal("Cette action n’est plus possible sur cette réservation.", code="gone")
    booking.state = to
    booking.save()
    tell(booking, change, actor, reason=reason, previous=previous)


def tell(
    booking: Booking,
    change: Change,
    actor: Actor,
    *,
    reason: str = "",
    previous: Period | None = None,
) -> None:
    event = audit.record(actor, f"booking.{change.name.lower()}", booking, reason=reason)
    booking_changed.send(
        sender=Booking,
        booking=booking,
        change=change,
        actor=actor,
        previous=previous,
        event=event,
    )


def finish(booking: Booking, to: BookingState, change: Change, side: Side, actor: Actor) -> None:
    booking.ended_at, booking.ended_by_side = clock.now(), side
    give_up_for(booking, actor=actor)
    dates = occupancies_of(booking)
    release_many(dates, actor=actor, reason=booking.reason)
    if booking.price is not None:
        give_back(booking.price, dates, actor=actor)
    was_sure = booking.state == BookingState.CONFIRMED
    transition(booking, to, change, actor, reason=booking.reason)
    if not was_sure:
        _hide_pieces(booking, actor)


def readers_of(booking: Booking) -> set[str]:
    """Who reads its pieces: those who decide there, by a role on the place or for its owner."""
    return {f"place:{booking.place_id}", deciders_of(booking.place.owner_id)}


def _hide_pieces(booking: Booking, actor: Actor) -> None:
    """It will not take place: its pieces are shown no more, but for another booking under way."""
    pieces = booking.pieces.select_related("document")
    for piece in pieces.order_by("document_id"):
        owner = Q(
            owner_user=piece.document.owner_user_id,
            owner_organization=piece.document.owner_organization_id,
        )
        # All that was handed in under that name: replaced since, or asked for anew.
        given = Document.objects.filter(
            owner, kind=piece.kind, readers__key__in=readers_of(booking)
        )
        # Taken before looking at the other bookings: one may be showing it at this very moment.
        found = Document.objects.select_for_update(no_key=True).filter(pk__in=given.values("pk"))
        for document in found.order_by("pk"):
            unshare(document, readers_of(booking) - _needed(booking, document), actor=actor)


def _needed(booking: Booking, document: Document) -> set[str]:
    """Under which lines another booking under way needs such a document of the same owner."""
    others = Booking.objects.filter(
        state__in=BLOCKING,
        pieces__kind=document.kind,
        pieces__document__owner_user=document.owner_user_id,
        pieces__document__owner_organization=document.owner_organization_id,
    ).exclude(pk=booking.pk)
    found: set[str] = set()
    return found.union(*(readers_of(one) for one in others.select_related("place")))


def shift(booking: Booking, occupancy: Occupancy, period: Period, actor: Actor) -> None:
    """Move one of its dates. Its options are given back: the new price takes them again.

    Raises:
        SlotTaken: the new time is not free.
    """
    if booking.price is not None:
        give_back(booking.price, [occupancy], actor=actor)
    move(occupancy, period, actor=actor)


def required(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refusal(sentence, field="reason", code="reason_required")


def fill(booking: Booking, details: Details) -> None:
    booking.purpose = details.purpose
    booking.attendance = details.attendance
    booking.is_public_event = details.is_public_event
    booking.contact_name = details.contact_name
    booking.contact_phone = details.contact_phone
    booking.remarks = details.remarks
    booking.is_economic = details.is_economic
    booking.capacity = details.capacity
    booking.engages_republican_values = details.engages
    booking.cause = details.cause


def details_of(booking: Booking) -> Details:
    return Details(
        purpose=booking.purpose,
        attendance=booking.attendance or 0,
        is_public_event=booking.is_public_event,
        contact_name=booking.contact_name,
        contact_phone=booking.contact_phone,
        remarks=booking.remarks,
        is_economic=booking.is_economic,
        capacity=booking.capacity,
        engages=booking.engages_republican_values,
        cause=booking.cause,
    )


def use_of(booking: Booking) -> Use:
    """What its occupancies say of it."""
    return Use(
        OccupancyKind.BOOKING,
        label=booking.purpose[:160],
        holder_user=booking.requester,
        holder_organization=booking.organization,
        contact_name=booking.contact_name,
        contact_phone=booking.contact_phone,
    )
