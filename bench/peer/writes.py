"""A booking written: alone, by eight clients at once, and by eight clients who want one slot."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import connection, transaction
from libres.modules import errors
from sqlalchemy.exc import DBAPIError

from bench.country import Country
from bench.figures import figure, percentile
from bench.peer.duel import WARM, versus
from bench.peer.engine import EMAIL, Engine
from bench.peer.reads import draw_period, libres_free, preau_free
from bench.peer.sample import Room, Sample
from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import User
from preau.availability.actions.occupancies import SlotTaken, Use, occupy, release_many
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.availability.queries.space import check
from preau.booking.actions.holds import abandon, hold
from preau.booking.actions.requests import cancel, submit
from preau.booking.actions.steps import Details
from preau.booking.enums import Side
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.locks import lock_root

ALONE, WHOLE, CLIENTS, EACH, ROUNDS = 150, 50, 8, 25, 20
#: How often a client starts again before it gives up.
PATIENCE = 50
LABEL = "Mesure comparée"
Slot = tuple[Room, Period]


@dataclass
class Tally:
    """What the clients met."""

    won: int = 0
    lost: int = 0
    again: int = 0  # started again after a serialisation failure or a key already there
    gave_up: int = 0
    milliseconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, has_won: bool | None, again: int, began: float) -> None:
        with self.lock:
            self.milliseconds.append(1000 * (time.perf_counter() - began))
            self.again += again
            self.won += has_won is True
            self.lost += has_won is False
            self.gave_up += has_won is None


Share = tuple[list[Slot], Tally]


def alone(country: Country, sample: Sample, engine: Engine) -> None:
    """One client, free slots: the rules, the guard, and what search reads, committed."""
    ours, theirs = Tally(), Tally()
    for number, slot in enumerate(_free_slots(country, sample, engine, ALONE + WARM)):
        turns = [(preau_books, ours), (libres_books, theirs)]
        for book, tally in turns if number % 2 else reversed(turns):
            book(engine, slot, tally)
    _give_back()
    versus("write", ours.milliseconds[WARM:], theirs.milliseconds[WARM:])
    figure("peer.write.refused", ours.lost + theirs.lost, "bookings")


def whole(country: Country, sample: Sample, engine: Engine) -> None:
    """The product's own booking, in two requests: held, then sent with its price and its letters.

    libres has nothing of the kind: its reservation is set beside it for the measure of things.
    """
    visitor, _ = User.objects.get_or_create(
        email="comparaison@exemple.fr", defaults={"password": "!"}
    )
    actor, ours, theirs = Actor(visitor), [], Tally()
    said = Details("Mesure comparée", 1, False, "Camille Martin", "0476000000")
    for slot in _free_slots(country, sample, engine, WHOLE + WARM):
        libres_books(engine, slot, theirs)
        room, period = slot
        began = time.perf_counter()
        held = hold(room.space, period, actor=actor, visitor_key=f"user:{visitor.pk}")
        try:
            submit(held, said, actor=actor)
        except Refusal:  # not for a private person, or a document first
            abandon(held, actor=actor)
            continue
        ours.append(1000 * (time.perf_counter() - began))
        cancel(held, "", side=Side.OCCUPANT, actor=actor)
    if len(ours) > WARM:
        versus("whole_booking", ours[WARM:], theirs.milliseconds[WARM:])
        figure("peer.whole_booking.count", len(ours) - WARM, "bookings")


def crowd(country: Country, sample: Sample, engine: Engine) -> None:
    """Eight clients, each its own free slots: nobody is in anybody's way."""
    slots = list(_free_slots(country, sample, engine, CLIENTS * EACH))
    _hush()
    seconds = {}
    for name, book in (("preau", preau_books), ("libres", libres_books)):
        tally = Tally()
        shares = [(slots[n::CLIENTS], tally) for n in range(CLIENTS)]
        seconds[name] = _at_once(engine, book, shares)
        figure(f"peer.crowd.{name}", len(slots) / seconds[name], "bookings/s")
        _say_tally(f"peer.crowd.{name}", tally)
    _give_back()
    figure("peer.crowd.ratio", seconds["libres"] / seconds["preau"], "times")


