"""A change that the occupant asks of an accepted booking: another time for one date, or how many
people. The new time is kept at once; the old one stays until the manager answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.availability.actions.occupancies import release_many
from preau.availability.queries.space import check_rules, timeline
from preau.booking.actions.agreeing import redraw
from preau.booking.actions.chain import ANSWER_MARGIN
from preau.booking.actions.kept import give_up, keep, pending
from preau.booking.actions.prices import difference_of, set_price_of_change
from preau.booking.actions.requests import check_details
from preau.booking.actions.steps import (
    details_of,
    frame,
    locked,
    required,
    shift,
    standing_dates,
    tell,
    use_of,
)
from preau.booking.actions.waiting import serve
from preau.booking.enums import ACCEPTED, Change, ChangeRequestState
from preau.booking.models import Booking, BookingDate, ChangeRequest
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.locks import lock_root


@dataclass(frozen=True)
class Wanted:
    """What the occupant would like instead, and why. What stays as it is may be left out."""

    reason: str
    period: Period | None = None
    attendance: int | None = None


@transaction.atomic
def ask(booking: Booking, date_id: int, wanted: Wanted, *, actor: Actor) -> ChangeRequest:
    """Ask for a change and keep the new time. Asked twice the same, it counts once.

    Raises:
        SlotTaken: the new time is not free; nothing has changed.
        Refusal: another change waits, the date is past, the rules of the space object.
    """
    required(wanted.reason, "Dites pourquoi : le gestionnaire le lira.")
    booking = _accepted(booking)
    date = _coming(booking, date_id)
    period = None if wanted.period == date.period else wanted.period
    attendance = None if wanted.attendance == booking.attendance else wanted.attendance
    if (waiting := pending(booking)) is not None:
        if (waiting.date_id, waiting.period, waiting.attendance) == (date.pk, period, attendance):
            return waiting
        raise Refusal(
            "Un changement attend déjà une réponse. Retirez-le pour en demander un autre.",
            code="already_asked",
        )
    if period is None and attendance is None:
        raise Refusal("Rien ne change : modifiez l’horaire ou le nombre de personnes.", code="same")
    _check(booking, date, period, attendance)
    answer_by = _answer_by(booking, date, period)
    difference = difference_of(booking, date, period, attendance)
    kept = keep(date, period, use_of(booking), actor=actor) if period else None
    change = ChangeRequest.objects.create(
        booking=booking,
        date=date,
        occupancy=kept,
        starts_at=period.start if period else None,
        ends_at=period.end if period else None,
        attendance=attendance,
        reason=wanted.reason.strip(),
        difference_cents=difference,
        answer_by=answer_by,
    )
    tell(booking, Change.CHANGE_WANTED, actor, reason=change.reason)
    return change


@transaction.atomic
def accept(change: ChangeRequest, *, actor: Actor) -> ChangeRequest:
    """Make the change: the old time is free, the price and the agreement follow. Twice is once.

    Raises:
        Refusal: it was withdrawn, refused, or its time is over; an option has run out.
    """
    booking, change = _open(change)
    if change.state == ChangeRequestState.ACCEPTED:
        return change
    _still_asked(change)
    before = change.date.period
    if change.occupancy is not None:
        date, old = change.date, change.date.occupancy
        date.occupancy = change.occupancy
        date.save(update_fields=["occupancy"])
        change.occupancy = None  # it is the date's now
        release_many([old], actor=actor, reason=change.reason)
    elif change.period is not None:
        shift(booking, change.date.occupancy, change.period, actor)
    change.state, change.decided_at = ChangeRequestState.ACCEPTED, clock.now()
    change.save()
    frame(booking)
    booking.attendance = change.attendance or booking.attendance
    booking.reason = ""
    booking.save()
    set_price_of_change(booking, change.difference_cents, actor)
    redraw(booking, f"Changement demandé par l’occupant : {change.reason}", actor)
    tell(booking, Change.CHANGE_ACCEPTED, actor, previous=before)
    return change


@transaction.atomic
def refuse(change: ChangeRequest, answer: str, *, actor: Actor) -> ChangeRequest:
    """Say no, and why: the booking stays as it was, the time kept is free."""
    required(answer, "Indiquez pourquoi : l’occupant le lira.")
    booking, change = _open(change)
    if change.state == ChangeRequestState.REFUSED:
        return change
    _still_asked(change)
    change.answer = answer.strip()
    give_up(change, ChangeRequestState.REFUSED, actor=actor)
    tell(booking, Change.CHANGE_REFUSED, actor, reason=change.answer)
    return change


@transaction.atomic
def withdraw(change: ChangeRequest, *, actor: Actor) -> ChangeRequest:
    """The occupant keeps the booking as it is. Twice is harmless."""
    booking, change = _open(change)
    if change.state == ChangeRequestState.WITHDRAWN:
        return change
    if change.state != ChangeRequestState.ASKED:
        raise Refusal(_answered(change), code="gone")
    give_up(change, ChangeRequestState.WITHDRAWN, actor=actor)
    tell(booking, Change.CHANGE_WITHDRAWN, actor)
    return change


@transaction.atomic
def expire(change: ChangeRequest) -> None:
    """Nobody answered in time: the booking stays as it was."""
    booking, change = _open(change)
    if change.state == ChangeRequestState.ASKED and change.answer_by <= clock.now():
        give_up(change, ChangeRequestState.EXPIRED, actor=SYSTEM)
        tell(booking, Change.CHANGE_EXPIRED, SYSTEM)


def _accepted(booking: Booking) -> Booking:
    booking = locked(booking)
    if booking.state not in ACCEPTED:
        raise Refusal("Cette réservation ne peut plus être changée.", code="gone")
    return booking


def _coming(booking: Booking, date_id: int) -> BookingDate:
    for date in standing_dates(booking):
        if date.pk == date_id and date.period.start > clock.now():
            return date
    raise Refusal("Cette date est passée ou annulée.", field="date", code="past")


def _check(
    booking: Booking, date: BookingDate, period: Period | None, attendance: int | None
) -> None:
    """The rules of the space, but whether the time is free: the constraint says it better."""
    if attendance is not None:
        details = details_of(booking)
        check_details(
            date.occupancy.space,
            type(details)(**{**vars(details), "attendance": attendance}),
            date.occupancy.quantity,
        )
    if period is None:
        return
    space = date.occupancy.space
    serve(lock_root(space))  # those who wait in line come first
    check_rules(space, period, clock.now())
    zone = space.place.zone
    days = (one.astimezone(zone).date() for one in (period.start, period.end))
    if not timeline(space, *days).is_open(period):
        raise Refusal(
            "L’espace n’est pas ouvert pendant tout ce créneau. Choisissez une autre heure.",
            field="start",
            code="closed",
        )


def _answer_by(booking: Booking, date: BookingDate, period: Period | None) -> datetime:
    """The delay of the space, and before the first of the two times begins."""
    now = clock.now()
    start = min(date.period.start, period.start if period else date.period.start)
    limit = min(now + timedelta(hours=booking.space.response_hours), start - ANSWER_MARGIN)
    if limit <= now:
        raise Refusal(
            "Il est trop tard pour demander un changement par cette page : le créneau commence "
            "dans moins d’une heure. Appelez le lieu.",
            code="too_late",
        )
    return limit


def _open(change: ChangeRequest) -> tuple[Booking, ChangeRequest]:
    booking = locked(change.booking)
    rows = ChangeRequest.objects.select_related("date__occupancy__space", "occupancy__space")
    return booking, rows.select_for_update(of=("self",)).get(pk=change.pk)


def _still_asked(change: ChangeRequest) -> None:
    if change.state != ChangeRequestState.ASKED:
        raise Refusal(_answered(change), code="gone")
    if change.answer_by <= clock.now():
        raise Refusal("Le délai de réponse est dépassé.", code="expired")


def _answered(change: ChangeRequest) -> str:
    return f"Ce changement n’attend plus de réponse : {change.get_state_display().lower()}."
