"""Two clicks that arrive together: one request, one answer, one letter each."""

import threading

import pytest
from django.db import connection

from preau.booking.actions import holds, requests
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core.errors import Refusal
from preau.notifications.models import Email
from tests.booking.factories import details, evening, held, people

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def together(*acts):
    """Run the acts on real connections at the same moment; what each gave or refused."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            results[place] = act()
        except Refusal as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_sending_from_two_tabs_counts_once():
    them = people()
    one = held(them.space, actor=them.occupant)

    def send():
        return requests.submit(Booking.objects.get(pk=one.pk), details(), actor=them.occupant)

    assert {result.state for result in together(send, send, send)} == {BookingState.REQUESTED}
    assert Email.objects.count() == 2


def test_a_visitor_holds_two_slots_even_from_five_tabs():
    them = people()

    def take(days):
        return lambda: holds.hold(
            them.space,
            evening(them.space, days=days),
            actor=them.occupant,
            visitor_key=f"user:{them.occupant.user_id}",
        )

    results = together(*[take(days) for days in (2, 3, 4, 5, 6)])
    assert sum(isinstance(result, Booking) for result in results) == 2
    refused = [result for result in results if isinstance(result, Refusal)]
    assert {one.code for one in refused} == {"too_many_holds"}


def test_one_accepts_while_the_other_refuses():
    them = people()
    one = them.book()
    before = Email.objects.count()
    results = together(
        lambda: requests.accept(Booking.objects.get(pk=one.pk), actor=them.manager),
        lambda: requests.refuse(Booking.objects.get(pk=one.pk), "Travaux", actor=them.manager),
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Email.objects.count() == before + 1
