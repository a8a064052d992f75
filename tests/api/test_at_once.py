"""The same write from several connections at once: one deed, one answer."""

import threading

import pytest
from django.db import connection

from preau.booking.models import Booking
from preau.places.enums import ApprovalMode
from tests.api.factories import Api, administrator, slot, token_of
from tests.booking.factories import bookable_space, evening

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS, ROUNDS = 8, 5


def at_once(calls):
    """What each answered; all leave together."""
    gate, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            gate.wait()
            answers[number] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def test_one_key_one_booking():
    space = bookable_space(approval=ApprovalMode.IMMEDIATE)
    token = token_of(administrator())[1]
    for number in range(ROUNDS):
        body = slot(space, evening(space, days=10 + number))
        calls = [lambda b=body, n=number: Api(token).post("bookings", b, key=f"cle-numero-{n}")]
        answers = at_once(calls * CALLERS)
        assert {one.status_code for one in answers} == {201}
        assert len({one.content for one in answers}) == 1
        replayed = [one for one in answers if one.headers.get("Idempotency-Replayed")]
        assert len(replayed) == CALLERS - 1
    assert Booking.objects.count() == ROUNDS


def test_each_their_key_one_slot():
    space = bookable_space(approval=ApprovalMode.IMMEDIATE)
    tokens = [token_of(administrator())[1] for _ in range(CALLERS)]
    body = slot(space, evening(space))
    answers = at_once([lambda t=one: Api(t).post("bookings", body) for one in tokens])
    assert sorted(one.status_code for one in answers) == [201] + [409] * (CALLERS - 1)
    assert Booking.objects.count() == 1


def test_no_call_is_left_uncounted():
    token = token_of(administrator())[1]
    answers = at_once([lambda: Api(token).get("me")] * CALLERS)
    left = sorted(int(one["RateLimit-Remaining"]) for one in answers)
    assert left == list(range(left[0], left[0] + CALLERS))
