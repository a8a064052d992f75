"""Bookings, their money and their codes, in random order, with crashes: what must hold at rest.

A worker dies, a request dies, in the middle of a transaction or of a call; jobs come late, twice,
in any order; while a worker speaks to the lock, others book, pay, cancel and work. Every request
and every job is a sequence of transactions which begin by locking what they change: what several
of them do at once is some order of these transactions, and an order is what is drawn here. Two
transactions at once, on connections of their own: tests/concurrency.

`PREAU_PAID_HISTORIES=200` lives more of them.
"""

import os
import random
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.access import showing, tasks
from preau.access.drivers import window_of
from preau.access.enums import LIVE, DriverKind
from preau.access.models import AccessGrant
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.booking import money
from preau.booking import tasks as booking_tasks
from preau.booking.actions import requests
from preau.booking.actions.holds import hold
from preau.booking.enums import BLOCKING, BookingState, Side
from preau.booking.handlers import FOLLOW_PAYMENT
from preau.booking.models import Booking
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.payments.actions import money as journal
from preau.payments.actions import trying
from preau.payments.enums import GIVES_BACK, UNSETTLED, DueState, Means, OfficeMode, PayWhen
from preau.payments.models import Operation
from preau.payments.providers.results import Outcome, Result
from preau.pricing.models import CancellationTier
from tests.access.factories import DoorFactory
from tests.access.simulated import FAULTS, Crash, Lock, plugged
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.availability.factories import open_space
from tests.booking.factories import details
from tests.payments.factories import OfficeFactory
from tests.places.factories import SpaceFactory
from tests.pricing.factories import tariff_for

NOW = datetime(2027, 3, 26, 8, 0, tzinfo=UTC)  # the clocks change on the 28th
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RUNS = int(os.environ.get("PREAU_PAID_HISTORIES", "2"))
FIRST = int(os.environ.get("PREAU_PAID_FIRST", "0"))
DEEDS = 16
#: The jobs that link the three; the others (letters, papers, feeds) change none of them.
JOBS = (FOLLOW_PAYMENT, "access.reconcile", "access.act")
ANSWERS = [Outcome.PAID] * 4 + [Outcome.REFUSED, Outcome.CANCELLED, Outcome.EXPIRED]
#: One write in so many dies, with all of its transaction.
DIES_ONE_IN = 25


