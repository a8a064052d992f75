"""One room, one room's week, and who is free near me: both engines in turn, and their answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from libres.db.models import Allocation
from libres.db.scheduler import Scheduler

from bench.country import Country
from bench.figures import figure
from bench.peer.duel import WARM, Duel
from bench.peer.engine import Engine
from bench.peer.sample import ASKED_KM, Room, Sample
from preau.availability import bits as quarters
from preau.availability.queries import search
from preau.availability.queries.space import check, check_rules, timeline
from preau.core.errors import Refusal
from preau.core.timeranges import QUARTER, Period, local_instant
from preau.territories.distances import km_between

ROOMS, WEEKS, SEARCHES = 300, 200, 60
PEOPLE = 30
_ALL = 100_000


def one_room(country: Country, sample: Sample, engine: Engine) -> None:
    """May this room be taken then?"""
    duel = Duel("one_room", engine)
    while duel.count < ROOMS + WARM:
        room = country.draw.choice(sample.rooms)
        period = draw_period(country, sample, room)
        if not allows(room, period, sample):
            continue
        duel.ask(
            f"{room.space.pk} {period}",
            partial(preau_free, room, period, sample),
            partial(libres_free, engine.of(room), period),
        )
    duel.say()


def week(country: Country, sample: Sample, engine: Engine) -> None:
    """Every free quarter-hour of a week of one room."""
    duel = Duel("week", engine)
    while duel.count < WEEKS + WARM:
        room = country.draw.choice(sample.rooms)
        first = sample.first + timedelta(days=country.draw.randrange(1, 200))
        duel.ask(
            f"{room.space.pk} {first}",
            partial(preau_week, room, first),
            partial(libres_week, engine.of(room), room, first),
        )
    duel.say()


def window(country: Country, sample: Sample, engine: Engine) -> None:
    """Who is free Thursday 18–20 within 15 km: the nearest twenty, then all of them.

    libres is asked room by room, nearest first, as its users do; `window_bulk` is the most that
    its `Queries` allow, all rooms in one pair of statements. Both are given the rooms near and
    large enough for nothing. Préau searches the whole country and answers with its first page.
    """
    duels = {name: Duel(name, engine) for name in ("window", "window_all", "window_bulk")}
    asked = 0
    for number in range(SEARCHES + WARM):
        where = search.Where(*country.draw.choice(sample.points), ASKED_KM)
        period = _thursday(sample, number)
        near = _near(sample, where, period)
        asked += len(near)
        _search(duels, sample, engine, (where, period, near))
    figure("peer.window.rooms_near", asked / (SEARCHES + WARM), "rooms")
    for duel in duels.values():
        duel.say()


def _search(
    duels: dict[str, Duel],
    sample: Sample,
    engine: Engine,
    question: tuple[search.Where, Period, list[Room]],
) -> None:
    """One search, three ways."""
    where, period, near = question
    known = {room.space.pk for room in near}
    label = f"{where.latitude:.3f} {where.longitude:.3f} {period.start}"
    pages: list[search.Page] = []

    def preau(limit: int) -> list[int]:
        wanted = search.Filters(people=PEOPLE)
        page = search.window(where, period, wanted, limit=limit, now=sample_now(sample))
        pages.append(page)
        return [row.space_id for row in page.rows if row.space_id in known]

    def loop(most: int) -> list[int]:
        found: list[int] = []
        for room in near:
            if libres_free(engine.of(room), period):
                found.append(room.space.pk)
                if len(found) == most:
                    break
        return found

    def same(ours: list[int], theirs: list[int]) -> bool:
        """A full page also holds rooms that libres does not have, so fewer of those it has."""
        return theirs[: len(ours) if pages[-1].next else None] == ours

    duels["window"].ask(label, lambda: preau(search.PAGE), lambda: loop(search.PAGE), same=same)
    duels["window_all"].ask(label, lambda: preau(_ALL), lambda: loop(_ALL))
    duels["window_bulk"].ask(label, lambda: preau(_ALL), lambda: libres_bulk(engine, near, period))


MEASURES: dict[str, Callable[[Country, Sample, Engine], None]] = {
    "one_room": one_room,
    "week": week,
    "window": window,
}


def preau_free(room: Room, period: Period, sample: Sample) -> bool:
    try:
        check(room.space, period, now=sample_now(sample))
    except Refusal:
        return False
    return True


def libres_free(scheduler: Scheduler, period: Period) -> bool:
    """What `reserve` looks at: an allocation holds the period, and nobody has any of it."""
    found = [
        one
        for one in scheduler.allocations_in_range(period.start, period.end)
        if one.overlaps(period.start, period.end)
    ]
    return bool(found) and all(
        one.contains(period.start, period.end) and one.find_spot(period.start, period.end)
        for one in found
    )


def libres_bulk(engine: Engine, near: list[Room], period: Period) -> list[int]:
    """All rooms at once: the query behind libres' `availability_by_day`, a verdict a room."""
    rooms = {engine.of(room).resource: room.space.pk for room in near}
    if not rooms:
        return []
    query = engine.of(near[0]).queries.all_allocations_in_range(period.start, period.end)
    free: dict[int, bool] = {}
    for one in query.filter(Allocation.mirror_of.in_(list(rooms))):
        if one.overlaps(period.start, period.end):
            fits = one.contains(period.start, period.end)
            pk = rooms[one.mirror_of]
            free[pk] = free.get(pk, True) and fits and one.is_available(period.start, period.end)
    return [room.space.pk for room in near if free.get(room.space.pk)]


