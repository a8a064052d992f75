"""A slot that comes free goes to the first in line, for a time, then to the next."""

from datetime import timedelta

import pytest

from preau.accounts.actors import Actor
from preau.booking import tasks
from preau.booking.actions import requests, waiting
from preau.booking.actions.holds import MAX_LIVE_HOLDS, hold
from preau.booking.enums import BookingState, Side, WaitingState
from preau.core import clock
from preau.core.errors import Refusal
from preau.notifications.models import Email
from preau.places.enums import Publication, UserCategory
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.booking.factories import bookable_space, booking, details, evening, held

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken():
    return booking(bookable_space(), days=10)


def wait(space, *, actor=None, **hours):
    return waiting.join(space, evening(space, **hours), actor=actor or Actor(UserFactory()))


def free(one):
    requests.cancel(one, "Empêchement", side=Side.OCCUPANT, actor=Actor(one.requester))


def test_a_free_slot_has_no_line():
    space = bookable_space()
    with pytest.raises(Refusal) as refusal:
        wait(space)
    assert refusal.value.code == "free"


def test_one_stands_once_in_a_line(taken):
    actor = Actor(UserFactory())
    wait(taken.space, actor=actor)
    with pytest.raises(Refusal) as refusal:
        wait(taken.space, actor=actor)
    assert refusal.value.code == "already_waiting"


def test_the_first_in_line_is_offered_the_slot(taken):
    first, second = wait(taken.space), wait(taken.space)
    free(taken)
    tasks.sweep_waiting(0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (WaitingState.OFFERED, WaitingState.WAITING)
    assert first.offer.state == BookingState.HELD
    assert first.offer.occupancy.hold_until == first.offered_until
    letter = Email.objects.get(recipient=first.user.email)
    assert letter.subject.startswith("Le créneau que vous attendiez est libre")


def test_nobody_slips_in_before_the_line_is_served(taken):
    first = wait(taken.space)
    free(taken)
    with pytest.raises(Refusal) as refusal:
        held(taken.space)
    assert refusal.value.code == "slot_taken"
    first.refresh_from_db()
    # The refusal undid the offer with the rest: the task makes it.
    tasks.sweep_waiting(0)
    first.refresh_from_db()
    assert first.state == WaitingState.OFFERED


def test_an_offer_not_taken_goes_to_the_next(taken):
    first, second = wait(taken.space), wait(taken.space)
    free(taken)
    tasks.sweep_waiting(0)
    with clock.frozen(clock.now() + timedelta(hours=25)):
        tasks.sweep_waiting(0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (WaitingState.LEFT, WaitingState.OFFERED)


def test_who_was_offered_sends_the_request(taken):
    first = wait(taken.space)
    free(taken)
    tasks.sweep_waiting(0)
    first.refresh_from_db()
    one = requests.submit(first.offer, details(), actor=Actor(first.user))
    first.refresh_from_db()
    assert (one.state, first.state) == (BookingState.REQUESTED, WaitingState.TAKEN)


def test_leaving_gives_the_offer_to_the_next(taken):
    first, second = wait(taken.space), wait(taken.space)
    free(taken)
    tasks.sweep_waiting(0)
    waiting.leave(first, actor=Actor(first.user))
    tasks.sweep_waiting(0)
    second.refresh_from_db()
    assert second.state == WaitingState.OFFERED


def test_offers_do_not_count_as_slots_held(taken):
    first = wait(taken.space)
    free(taken)
    tasks.sweep_waiting(0)
    actor = Actor(first.user)
    for days in range(20, 20 + MAX_LIVE_HOLDS):
        period = evening(taken.space, days=days)
        hold(taken.space, period, actor=actor, visitor_key=f"user:{actor.user_id}")


def test_a_wait_ends_when_its_slot_begins(taken):
    first = wait(taken.space)
    with clock.frozen(taken.period.start + timedelta(minutes=1)):
        tasks.sweep_waiting(0)
    first.refresh_from_db()
    assert first.state == WaitingState.OVER


def test_who_may_not_book_may_not_wait(taken):
    taken.space.categories = [UserCategory.ASSOCIATION]
    taken.space.save()
    with pytest.raises(Refusal) as refusal:
        wait(taken.space)
    assert refusal.value.code == "category"


def test_nobody_keeps_every_slot_waiting(taken, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_WAITS", 1)
    actor = Actor(UserFactory())
    wait(taken.space, actor=actor)
    with pytest.raises(Refusal) as refusal:
        wait(taken.space, actor=actor)
    assert refusal.value.code == "too_many_waits"


@pytest.mark.parametrize("gone", ["account", "member", "space"])
def test_a_slot_is_offered_to_who_could_still_ask_for_it(taken, gone):
    member = MembershipFactory()
    entry = wait(taken.space, actor=Actor(member.user, member))
    if gone == "account":
        member.user.is_active = False
        member.user.save()
    elif gone == "member":
        member.ended_at = clock.now()
        member.save()
    else:
        taken.space.publication = Publication.ARCHIVED
        taken.space.save()
    free(taken)
    tasks.sweep_waiting(0)
    entry.refresh_from_db()
    assert entry.state == WaitingState.WAITING
