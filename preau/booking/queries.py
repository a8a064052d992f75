"""Reading bookings: a visitor's held slots, a person's own, whom to tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, User
from preau.booking.approvers import to_tell
from preau.booking.enums import BLOCKING, UNSENT, ApprovalState, Approver, BookingState
from preau.booking.models import Booking
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.models import Space

PAGE = 30
#: What waits for the occupant to do something.
ON_THEM = (BookingState.CHANGE_ASKED, BookingState.TO_COMPLETE)


def with_facts() -> QuerySet[Booking]:
    """Bookings with what every page says of them."""
    return Booking.objects.select_related(
        "occupancy",
        "space__place__commune",
        "place__owner",
        "requester",
        "organization",
        "series",
        "rules__agreement_model",
        "price",
        "agreement",
        "waiting_entry",
    )


def by_reference(reference: str) -> Booking | None:
    """A booking that was sent, by the code read out over the telephone."""
    return with_facts().filter(reference=reference.upper()).exclude(state__in=UNSENT).first()


# --- Held slots


def live_holds(visitor_keys: Iterable[str]) -> QuerySet[Booking]:
    """What a visitor holds now, the first to lapse first."""
    return (
        with_facts()
        .filter(
            visitor_key__in=list(visitor_keys),
            state=BookingState.HELD,
            occupancy__hold_until__gt=clock.now(),
        )
        .order_by("occupancy__hold_until", "id")
    )


def held_slot(
    visitor_keys: Iterable[str], space: Space, period: Period, quantity: int
) -> Booking | None:
    """The visitor's own hold of this very slot: to them it is not taken."""
    return same_slot(live_holds(visitor_keys), space, period, quantity)


def same_slot(
    held: Iterable[Booking], space: Space, period: Period, quantity: int
) -> Booking | None:
    """The one among held bookings that is of this very slot."""
    for booking in held:
        same = (booking.space_id, booking.period) == (space.pk, period)
        if same and booking.occupancy.quantity == quantity and not booking.is_series:
            return booking
    return None


def started_by(visitor_keys: Iterable[str], reference: str) -> Booking | None:
    """A booking this visitor has begun, whatever became of it."""
    return with_facts().filter(visitor_key__in=list(visitor_keys), reference=reference).first()


# --- My bookings


def mine(actor: Actor) -> QuerySet[Booking]:
    """What was asked by the person, or by the organisation whose hat they wear.

    What they asked for an organisation they have left is no longer theirs.
    """
    if actor.membership:
        holder = Q(organization=actor.organization_id)
    else:
        theirs = Membership.objects.filter(user=actor.user_id, ended_at=None)
        for_whom = Q(organization=None) | Q(organization__in=theirs.values("organization"))
        holder = Q(requester=actor.user_id) & for_whom
    return with_facts().filter(holder).exclude(state__in=UNSENT)


@dataclass(frozen=True)
class Mine:
    """My bookings in the order they matter."""

    to_do: list[Booking]
    coming: list[Booking]
    #: Give it back as `after` for the rest of what comes; "" at the end.
    more: str
    past: list[Booking]


def my_bookings(actor: Actor, *, after: str = "") -> Mine:
    """What waits for me, what comes (the soonest first), and the latest of the past."""
    live = mine(actor).filter(state__in=BLOCKING, ends_at__gt=clock.now())
    coming = live.exclude(state__in=ON_THEM).order_by("starts_at", "id")
    if cursor := _read_cursor(after):
        start, last = cursor
        coming = coming.filter(Q(starts_at__gt=start) | Q(starts_at=start, id__gt=last))
    found = list(coming[: PAGE + 1])
    more = _cursor(found[PAGE - 1]) if len(found) > PAGE else ""
    to_do = live.filter(state__in=ON_THEM).order_by(Coalesce("complete_by", "answer_by"))
    return Mine(list(to_do[:PAGE]), found[:PAGE], more, list(past_bookings(actor)[:10]))


def coming_for_person(user: User) -> QuerySet[Booking]:
    """What a person has asked in their own name and that is still to come."""
    return Booking.objects.filter(
        requester=user,
        organization=None,
        state__in=BLOCKING,
        ends_at__gt=clock.now(),
    ).exclude(state__in=UNSENT)


def past_bookings(actor: Actor, *, before: int | None = None) -> QuerySet[Booking]:
    """What has ended one way or another, the latest asked first."""
    ended = ~Q(state__in=BLOCKING) | Q(ends_at__lte=clock.now())
    past = mine(actor).filter(ended).order_by("-id")
    return past.filter(id__lt=before) if before else past


def _cursor(booking: Booking) -> str:
    return f"{int(booking.starts_at.timestamp())}-{booking.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    start, _, last = text.partition("-")
    if not (start.isascii() and start.isdigit() and last.isascii() and last.isdigit()):
        return None
    if len(start) > 11 or len(last) > 18:
        return None
    return datetime.fromtimestamp(int(start), clock.now().tzinfo), int(last)


# --- Whom to tell


def people_to_tell(booking: Booking) -> list[User]:
    """Those whose answer is due; otherwise those who may answer for the place."""
    current = booking.approvals.filter(state=ApprovalState.WAITING).first()
    return to_tell(current.approver if current else Approver.ANY, booking.place)