def hot_slot(country: Country, sample: Sample, engine: Engine) -> None:
    """Eight clients who want one slot: one has it, the others learn that they have not."""
    slots = list(_free_slots(country, sample, engine, ROUNDS))
    _hush()
    until: dict[str, list[float]] = {"preau": [], "libres": []}
    tallies = {"preau": Tally(), "libres": Tally()}
    for number, slot in enumerate(slots):
        turns = [("preau", preau_books), ("libres", libres_books)]
        for name, book in turns if number % 2 else reversed(turns):
            before = tallies[name].won
            seconds = _at_once(engine, book, [([slot], tallies[name])] * CLIENTS)
            until[name].append(1000 * seconds)
            if tallies[name].won != before + 1:
                raise AssertionError(f"{name}: {tallies[name].won - before} have one slot.")
    _give_back()
    versus("hot_slot", until["preau"], until["libres"])
    for name, tally in tallies.items():
        _say_tally(f"peer.hot_slot.{name}", tally)


MEASURES: dict[str, Callable[[Country, Sample, Engine], None]] = {
    "write": alone,
    "whole_booking": whole,
    "crowd": crowd,
    "hot_slot": hot_slot,
}


def preau_books(_engine: Engine, slot: Slot, tally: Tally) -> None:
    """The engine's part of a booking, as `hold` does it: the queue, the rules, the time taken."""
    room, period = slot
    began = time.perf_counter()
    use = Use(kind=OccupancyKind.BOOKING, label=LABEL)
    try:
        with transaction.atomic():
            lock_root(room.space)
            check(room.space, period)
            occupy(room.space, period, use, actor=SYSTEM)
    except (SlotTaken, Refusal):
        tally.note(False, 0, began)
    else:
        tally.note(True, 0, began)


def libres_books(engine: Engine, slot: Slot, tally: Tally) -> None:
    """Reserve, approve, commit; once more where PostgreSQL cannot serialise, as it asks."""
    room, period = slot
    scheduler, session = engine.of(room), engine.session
    began = time.perf_counter()
    for again in range(PATIENCE):
        try:
            token = scheduler.reserve(EMAIL, (period.start, period.end))
            scheduler.approve_reservations(token)
            session.commit()
        except errors.AlreadyReservedError:
            session.rollback()
            tally.note(False, again, began)
            return
        except DBAPIError:
            session.rollback()
        else:
            tally.note(True, again, began)
            return
    tally.note(None, PATIENCE, began)


def _at_once(
    engine: Engine, book: Callable[[Engine, Slot, Tally], None], shares: list[Share]
) -> float:
    """Each share by a client of its own, all connected before the clock starts; seconds."""
    began: list[float] = []
    start = threading.Barrier(len(shares), action=lambda: began.append(time.perf_counter()))

    def client(share: Share) -> float:
        slots, tally = share
        try:
            if book is preau_books:
                connection.ensure_connection()
            else:
                engine.session.connection()
                engine.session.rollback()
            start.wait()
            for slot in slots:
                book(engine, slot, tally)
            return time.perf_counter()
        finally:
            engine.context.get_service("session_provider").session.remove()
            connection.close()

    with ThreadPoolExecutor(len(shares)) as pool:
        return max(pool.map(client, shares)) - began[0]


def _free_slots(country: Country, sample: Sample, engine: Engine, count: int) -> Iterator[Slot]:
    """Slots free in both, no two of them in one room on one day."""
    seen = set()
    for _ in range(200 * count):
        room = country.draw.choice(sample.rooms)
        period = draw_period(country, sample, room)
        key = (room.space.pk, period.start.date())
        is_free = preau_free(room, period, sample) and libres_free(engine.of(room), period)
        engine.session.rollback()
        if key in seen or not is_free:
            continue
        with suppress(Refusal):
            check(room.space, period)  # by the clock of the actions, too
            seen.add(key)
            yield room, period
            if len(seen) == count:
                return
    raise AssertionError("The rooms of the sample are too full to book in.")


def _give_back() -> None:
    """The country stays as it was for the measures that follow; libres keeps what it was given."""
    mine = Occupancy.objects.filter(label=LABEL, released_at=None).select_related("space")
    release_many(list(mine), actor=SYSTEM)


def _hush() -> None:
    """Each statement that PostgreSQL refuses to serialise would make psycopg warn."""
    logging.getLogger("psycopg").setLevel(logging.ERROR)


def _say_tally(name: str, tally: Tally) -> None:
    figure(f"{name}.p95", percentile(tally.milliseconds, 95), "ms")
    figure(f"{name}.won", tally.won, "bookings")
    figure(f"{name}.refused", tally.lost, "bookings")
    figure(f"{name}.started_again", tally.again, "times")
    figure(f"{name}.gave_up", tally.gave_up, "bookings")