class Life:
    """A hall, its door and its till, and those who come."""

    def __init__(self, seed, monkeypatch):
        self.rng, self.now, self.told = random.Random(seed), NOW, Counter()
        self.violations, self.stalled, self.mortal, self.busy = [], [], False, False
        kind = self.rng.choice([DriverKind.ZIGBEE, DriverKind.NUKI])
        self.lock = plugged(monkeypatch, Lock(kind, meanwhile=self.meanwhile))
        with clock.frozen(NOW):
            self.space = SpaceFactory()
            open_space(self.space)
            place = self.space.place
            self.door = DoorFactory(place=place, driver=kind)
            tariff = tariff_for(self.space, HOUR=1000)
            CancellationTier.objects.create(tariff=tariff, hours_before=24, fee_percent=50)
            when = self.rng.choice([PayWhen.AT_BOOKING] * 3 + [PayWhen.AFTER])
            self.office = OfficeFactory(
                organization=place.owner, mode=OfficeMode.TEST, pay_when=when
            )
            row = MembershipFactory(organization=place.owner, role=MembershipRole.MANAGER)
            self.manager, self.people = Actor(row.user, row), [UserFactory() for _ in range(3)]

    @property
    def bookings(self):
        return Booking.objects.filter(place=self.door.place).order_by("pk")

    @contextmanager
    def at_risk(self):
        """What is inside may die at any of its writes: nothing of it is then done."""
        was, self.mortal = self.mortal, True
        try:
            with transaction.atomic():
                yield
        except Refusal:
            pass
        except Crash:
            self.told["crashes"] += 1
        finally:
            self.mortal = was

    def recorded(self, real):
        def record(*args, **said):
            if self.mortal and self.rng.randrange(DIES_ONE_IN) == 0:
                raise Crash
            return real(*args, **said)

        return record

    # --- What people do, each a request of its own

    def _slot(self):
        first = self.now.replace(minute=0, second=0, microsecond=0) + 2 * HOUR
        start = first + self.rng.randrange(0, 40) * HOUR
        return Period(start, start + self.rng.choice([1, 2]) * HOUR)

    def book(self):
        user = self.rng.choice(self.people)
        actor = Actor(user)
        with self.at_risk():
            held = hold(self.space, self._slot(), actor=actor, visitor_key=f"user:{user.pk}")
            requests.submit(held, details(), actor=actor)
            self.told["booked"] += 1

    def accept(self):
        if one := self._any(BookingState.REQUESTED):
            with self.at_risk():
                requests.accept(one, actor=self.manager)

    def cancel(self):
        if one := self._any(*BLOCKING):
            side = self.rng.choice(list(Side))
            with self.at_risk():
                requests.cancel(one, "Essai", side=side, actor=self.manager)
                self.told["cancelled"] += 1

    def move(self):
        if one := self._any(BookingState.TO_COMPLETE, BookingState.CONFIRMED):
            with self.at_risk():
                requests.reschedule(one, self._slot(), "Essai", actor=self.manager)
                self.told["moved"] += 1

    def _any(self, *states):
        found = list(self.bookings.filter(state__in=states))
        return self.rng.choice(found) if found else None

    def begin(self):
        """A page of the provider is open; it may be paid much later."""
        one = self._any(BookingState.TO_COMPLETE, BookingState.CONFIRMED)
        due = one and money.due_of(one)
        if due and due.state == DueState.OPEN:
            with self.at_risk():
                trying.begin(due, email=one.requester.email, actor=Actor(one.requester))

    def answer(self, outcome=None):
        """The provider answers of any try there ever was, again maybe."""
        tries = list(Operation.objects.filter(office=self.office).order_by("pk"))
        if not tries:
            return
        one, outcome = self.rng.choice(tries), outcome or self.rng.choice(ANSWERS)
        with self.at_risk():
            if journal.settle(one, Result(outcome, "", Means.TEST, one.cents)):
                self.told["paid"] += 1

    def counter(self):
        one = self._any(BookingState.TO_COMPLETE, BookingState.CONFIRMED)
        due = one and money.due_of(one)
        if due and due.left_cents:
            with self.at_risk():
                journal.record_at_counter(
                    due, cents=due.left_cents, means=Means.CASH, actor=self.manager
                )
                self.told["paid"] += 1

    def trouble(self):
        self.lock.faults += [self.rng.choice(FAULTS) for _ in range(self.rng.randrange(1, 4))]

    def meanwhile(self):
        """A worker waits for the lock: the others do not wait for it."""
        if self.mortal and not self.busy and self.rng.random() < 0.3:
            self.busy = True
            try:
                self.rng.choice([self.cancel, self.move, self.answer, self.work])()
                self.told["meanwhile"] += 1
            finally:
                self.busy = False

    # --- What the machine does

    def _jobs(self):
        """Those that wait, taken; those whose worker died come back."""
        rows = ProcrastinateJob.objects.filter(status="todo", task_name__in=JOBS)
        found = [*self.stalled, *rows.order_by("pk").values_list("task_name", "args")]
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = ANY(%s)", [list(JOBS)])
        self.stalled = []
        self.rng.shuffle(found)
        return found

    def work(self, *, calm=False):
        was, taken = self.mortal, self._jobs()
        while taken:
            name, args = taken.pop()
            if not calm and self.rng.random() < 0.15:  # no worker is free
                self.stalled.append((name, args))
                continue
            self.told["jobs"] += 1
            self.mortal = not calm
            try:
                app.tasks[name].func(**args)
                if not calm and self.rng.random() < 0.1:
                    raise Crash  # done, and nobody knows: it is done again
            except Crash:
                self.told["crashes"] += 1
                self.stalled.append((name, args))
            finally:
                self.mortal = was
        if calm or self.rng.random() < 0.7:
            self.lock.deliver()
        if not self.busy:
            self._check_followed()

    def tick(self, *, calm=False):
        with clock.frozen(self.now):
            for periodic, every in (
                (tasks.each_minute, 1),
                (booking_tasks.expire_requests, 5),
                (tasks.sweep, 15),
            ):
                if (calm and every < 15) or self.rng.random() < 3 / every:
                    with self.at_risk() if not calm else transaction.atomic():
                        periodic(timestamp=0)
            for _ in range(2):
                self.work(calm=calm)

    def pass_time(self, until, *, step=20 * MINUTE, calm=False):
        while self.now < until:
            self.now = min(until, self.now + step)
            self.tick(calm=calm)

    # --- What must hold, once all goes well for a while

    def settle(self):
        self.lock.faults.clear()
        self.pass_time(self.now + HOUR, step=5 * MINUTE, calm=True)

    def check(self):
        with clock.frozen(self.now):
            for one in self.bookings.select_related("space__place"):
                self._check_money(one)
                if one.state == BookingState.CONFIRMED and one.ends_at > self.now:
                    self._check_expected(one)
            self._check_lock()
        self.told["checks"] += 1

    def _check_followed(self):
        """What is paid is sure, or a job that makes it so waits for a worker."""
        paid = self.bookings.filter(state=BookingState.TO_COMPLETE)
        waiting = [one for one in paid if self._is_paid(one)]
        if waiting:
            rows = ProcrastinateJob.objects.filter(status="todo", task_name=FOLLOW_PAYMENT)
            jobs = [*self.stalled, *rows.values_list("task_name", "args")]
            coming = {args.get("reference") for _, args in jobs}
            for one in waiting:
                if one.reference not in coming:
                    self.wrong(f"{one.reference} is paid and no job confirms it")

    def _is_paid(self, one):
        due = money.due_of(one)
        return due is not None and due.state == DueState.PAID

    def wrong(self, said):
        self.violations.append(f"{self.now:%d %H:%M} {said}")

    def _check_money(self, one):
        due = money.due_of(one)
        if due is None:
            return
        if one.state == BookingState.TO_COMPLETE and due.state == DueState.PAID:
            self.wrong(f"{one.reference} is paid and waits")
        asks = self.office.pay_when == PayWhen.AT_BOOKING
        if one.state == BookingState.CONFIRMED and asks and not due.payments.exists():
            self.wrong(f"{one.reference} is confirmed and nothing was ever paid")
        proposed = due.incidents.filter(state__in=UNSETTLED, kind__in=GIVES_BACK)
        back = [incident.refund_cents for incident in proposed]
        if back != ([due.over_cents] if due.over_cents else []):
            self.wrong(f"{one.reference} {one.state}: {due.over_cents} too much, {back} proposed")
        if one.state not in BLOCKING and due.kept_cents > due.total_cents and not back:
            self.wrong(f"{one.reference} {one.state} keeps {due.kept_cents} silently")

    def _check_expected(self, one):
        live = AccessGrant.objects.filter(occupancy=one.occupancy_id, state__in=LIVE)
        grants = list(live.select_related("door__place"))
        window = window_of(self.door, one.starts_at, one.ends_at)
        if [(grant.starts_at, grant.ends_at) for grant in grants] != [window]:
            self.wrong(f"{one.reference} is confirmed: {[grant.state for grant in grants]}")
            return
        shown = showing.shown(grants[0])
        if self.now >= window[0] - HOUR and shown.how not in ("code", "fallback"):
            self.wrong(f"{one.reference} reads {shown.how}")
        inside = window[0] <= self.now < window[1]
        if inside and shown.how == "code":
            self.told["opened"] += 1
            if not self.lock.opens(shown.code):
                self.wrong(f"{one.reference} has a code that does not open")

    def _check_lock(self):
        """Whatever is on the lock is for a booking that is sure, at its time."""
        zigbee = self.lock.kind == DriverKind.ZIGBEE
        live = AccessGrant.objects.filter(door=self.door, state__in=LIVE)
        sure = Booking.objects.filter(state=BookingState.CONFIRMED).values("dates__occupancy")
        wanted = {
            (grant.slot if zigbee else grant.remote_name): (grant.starts_at, grant.ends_at)
            for grant in live.filter(occupancy__in=sure)
        }
        for key, (_, start, end) in self.lock.codes.items():
            if wanted.get(key) != (start, end):
                self.wrong(f"{key} is still on the lock, until {end:%d %H:%M}")

    def live(self):
        deeds = [self.book, self.book, self.accept, self.accept, self.begin, self.answer]
        deeds += [self.answer, self.counter, self.move, self.cancel, self.trouble]
        for _ in range(DEEDS):
            with clock.frozen(self.now):
                for deed in self.rng.sample(deeds, 3):
                    deed()
            self.pass_time(self.now + self.rng.choice([1, 20, 40, 180]) * MINUTE, step=HOUR)
        self.settle()
        self.check()
        coming = self.bookings.filter(state=BookingState.CONFIRMED, ends_at__gt=self.now)
        for start in sorted(coming.values_list("starts_at", flat=True)):
            self.pass_time(start - 10 * MINUTE, step=12 * HOUR, calm=True)
            self.pass_time(start + 5 * MINUTE, step=3 * MINUTE, calm=True)
            self.check()
            with clock.frozen(self.now):  # paid on a page left open, of a booking long gone
                self.answer(Outcome.PAID)
        self.settle()
        self.check()
        for state in self.bookings.values_list("state", flat=True):
            self.told[state] += 1


@pytest.mark.django_db
def test_no_code_without_a_booking_no_payment_without_access(monkeypatch, capsys):
    told, violations, real = Counter(), [], audit.record
    for seed in range(FIRST, FIRST + RUNS):
        with transaction.atomic():
            one = Life(seed, monkeypatch)
            monkeypatch.setattr(audit, "record", one.recorded(real))
            one.live()
            transaction.set_rollback(True)  # the next is alone in its world
        told.update(one.told, runs=1, calls=one.lock.calls)
        violations += [f"{seed}: {said}" for said in one.violations]
        monkeypatch.setattr(audit, "record", real)
    with capsys.disabled():
        print(f"\n{dict(told)}, violations {len(violations)}")  # noqa: T201
    assert violations == []
