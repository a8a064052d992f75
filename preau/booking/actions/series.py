"""A rhythm held at once, then its dates: later hours, one more, some skipped days put back.

Order of the locks, as everywhere: the visitor, the halls in order, the booking.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby

from django.db import transaction

from preau.accounts.actors import Actor
from preau.availability.actions.occupancies import (
    SlotTaken,
    Use,
    clear_lapsed_holds,
    occupy_many,
)
from preau.availability.models import Occupancy, OccupiedUnit
from preau.availability.queries.series import Look, days_of
from preau.booking.actions import dates
from preau.booking.actions.chain import answer_by, open_chain
from preau.booking.actions.holds import begin, check_limit, hold_use, queue
from preau.booking.actions.prices import set_price
from preau.booking.actions.steps import frame, locked, required, shift, transition, use_of
from preau.booking.actions.waiting import serve
from preau.booking.enums import (
    BLOCKING,
    UNANSWERED,
    BookingState,
    Change,
    DateState,
    Frequency,
)
from preau.booking.models import Booking, BookingDate, BookingSeries
from preau.booking.patterns import MOST_DATES, Pattern
from preau.booking.queries import live_holds
from preau.core import clock, formats
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.locks import lock_roots
from preau.places.models import Space, SpaceUnit

Slot = tuple[Space, Period]


@transaction.atomic
def hold_series(
    space: Space,
    slots: Sequence[Slot],
    pattern: Pattern,
    *,
    actor: Actor,
    visitor_key: str,
    quantity: int = 1,
    skipped: Sequence[dict[str, str]] = (),
) -> Booking:
    """Keep all these dates for a visitor while they fill in the form; all of them or none.

    Holding again what the same visitor already holds gives the same booking back.

    Args:
        slots: each date with its space, which may be another one of the same owner.
        skipped: the days of the rhythm that are not asked for, and why.

    Raises:
        Refusal: too many dates, the rules of a space, two claims already held.
        SlotTaken: one of the dates is not free; the sentence says which.
    """
    _check_size(slots)
    queue(visitor_key)
    ordered = sorted(slots, key=lambda slot: (slot[1].start, slot[0].pk))
    for root in lock_roots([one for one, _ in ordered]):
        clear_lapsed_holds(root)
        serve(root)  # those who wait in line come first
    mine = list(live_holds([visitor_key]))
    if own := _same(mine, space, ordered):
        return own
    check_limit(mine)
    booking = begin(
        space, take_slots(space, ordered, quantity, actor=actor), visitor_key=visitor_key
    )
    BookingSeries.objects.create(
        booking=booking,
        frequency=pattern.frequency,
        first_day=pattern.first_day,
        last_day=pattern.last_day,
        start_minute=pattern.start_minute,
        minutes=pattern.minutes,
        skips_school_holidays=pattern.skips_school_holidays,
        skips_public_holidays=pattern.skips_public_holidays,
        skipped=list(skipped),
    )
    return booking


def take_slots(
    space: Space, slots: Sequence[Slot], quantity: int, *, actor: Actor, use: Use | None = None
) -> list[Occupancy]:
    """Time in these spaces, in order of time, or nothing. Call it with the halls locked.

    Raises:
        Refusal: a space is not public, or another owner's, or its rules do not allow it.
        SlotTaken: one of them is not free.
    """
    for one, _ in slots:
        if not one.is_public or one.place.owner_id != space.place.owner_id:
            raise Refusal("Cet espace n’est plus proposé à la réservation.", code="not_public")
    _require_free(slots, quantity)
    use = use or hold_use()
    taken: list[Occupancy] = []
    for _, group in groupby(sorted(slots, key=lambda slot: slot[0].pk), lambda slot: slot[0].pk):
        together = list(group)
        where = together[0][0]
        wanted = [(period, use) for _, period in together]
        many = quantity if where.is_pool else 1
        taken += occupy_many(where, wanted, actor=actor, quantity=many)
    return sorted(taken, key=lambda one: (one.span.start, one.pk))


def _require_free(slots: Sequence[Slot], quantity: int) -> None:
    spaces = list({one.pk: one for one, _ in slots}.values())
    days = {day for one, period in slots for day in days_of([period], one.place.zone)}
    look = Look(spaces, days)
    for space, period in slots:
        refusal = look.refusal(space, period, quantity if space.is_pool else 1)
        if refusal is None:
            continue
        when = formats.slot(period.start, period.end, space.place.zone)
        if refusal.code == "slot_taken":
            raise SlotTaken(f"La date du {when} vient d’être prise : revoyez la liste des dates.")
        raise Refusal(f"{when[0].upper()}{when[1:]} : {refusal.sentence}", code=refusal.code)


def _check_size(slots: Sequence[Slot]) -> None:
    if not slots:
        raise Refusal("Aucune date n’est choisie.", code="no_date")
    if len(slots) > MOST_DATES:
        raise Refusal(
            f"Une réservation récurrente compte {MOST_DATES} dates au plus.", code="too_many_dates"
        )


def _same(mine: Sequence[Booking], space: Space, slots: Sequence[Slot]) -> Booking | None:
    """The visitor's own hold of these very dates: the page was sent twice."""
    asked = {(one.pk, period) for one, period in slots}
    for booking in mine:
        if booking.is_series and booking.space_id == space.pk:
            held = booking.dates.select_related("occupancy")
            if {(one.occupancy.space_id, one.period) for one in held} == asked:
                return booking
    return None


# --- Once asked for


