"""Negative controls: what the crash test looks for is found when it is planted."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.availability.models import Occupancy, OccupiedUnit, SpaceDay
from preau.booking.enums import BookingState, Change
from preau.booking.models import Booking
from preau.booking.tasks import clear_holds
from preau.core import clock
from preau.notifications.actions import deliver, sweep_outbox
from preau.notifications.models import DeliveredEmail, Email, EmailState
from tests.booking.factories import held, people
from tests.crash import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mailbox(settings):
    settings.EMAIL_BACKEND = "preau.notifications.mailbox.MailboxBackend"


@pytest.fixture
def made():
    """A request, sent and told."""
    booking = people().book()
    assert faults.untold()
    _deliver_all()
    return booking


def _deliver_all():
    for email in Email.objects.all():
        deliver(email.pk)


def _seen(booking):
    return {
        "reference": booking.reference,
        "purpose": booking.purpose,
        "state": booking.state,
        "email": booking.requester.email,
    }


def test_nothing_is_found_where_nothing_is_wrong(made):
    held(made.space, days=11)
    assert faults.orphans() == []
    assert faults.untold() == []
    assert faults.broken_promises([_seen(made)]) == []


def _late_hold(booking):
    one = held(booking.space, days=11)
    Occupancy.objects.filter(pk=one.occupancy_id).update(hold_until=clock.now())


def _nobodys(booking):
    Booking.objects.filter(pk=booking.pk).update(state=BookingState.CANCELLED, ended_at=clock.now())


def _no_units(booking):
    OccupiedUnit.objects.filter(occupancy=booking.occupancy_id).delete()


def _still_a_hold(booking):
    later = clock.now() + timedelta(minutes=5)
    Occupancy.objects.filter(pk=booking.occupancy_id).update(hold_until=later)


def _released(booking):
    Occupancy.objects.filter(pk=booking.occupancy_id).update(released_at=clock.now())


def _forgotten_by_the_index(_booking):
    SpaceDay.objects.all().delete()


def _two(booking):
    other = held(booking.space, days=11)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE availability_occupiedunit DROP CONSTRAINT one_occupancy_per_unit_at_a_time"
        )
    OccupiedUnit.objects.filter(occupancy=other.occupancy_id).update(busy=booking.occupancy.busy)


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (_late_hold, "is held past its time"),
        (_nobodys, "is nobody's"),
        (_no_units, "has 0 units of 1"),
        (_still_a_hold, "has the wrong deadline"),
        (_released, "is kept by the released"),
        (_forgotten_by_the_index, "space_day of space"),
        (_two, "overlap"),
    ],
)
def test_a_planted_orphan_is_found(made, plant, words):
    plant(made)
    assert any(words in one for one in faults.orphans())


def test_the_sweep_clears_a_hold_left_behind(made):
    held(made.space, days=11)
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        assert any("past its time" in one for one in faults.orphans())
        clear_holds(timestamp=0)
        assert faults.orphans() == []


def test_a_letter_that_was_never_written_is_found(made):
    Email.objects.filter(cause__contains=f":{Change.REQUESTED}:").first().delete()
    assert any("0 letters" in one for one in faults.untold())


def test_a_letter_written_twice_is_found(made):
    email = Email.objects.first()
    email.pk, email.message_id = None, "<other@preau.example>"
    email.cause = email.cause.replace(":to:", "9:to:")
    email.save()
    assert any("2 letters" in one for one in faults.untold())


def test_a_letter_marked_as_sent_that_nobody_got_is_found(made):
    DeliveredEmail.objects.all().delete()
    assert any("never reached" in one for one in faults.untold())


def test_a_letter_under_another_message_id_is_found(made):
    DeliveredEmail.objects.update(message_id="<other@preau.example>")
    assert any("another Message-ID" in one for one in faults.untold())


def test_a_letter_whose_job_vanished_is_found_and_the_sweep_carries_it():
    people().book()
    ProcrastinateJob.objects.all().delete()
    assert len([one for one in faults.untold() if EmailState.PENDING in one]) == 2
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert sweep_outbox() == 2
    assert ProcrastinateJob.objects.filter(status="todo").count() == 2
    _deliver_all()
    assert faults.untold() == []


@pytest.mark.parametrize(
    "lie", [{"reference": "AAAA-AAAA"}, {"state": "confirmee"}, {"email": "autre@example.org"}]
)
def test_a_promise_that_was_not_kept_is_found(made, lie):
    assert faults.broken_promises([_seen(made) | lie])


def test_a_booking_made_twice_is_found(made):
    again = held(made.space, days=12)
    Booking.objects.filter(pk=again.pk).update(
        state=BookingState.REQUESTED,
        purpose=made.purpose,
        requester=made.requester,
        attendance=2,
        requested_at=clock.now(),
        answer_by=clock.now(),
    )
    assert faults.broken_promises([_seen(made)])