def preau_week(room: Room, first: date) -> list[datetime]:
    line = timeline(room.space, first, first + timedelta(days=6))
    return [line.instant(place) for place in quarters.set_bits(line.starts(15))]


def libres_week(scheduler: Scheduler, room: Room, first: date) -> list[datetime]:
    """What a calendar reads, then the slots that nobody has reserved."""
    zone = room.space.place.zone
    start = local_instant(first, 0, zone)
    end = local_instant(first + timedelta(days=7), 0, zone)
    read = scheduler.allocations_with_availability_by_range(start, end - QUARTER)
    return [
        begins.astimezone(UTC)
        for allocation, _, _ in read
        for begins, _ in allocation.free_slots(start, end)
        if start <= begins < end
    ]


def sample_now(sample: Sample) -> datetime:
    return datetime(sample.first.year, sample.first.month, sample.first.day, 6, tzinfo=UTC)


def draw_period(country: Country, sample: Sample, room: Room) -> Period:
    """Some hours of some day, as people ask."""
    day = sample.first + timedelta(days=country.draw.randrange(2, 120))
    start = local_instant(day, 60 * country.draw.randrange(8, 21), room.space.place.zone)
    return Period(start, start + timedelta(minutes=country.draw.choice((60, 120, 180))))


def allows(room: Room, period: Period, sample: Sample) -> bool:
    """The room's rules, that libres does not know: only what they admit is asked of both."""
    try:
        check_rules(room.space, period, sample_now(sample))
    except Refusal:
        return False
    return True


def _near(sample: Sample, where: search.Where, period: Period) -> list[Room]:
    """Rooms near and large enough, nearest first: given to libres before the clock starts."""
    found = []
    for room in sample.rooms:
        place = room.space.place
        km = km_between(where.latitude, where.longitude, place.latitude, place.longitude)
        if km <= where.km and room.space.capacity >= PEOPLE and allows(room, period, sample):
            found.append((km, room.space.pk, room))
    return [room for _, _, room in sorted(found, key=lambda one: one[:2])]


def _thursday(sample: Sample, number: int) -> Period:
    """18–20 o'clock on one of the coming Thursdays, in the time of the first room."""
    zone = sample.rooms[0].space.place.zone
    first = sample.first + timedelta(days=(3 - sample.first.weekday()) % 7 + 7)
    day = first + timedelta(weeks=number % 8)
    return Period(local_instant(day, 18 * 60, zone), local_instant(day, 20 * 60, zone))
