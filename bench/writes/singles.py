"""A slot held, then booked: by one client, by four, by sixteen; and given back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.country import Country
from bench.figures import figure
from bench.writes.clients import Task, Watch, Work, at_once, say
from bench.writes.slots import DETAILS, MARK, Slot, free, key_of, people
from preau.accounts.actors import Actor
from preau.booking.actions.holds import hold
from preau.booking.actions.requests import cancel, submit
from preau.booking.enums import BookingState, Side
from preau.booking.models import Booking
from preau.core.errors import Refusal

CLIENTS = (1, 4, 16)
SECONDS = 8.0
#: More than can be booked in that time.
SLOTS = {1: 1200, 4: 2400, 16: 3200}
WARM = 5
CANCELLED = 150


def book(country: Country) -> None:
    """Random slots, all over the country."""
    for clients in CLIENTS:
        if not country.wants(f"writes.book.{clients}"):
            continue
        slots = free(country, SLOTS[clients])
        works = at_once(tasks(clients, slots))
        say(f"writes.book.{clients}", works)
    _say_statements(country)


def tasks(
    clients: int, slots: Sequence[Slot], seconds: float = SECONDS, pause: float = 0.0
) -> list[Task]:
    """Clients that book one slot after the other, with a pause between."""
    actors = people(clients)
    if len(actors) < clients:
        raise RuntimeError(f"The country has {len(actors)} people without an organisation.")

    def task(number: int) -> Task:
        return lambda barrier: _book(
            barrier, slots[number::clients], (actors[number], key_of(number)), seconds, pause
        )

    return [task(number) for number in range(clients)]


def _book(
    barrier: Any, slots: Sequence[Slot], who: tuple[Actor, str], seconds: float, pause: float
) -> Work:
    work, (actor, key) = Work(), who
    for slot in slots[:WARM]:
        one(slot, actor, key, Work())
    barrier.wait()
    watch, until = Watch(), time.perf_counter() + seconds
    for slot in slots[WARM:]:
        if time.perf_counter() > until:
            break
        one(slot, actor, key, work)
        time.sleep(pause)
    watch.note(work)
    return work


def one(slot: Slot, actor: Actor, key: str, work: Work) -> None:
    """What the two requests of a booking do."""
    space, period = slot
    began = time.perf_counter()
    try:
        held = hold(space, period, actor=actor, visitor_key=key)
        submit(held, DETAILS, actor=actor)
    except Refusal:
        work.refused += 1
        return
    work.milliseconds.append((time.perf_counter() - began) * 1000)


def _say_statements(country: Country) -> None:
    """How many statements each of the two sends."""
    [actor] = people(1)
    [(space, period)] = free(country, 1)
    with CaptureQueriesContext(connection) as holding:
        held = hold(space, period, actor=actor, visitor_key=key_of(0))
    with CaptureQueriesContext(connection) as sending:
        submit(held, DETAILS, actor=actor)
    figure("writes.book.statements.hold", len(holding), "statements")
    figure("writes.book.statements.submit", len(sending), "statements")


def cancel_some(country: Country) -> None:
    """By their occupants, one after the other."""
    live = Booking.objects.filter(visitor_key__startswith=MARK, state=BookingState.CONFIRMED)
    if live.count() < CANCELLED:
        at_once(tasks(4, free(country, 4 * CANCELLED), seconds=10))
    chosen = list(live.select_related("space", "requester").order_by("pk")[:CANCELLED])

    def task(barrier: Any) -> Work:
        work = Work()
        barrier.wait()
        watch = Watch()
        for booking in chosen:
            began = time.perf_counter()
            cancel(booking, "", side=Side.OCCUPANT, actor=Actor(booking.requester))
            work.milliseconds.append((time.perf_counter() - began) * 1000)
        watch.note(work)
        return work

    say("writes.cancel", at_once([task]))
