"""A line and fifty clients at once: every freed slot goes to the first in line, and only once."""

import random
from datetime import timedelta

import pytest

from preau.accounts.actors import Actor
from preau.booking.actions import holds as holds_module
from preau.booking.actions import waiting
from preau.booking.actions.holds import abandon, hold
from preau.booking.enums import BookingState, WaitingState
from preau.booking.models import Booking, WaitingEntry
from preau.booking.tasks import clear_holds, sweep_waiting
from preau.core import clock
from preau.places.models import Space
from tests.accounts.factories import UserFactory
from tests.availability.factories import open_space
from tests.concurrency.race import race
from tests.concurrency.test_never_two_in_one_hall import (
    index_matches_truth,
    only_refusals,
    overlaps,
    slot,
)
from tests.places.factories import SpaceFactory

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
CLIENTS = 50
SLOTS = 4


def hall():
    space = SpaceFactory()
    open_space(space)
    return Space.objects.select_related("place__commune").get(pk=space.pk)


def take(space, number, person):
    return hold(space, slot(space, number), actor=person, visitor_key=f"user:{person.user_id}")


def offered_in_order(space):
    """Slots of which somebody later in line was served while somebody earlier still waits."""
    wrong = []
    for number in range(SLOTS):
        line = WaitingEntry.objects.filter(starts_at=slot(space, number).start)
        states = [one.state for one in line.order_by("created_at", "id")]
        if WaitingState.WAITING in states:
            after = states[states.index(WaitingState.WAITING) :]
            wrong += [number] * bool({WaitingState.OFFERED, WaitingState.TAKEN} & set(after))
    return wrong


def lost_offers(space):
    """Slots that are free though somebody waits for them."""
    live = Booking.objects.filter(state=BookingState.HELD)
    taken = {one.starts_at for one in live}
    waiting_for = WaitingEntry.objects.filter(state=WaitingState.WAITING, ended_at=None)
    return [one for one in waiting_for if one.starts_at not in taken]


def client_of(space, seed):
    """Somebody who holds, waits, leaves, gives back, or lets time pass, in any order."""
    rng, person = random.Random(seed), Actor(UserFactory())

    def act(number):
        wanted = rng.randrange(SLOTS)
        mine = Booking.objects.filter(visitor_key=f"user:{person.user_id}", state="retenue")
        waits = WaitingEntry.objects.filter(user=person.user, ended_at=None)
        choice = rng.random()
        if choice < 0.3 and (one := mine.select_related("space").first()):
            return abandon(one, actor=person)
        if choice < 0.4 and (entry := waits.select_related("space").first()):
            return waiting.leave(entry, actor=person)
        if choice < 0.5 and (one := mine.select_related("occupancy").first()):
            late = clock.now() - timedelta(seconds=1)
            type(one.occupancy).objects.filter(pk=one.occupancy_id).update(hold_until=late)
            return clear_holds(0)
        if choice < 0.75:
            return waiting.join(space, slot(space, wanted), actor=person)
        return take(space, wanted, person)

    return act


def test_fifty_clients_on_four_slots_lose_no_offer_and_share_no_hour(record_property):
    space = hall()
    clients = [client_of(space, seed) for seed in range(CLIENTS)]
    outcomes = race(clients, rounds=12)
    for outcome in outcomes:
        only_refusals(outcome)
    sweep_waiting(0)  # what a refusal undid, the task does
    entries = WaitingEntry.objects.all()
    record_property("joined", entries.count())
    record_property("offered", entries.exclude(offer=None).count())
    assert entries.exclude(offer=None).count() > 5
    assert overlaps() == 0
    assert lost_offers(space) == []
    assert offered_in_order(space) == []
    assert index_matches_truth([space])
    # An offer that stands is a live slot, and a slot was offered to one person at a time.
    for entry in WaitingEntry.objects.filter(state=WaitingState.OFFERED):
        assert entry.offer.state == BookingState.HELD


def freed_with_one_waiting(space, number):
    holder, patient = Actor(UserFactory()), Actor(UserFactory())
    one = take(space, number, holder)
    entry = waiting.join(space, slot(space, number), actor=patient)
    return one, holder, entry


def rush(space):
    """One gives back, the others press at once: who has the slot in the end?"""
    one, holder, entry = freed_with_one_waiting(space, 0)
    people = [Actor(UserFactory()) for _ in range(15)]
    abandon(one, actor=holder)  # no task has run yet
    [outcome] = race([lambda number, who=who: take(space, 0, who) for who in people])
    only_refusals(outcome)
    sweep_waiting(0)
    entry.refresh_from_db()
    return entry, [one for one in outcome.results if one]


def test_nobody_slips_in_between_the_freed_slot_and_the_first_in_line():
    entry, winners = rush(hall())
    assert winners == []
    assert entry.state == WaitingState.OFFERED


def test_without_serving_the_line_somebody_slips_in(monkeypatch):
    """Negative control: a hold that does not serve the line first takes what was waited for."""
    monkeypatch.setattr(holds_module, "serve", lambda root: 0)
    entry, winners = rush(hall())
    assert len(winners) == 1
    assert entry.state == WaitingState.WAITING
