"""The transitions: what leads where, what is refused, and with which sentence."""

from datetime import timedelta

import pytest

from preau.availability.actions.occupancies import SlotTaken
from preau.availability.models import Occupancy
from preau.booking import tasks
from preau.booking.actions import requests
from preau.booking.enums import BLOCKING, TRANSITIONS, BookingState, Side
from preau.booking.models import Booking
from preau.core import clock
from preau.core.errors import Refusal
from tests.booking.factories import booking, details, evening, held, people

pytestmark = pytest.mark.django_db
S = BookingState


@pytest.fixture
def them():
    return people()


def verbs(them):
    """Each verb of the manager and of the occupant, on a booking."""
    me, you = them.manager, them.occupant
    return {
        "accept": lambda one: requests.accept(one, actor=me),
        "refuse": lambda one: requests.refuse(one, "Travaux", actor=me),
        "ask_change": lambda one: requests.ask_change(one, "Plus tôt", actor=me),
        "amend": lambda one: requests.amend(one, details(attendance=3), actor=you),
        "cancel": lambda one: requests.cancel(one, "Malade", side=Side.OCCUPANT, actor=you),
    }


def in_state(them, state):
    one = them.book()
    path = {
        S.CHANGE_ASKED: "ask_change",
        S.CONFIRMED: "accept",
        S.REFUSED: "refuse",
        S.CANCELLED: "cancel",
    }
    if state in path:
        verbs(them)[path[state]](one)
    if state == S.EXPIRED:
        with clock.frozen(one.answer_by + timedelta(seconds=1)):
            requests.expire(one)
    one.refresh_from_db()
    assert one.state == state
    return one


LEADS_TO = {
    "accept": S.CONFIRMED,
    "refuse": S.REFUSED,
    "ask_change": S.CHANGE_ASKED,
    "amend": S.REQUESTED,
    "cancel": S.CANCELLED,
}
SENT = [S.REQUESTED, S.CHANGE_ASKED, S.CONFIRMED, S.REFUSED, S.CANCELLED, S.EXPIRED]
#: Done already: said again, it changes nothing and refuses nothing.
AGAIN = {("accept", S.CONFIRMED), ("cancel", S.CANCELLED)}


@pytest.mark.parametrize("state", SENT)
@pytest.mark.parametrize("verb", LEADS_TO)
def test_a_verb_follows_the_table_or_is_refused(them, state, verb):
    one = in_state(them, state)
    goal = LEADS_TO[verb]
    waiting = state in {S.REQUESTED, S.CHANGE_ASKED}
    allowed = goal in TRANSITIONS.get(state, ()) or (waiting and goal == state)
    if allowed or (verb, state) in AGAIN:
        verbs(them)[verb](one)
    else:
        with pytest.raises(Refusal) as refusal:
            verbs(them)[verb](one)
        assert refusal.value.sentence.endswith(".")
        goal = state
    one.refresh_from_db()
    assert one.state == goal
    taken = Occupancy.objects.filter(pk=one.occupancy_id, released_at=None).exists()
    assert taken == (goal in BLOCKING)


def test_an_answer_after_the_deadline_is_refused(them):
    one = them.book()
    with clock.frozen(one.answer_by + timedelta(seconds=1)), pytest.raises(Refusal) as refusal:
        requests.accept(one, actor=them.manager)
    assert refusal.value.code == "expired"


@pytest.mark.parametrize("verb", ["refuse", "ask_change"])
def test_saying_no_needs_a_reason(them, verb):
    with pytest.raises(Refusal) as refusal:
        getattr(requests, verb)(them.book(), "  ", actor=them.manager)
    assert refusal.value.field == "reason"


def test_moving_keeps_the_deadline_before_the_booking(them):
    one = them.book(days=10)
    soon = evening(them.space, days=1)
    one = requests.reschedule(one, soon, "Élections", actor=them.manager)
    assert one.answer_by < soon.start


def test_moving_to_a_taken_slot_changes_nothing(them):
    one = them.book()
    booking(them.space, days=11)
    with pytest.raises(SlotTaken):
        requests.reschedule(one, evening(them.space, days=11), "Travaux", actor=them.manager)
    one.refresh_from_db()
    assert one.period == evening(them.space)


def test_a_last_minute_request_leaves_time_to_answer(them):
    period = evening(them.space, days=1)
    with clock.frozen(period.start - timedelta(minutes=40)):
        one = held(them.space, actor=them.occupant, days=0)
        one = requests.submit(one, details(), actor=them.occupant)
        assert one.answer_by == clock.now() + timedelta(minutes=30)


def test_what_the_manager_asked_does_not_end_a_request_already_mended(them):
    one = requests.ask_change(them.book(), "Finissez à 19 h", actor=them.manager)
    one = requests.amend(one, details(attendance=13), actor=them.occupant)
    assert one.reason == ""
    with clock.frozen(one.answer_by + timedelta(minutes=1)):
        assert tasks.expire_requests(0) == 1
    one.refresh_from_db()
    assert (one.state, one.reason) == (S.EXPIRED, "")


def test_the_clocks_tasks_may_run_twice(them):
    one, request = held(them.space, days=3), them.book(days=4)
    with clock.frozen(request.answer_by + timedelta(days=1)):
        for _ in range(2):
            tasks.clear_holds(0)
            tasks.expire_requests(0)
    states = Booking.objects.filter(pk__in=[one.pk, request.pk]).order_by("pk")
    assert [each.state for each in states] == [S.LAPSED, S.EXPIRED]


def test_one_request_that_fails_to_end_does_not_keep_the_others(monkeypatch):
    one, other = people(), people()
    stuck, free = one.book(), other.book()
    real = tasks.expire

    def expire(asked):
        if asked.pk == stuck.pk:
            raise RuntimeError("stuck")
        real(asked)

    monkeypatch.setattr(tasks, "expire", expire)
    with clock.frozen(max(stuck.answer_by, free.answer_by) + timedelta(minutes=1)):
        assert tasks.expire_requests(0) == 1
    free.refresh_from_db()
    assert free.state == BookingState.EXPIRED
