"""Many times at once: an evening a week, an import, the hours that five hundred spaces follow."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.country import Country
from bench.figures import figure, progress
from bench.writes.clients import Watch, Work, at_once, say
from bench.writes.slots import DETAILS, MARK, Slot, free, key_of, people, rhythms, rooms
from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import Use, occupy_many
from preau.availability.actions.opening import set_rules
from preau.availability.enums import Effect, OccupancyKind, When
from preau.availability.models import OpeningCalendar, SpaceCalendar
from preau.availability.opening import RuleData
from preau.booking.actions.callers import Caller
from preau.booking.actions.callers import bring_in as write_down
from preau.booking.actions.requests import cancel, submit
from preau.booking.actions.series import hold_series
from preau.booking.enums import Frequency, Side
from preau.booking.models import Booking
from preau.booking.patterns import Pattern
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.places.enums import UserCategory

DATES, SERIES = 36, 40
IMPORTED, A_SPACE = 10_000, 250
LINES = 400
#: Where nobody is: beyond what the country's bookings reach.
BEYOND = timedelta(days=400)
CHANGES = 12


def _timed(name: str, task: Callable[[Work], None]) -> None:
    """One client."""

    def run(barrier: Any) -> Work:
        work, watch = Work(), Watch()
        task(work)
        watch.note(work)
        return work

    say(name, at_once([run]))


def series(country: Country) -> None:
    """Thirty-six dates held, sent and confirmed; then given back."""
    [actor] = people(1)
    wanted = rhythms(country, SERIES, DATES)
    taken: list[int] = []

    def book(work: Work) -> None:
        for slots in wanted:
            began = time.perf_counter()
            try:
                taken.append(_series(slots, actor).pk)
            except Refusal:
                work.refused += 1
                continue
            work.milliseconds.append((time.perf_counter() - began) * 1000)
            progress("writes.series", len(work.milliseconds), len(wanted))

    _timed("writes.series", book)
    ours = Booking.objects.filter(visitor_key__startswith=MARK, series__isnull=False)
    booked = list(ours.exclude(ended_at__isnull=False).select_related("space"))

    def give_back(work: Work) -> None:
        for booking in booked[1:]:
            began = time.perf_counter()
            cancel(booking, "", side=Side.OCCUPANT, actor=actor)
            work.milliseconds.append((time.perf_counter() - began) * 1000)

    _timed("writes.series.cancel", give_back)
    with CaptureQueriesContext(connection) as asked:
        cancel(booked[0], "", side=Side.OCCUPANT, actor=actor)
    figure("writes.series.cancel.statements", len(asked), "statements")


def _series(slots: list[Slot], actor: Any) -> Booking:
    space, first = slots[0]
    zone = space.place.zone
    wall, last = first.start.astimezone(zone), slots[-1][1].start.astimezone(zone)
    pattern = Pattern(
        Frequency.WEEKLY,
        wall.date(),
        last.date(),
        wall.hour * 60 + wall.minute,
        first.minutes,
    )
    held = hold_series(space, slots, pattern, actor=actor, visitor_key=key_of(0))
    return submit(held, DETAILS, actor=actor)


def bring_in(country: Country) -> None:
    """A season: ten thousand times taken space by space, then lines as an import writes them."""
    spaces = [space for space, _ in zip(rooms(country), range(IMPORTED // A_SPACE), strict=False)]
    use = Use(OccupancyKind.OWN_USE, label=MARK)

    def take(work: Work) -> None:
        for done, space in enumerate(spaces, 1):
            zone = space.place.zone
            first = clock.today(zone) + BEYOND
            wanted = []
            for n in range(A_SPACE):
                at = local_instant(first + timedelta(days=n), 17 * 60, zone)
                wanted.append((Period(at, at + timedelta(hours=2)), use))
            began = time.perf_counter()
            occupy_many(space, wanted, actor=SYSTEM)
            work.milliseconds.append((time.perf_counter() - began) * 1000)
            progress("writes.import", done, len(spaces))

    def run(barrier: Any) -> Work:
        work, watch = Work(), Watch()
        take(work)
        watch.note(work)
        return work

    [work] = at_once([run])
    if work.errors:
        raise RuntimeError(work.errors[0])
    count = len(work.milliseconds) * A_SPACE
    figure("writes.import.occupancies", count, "occupancies")
    figure("writes.import.seconds", work.seconds, "s")
    figure("writes.import.rate", count / work.seconds, "per second")
    figure("writes.import.cpu.python", work.python_ms / count, "ms each")
    figure("writes.import.cpu.database", work.database_ms / count, "ms each")
    _lines(country)


def _lines(country: Country) -> None:
    """One booking a line, each in its transaction, as the desk's import does."""
    slots = free(country, LINES)
    caller = Caller(name="Camille Martin", phone="0476000000", category=UserCategory.RESIDENT)

    def write(work: Work) -> None:
        for done, (space, period) in enumerate(slots, 1):
            began = time.perf_counter()
            try:
                booking = write_down(space, period, DETAILS, caller, actor=SYSTEM)
            except Refusal:
                work.refused += 1
                continue
            Booking.objects.filter(pk=booking.pk).update(visitor_key=key_of(0))
            work.milliseconds.append((time.perf_counter() - began) * 1000)
            progress("writes.import.lines", done, len(slots))

    _timed("writes.import.lines", write)


def rule(country: Country) -> None:
    """The hours of the largest place close an hour earlier, then as before."""
    known = country.about["known"]
    calendar = OpeningCalendar.objects.get(pk=known["large_place_calendar"])
    before = [_data(one) for one in calendar.rules.all()]
    earlier = [
        RuleData(**(vars_of(one) | {"end_minute": max(one.end_minute - 60, one.start_minute + 60)}))
        for one in before
    ]

    def change(work: Work) -> None:
        for number in range(CHANGES):  # an even number: what it was in the end
            began = time.perf_counter()
            set_rules(calendar, before if number % 2 else earlier, actor=SYSTEM)
            work.milliseconds.append((time.perf_counter() - began) * 1000)

    followers = SpaceCalendar.objects.filter(calendar=calendar).count()
    _timed("writes.rule", change)
    figure("writes.rule.spaces", followers, "spaces")


def vars_of(one: RuleData) -> dict[str, Any]:
    return {name: getattr(one, name) for name in RuleData.__dataclass_fields__}


def _data(one: Any) -> RuleData:
    return RuleData(
        weekdays=tuple(one.weekdays),
        start_minute=one.start_minute,
        end_minute=one.end_minute,
        effect=Effect(one.effect),
        when=When(one.when),
        not_on_public_holidays=one.not_on_public_holidays,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
    )