@transaction.atomic
def change_hours(
    date_: BookingDate, start_minute: int, minutes: int, reason: str, *, actor: Actor
) -> Booking:
    """Give this date and the following ones other hours; all of them or none.

    Raises:
        SlotTaken: somebody is in the way on some days; the sentence names them.
    """
    required(reason, "Indiquez pourquoi les horaires changent : l’occupant le lira.")
    booking = _sent(date_.booking)
    moves = moved_hours(booking, date_, start_minute, minutes)
    if not moves:
        raise Refusal("Aucune date à venir n’est concernée.", code="no_date")
    if clashes := in_the_way(moves):
        zone = booking.place.zone
        when = ", ".join(formats.day(one.period.start.astimezone(zone).date()) for one in clashes)
        raise SlotTaken(f"Rien n’est changé : l’espace est pris à ces heures le {when}.")
    for one, period in moves:
        if period != one.period:
            shift(booking, one.occupancy, period, actor)
    BookingSeries.objects.filter(booking=booking).update(start_minute=start_minute, minutes=minutes)
    dates.note(booking, actor, reason)
    return booking


Move = tuple[BookingDate, Period]


def moved_hours(
    booking: Booking, since: BookingDate, start_minute: int, minutes: int
) -> list[Move]:
    """The dates to come from that one, each with its new time; hours that do not exist stay."""
    zone, series, now = booking.place.zone, booking.series, clock.now()
    rhythm = Frequency(series.frequency)
    rule = Pattern(rhythm, series.first_day, series.last_day, start_minute, minutes)
    rows = booking.dates.filter(
        state=DateState.PLANNED, occupancy__period__startswith__gte=since.period.start
    ).select_related("occupancy__space__place")
    found = []
    for one in rows.order_by("occupancy__period"):
        period = rule.period_on(one.period.start.astimezone(zone).date(), zone)
        if period and one.period.start > now and period.start > now:
            found.append((one, period))
    return found


def in_the_way(moves: Sequence[Move]) -> list[BookingDate]:
    """The dates that cannot be moved so: somebody else has one of their units. Two queries."""
    if not moves:
        return []
    spaces = {one.occupancy.space_id: one.occupancy.space for one, _ in moves}
    units: dict[int, set[int]] = {}
    for space, unit in SpaceUnit.objects.filter(space__in=spaces).values_list("space", "unit"):
        units.setdefault(space, set()).add(unit)
    wide = [p.widened(o.occupancy.space.before, o.occupancy.space.after) for o, p in moves]
    rows = OccupiedUnit.objects.filter(
        unit__one_of={unit for group in units.values() for unit in group},
        busy__overlap=(min(one.start for one in wide), max(one.end for one in wide)),
    ).exclude(occupancy__in=[one.occupancy_id for one, _ in moves])
    taken = [
        (unit, Period(busy.lower, busy.upper)) for unit, busy in rows.values_list("unit", "busy")
    ]
    found = []
    for (one, _), busy in zip(moves, wide, strict=True):
        mine = units.get(one.occupancy.space_id, set())
        lost = {unit for unit, period in taken if unit in mine and period.overlaps(busy)}
        need = one.occupancy.quantity if one.occupancy.space.is_pool else len(mine)
        if len(mine - lost) < need:
            found.append(one)
    return found


@transaction.atomic
def add_dates(
    booking: Booking, periods: Collection[Period], *, actor: Actor, by_manager: bool
) -> Booking:
    """More dates of a series: skipped days put back, or the rhythm carried on.

    What the occupant adds is asked again: every accord starts anew. What a manager adds stands.

    Raises:
        Refusal: too late for the occupant, too many dates.
        SlotTaken: one of the dates is not free; none is added.
    """
    booking = _sent(booking)
    if not by_manager and booking.state not in UNANSWERED:
        raise Refusal(
            "Cette demande a déjà reçu une réponse : écrivez au gestionnaire pour ajouter des "
            "dates.",
            code="gone",
        )
    known = {one.period for one in booking.dates.filter(state=DateState.PLANNED)}
    slots = [(booking.space, one) for one in sorted(set(periods) - known)]
    if len(known) + len(slots) > MOST_DATES:
        raise Refusal(
            f"Une réservation récurrente compte {MOST_DATES} dates au plus.", code="too_many_dates"
        )
    _check_size(slots)
    root = lock_roots([booking.space])[0]
    clear_lapsed_holds(root)
    serve(root)  # those who wait in line come first
    quantity = booking.occupancy.quantity
    taken = take_slots(booking.space, slots, quantity, actor=actor, use=use_of(booking))
    BookingDate.objects.bulk_create(BookingDate(booking=booking, occupancy=one) for one in taken)
    _write_rhythm(booking, [one for _, one in slots])
    if by_manager:
        dates.note(booking, actor, "")
    else:
        _ask_again(booking, actor)
    return booking


def _write_rhythm(booking: Booking, added: Sequence[Period]) -> None:
    """What was put back is no longer skipped; the rhythm lasts as long as its dates."""
    days = {one.start.astimezone(booking.place.zone).date() for one in added}
    series = booking.series
    series.skipped = [one for one in series.skipped if date.fromisoformat(one["day"]) not in days]
    series.first_day = min([series.first_day, *days])
    series.last_day = max([series.last_day, *days])
    series.save()


def _ask_again(booking: Booking, actor: Actor) -> None:
    frame(booking)
    if booking.price is not None:
        set_price(booking, actor)
    booking.reason, booking.requested_at = "", clock.now()
    open_chain(booking)
    booking.answer_by = answer_by(booking)
    transition(booking, BookingState.REQUESTED, Change.CHANGED, actor, previous=booking.period)


def _sent(booking: Booking) -> Booking:
    booking = locked(booking)
    if booking.state not in BLOCKING - {BookingState.HELD}:
        raise Refusal("Cette réservation est terminée.", code="gone")
    if not booking.is_series:
        raise Refusal("Cette réservation n’est pas récurrente.", code="not_a_series")
    return booking
