"""What must never be, whatever was killed: each function gives its findings in words."""

from collections import Counter

from django.db import connection
from django.db.models import Count, F, Q

from preau.accounts.models import User
from preau.availability.care import checking
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy, OccupiedUnit
from preau.booking.actions.telling import occupants_to_tell
from preau.booking.enums import BLOCKING, UNSENT, BookingState, Change
from preau.booking.models import Booking
from preau.booking.queries import people_to_tell, with_facts
from preau.core import clock
from preau.notifications.models import DeliveredEmail, Email, EmailState

#: What a booking that came by itself to this state has had told.
TOLD = {
    BookingState.CONFIRMED: Change.CONFIRMED_AT_ONCE,
    BookingState.REQUESTED: Change.REQUESTED,
}


def orphans():
    """Time taken by nobody, people without their time, two people in one hall."""
    return [
        *_two_in_one_hall(),
        *_lapsed_but_held(),
        *_time_without_booking(),
        *_bookings_without_time(),
        *_released_but_taken(),
        *_stale_index(),
    ]


def _two_in_one_hall():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.occupancy_id, b.occupancy_id"
            " FROM availability_occupiedunit a JOIN availability_occupiedunit b"
            " ON a.unit_id = b.unit_id AND a.id < b.id AND a.busy && b.busy"
        )
        return [f"occupancies {one} and {other} overlap" for one, other in cursor.fetchall()]


def _lapsed_but_held():
    late = Occupancy.objects.filter(released_at=None, hold_until__lte=clock.now())
    return [f"occupancy {one.pk} is held past its time" for one in late]


def _time_without_booking():
    claimed = Booking.objects.filter(state__in=BLOCKING).values("occupancy_id")
    lost = Occupancy.objects.filter(kind=OccupancyKind.BOOKING, released_at=None)
    return [f"occupancy {one.pk} is nobody's" for one in lost.exclude(pk__in=claimed)]


def _bookings_without_time():
    live = Booking.objects.filter(state__in=BLOCKING).select_related("occupancy", "space")
    for booking in live.annotate(parts=Count("occupancy__units")):
        size = booking.space.space_units.count()
        wanted = booking.occupancy.quantity if booking.space.is_pool else size
        if booking.parts != wanted or booking.occupancy.released_at:
            yield f"{booking} ({booking.state}) has {booking.parts} units of {wanted}"
        held = booking.state == BookingState.HELD
        if held != (booking.occupancy.hold_until is not None):
            yield f"{booking} ({booking.state}) has the wrong deadline for its hold"


def _released_but_taken():
    left = OccupiedUnit.objects.exclude(occupancy__released_at=None)
    return [f"unit {one.unit_id} is kept by the released {one.occupancy_id}" for one in left]


def _stale_index():
    """What search believes against what recomputing from the truth gives; nothing is written."""
    return [str(one) for one in checking.check(repair=False).told]


def untold():
    """E-mails that the state of the bookings demands, and that nobody got or got twice over."""
    return list(_untold())


def _untold():
    delivered = Counter(DeliveredEmail.objects.values_list("message_id", flat=True))
    for booking in with_facts().exclude(state__in=UNSENT):
        yield from _letters_of(booking, delivered)
    for email in Email.objects.exclude(state=EmailState.SENT):
        yield f"{email.cause} is {email.state}: {email.last_error or 'no error'}"
    known = set(Email.objects.values_list("message_id", "recipient", "subject"))
    for one in DeliveredEmail.objects.all():
        if (one.message_id, one.recipients[0], one.subject) not in known:
            yield f"{one.subject} to {one.recipients} came under another Message-ID"


def _letters_of(booking, delivered):
    change = TOLD[BookingState(booking.state)]
    people = [
        *(user.email for user in occupants_to_tell(booking)),
        *(user.email for user in people_to_tell(booking)),
    ]
    for address in people:
        causes = Q(cause__startswith=f"booking:{booking.pk}:{change}:", recipient=address)
        emails = list(Email.objects.filter(causes))
        if len(emails) != 1:
            yield f"{booking}: {len(emails)} letters “{change}” for {address}"
        for email in emails:
            if not delivered[email.message_id]:
                yield f"{booking}: “{change}” never reached {address}"


def broken_promises(seen):
    """Bookings whose page said yes, that the database does not know once and only once.

    Args:
        seen: for each, reference, purpose, state, and the address of the person.
    """
    return list(_broken(seen))


def _broken(seen):
    for one in seen:
        sent = Booking.objects.exclude(state__in=UNSENT)
        same = sent.filter(purpose=one["purpose"]).annotate(email=F("requester__email"))
        found = [[booking.reference, booking.state, booking.email] for booking in same]
        if found != [[one["reference"], one["state"], one["email"]]]:
            yield f"{one['purpose']}: seen {one}, found {found}"
    extra = set(Booking.objects.exclude(state__in=UNSENT).values_list("reference", flat=True))
    extra -= {one["reference"] for one in seen}
    yield from (f"{reference} was sent, and nobody saw it" for reference in sorted(extra))


def figures():
    delivered = DeliveredEmail.objects.aggregate(
        all=Count("pk"), different=Count("message_id", distinct=True)
    )
    states = dict(Booking.objects.order_by().values_list("state").annotate(Count("pk")))
    return {
        "states": states,
        "emails": Email.objects.count(),
        "attempted_again": Email.objects.filter(attempts__gt=1).count(),
        "delivered_twice": delivered["all"] - delivered["different"],
        "people": User.objects.count(),
    }
