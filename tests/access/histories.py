"""Random lives of a door: people come, move, give up; news is lost or told twice, workers die."""

import random
from datetime import timedelta

from preau.access import showing
from preau.access.actions import acting, announcing, reconciling
from preau.access.drivers import traits_of, window_of
from preau.access.enums import DUE, LIVE, OVER, DriverKind, GrantState
from preau.access.models import AccessGrant
from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import SlotTaken, Use, move, occupy, release
from preau.availability.enums import OccupancyKind
from preau.core import clock
from preau.core.timeranges import Period
from tests.access.simulated import FAULTS, Crash

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
#: How late a code may leave a lock that answers again.
GRACE = 30 * MINUTE


class History:
    """One life. `entitled` is what the rooms above would say."""

    def __init__(self, seed, door, space, lock, entitlement, start):
        self.rng = random.Random(seed)
        self.door, self.space, self.lock = door, space, lock
        self.entitlement, self.now = entitlement, start
        self.entitled, self.occupancies = {}, []
        self.last_trouble, self.lost, self.far = start, False, 0
        self.violations, self.crashes, self.moves, self.cancels, self.looks = [], 0, 0, 0, 0

    def source(self, ids):
        return {pk: self.entitled[pk] for pk in ids if pk in self.entitled}

    # --- What people do

    def _slot(self):
        first = self.now.replace(minute=0, second=0, microsecond=0) + HOUR
        start = first + self.rng.randrange(0, 60) * HOUR
        return Period(start, start + self.rng.choice([1, 2, 3]) * HOUR)

    def confirm(self):
        use = Use(kind=OccupancyKind.BOOKING, label="Essai")
        try:
            one = occupy(self.space, self._slot(), use, actor=SYSTEM)
        except SlotTaken:
            return
        self.entitled[one.pk] = self.entitlement
        self.occupancies.append(one)
        self._news(one)

    def move(self):
        if one := self._any():
            try:
                move(one, self._slot(), actor=SYSTEM)
            except SlotTaken:
                return
            self.moves += 1
            self._news(one)

    def cancel(self):
        if one := self._any():
            release(one, actor=SYSTEM)
            self.entitled.pop(one.pk, None)
            self.cancels += 1
            self._news(one)

    def _any(self):
        coming = [
            one
            for one in self.occupancies
            if one.pk in self.entitled and one.period.upper > self.now
        ]
        return self.rng.choice(coming) if coming else None

    def _news(self, one):
        """Told, told twice, or lost."""
        times = self.rng.choice([1, 1, 1, 2, 0])
        self.lost = self.lost or times == 0
        for _ in range(times):
            reconciling.reconcile(one.pk)

    def read(self):
        """Somebody looks at their code: it can no longer be unread."""
        rows = AccessGrant.objects.filter(state__in=LIVE, door=self.door)
        for grant in rows.select_related("door__place"):
            if showing.shown(grant).how == "code":
                AccessGrant.objects.filter(pk=grant.pk).update(shown_at=clock.now())

    def trouble(self):
        self.lock.faults += [self.rng.choice(FAULTS) for _ in range(self.rng.randrange(1, 5))]

    # --- What the machine does

    def tick(self):
        reconciling.close_windows()
        announcing.announce_due()
        due = AccessGrant.objects.filter(state__in=DUE, next_try__lte=clock.now())
        order = list(due.order_by("pk").values_list("pk", flat=True))
        self.rng.shuffle(order)
        for pk in order + [one for one in order if self.rng.random() < 0.3]:
            try:
                acting.act(pk)
            except Crash:
                self.crashes += 1
                self.last_trouble = self.now
        if self.rng.random() < 0.7:
            self.lock.deliver()

    def sweep(self):
        self.lost = False
        for pk in reconciling.due_occupancies():
            reconciling.reconcile(pk)

    def pass_time(self, most):
        """To the next moment that matters, at most so long; the worker turns each time.

        The sweep finds nothing where no news was lost: it then comes by the hour.
        """
        until, since = self.now + most, self.now
        while self.now < until:
            if self.lock.faults:
                self.last_trouble = self.now
            matters = max(self._next(), self.now + MINUTE)
            sweeps = since + (15 * MINUTE if self.lost else HOUR)
            self.now = min(until, matters, max(sweeps, self.now + MINUTE))
            with clock.frozen(self.now):
                if self.now >= sweeps:
                    self.sweep()
                    since = matters = self.now
                if self.now >= matters:
                    self.tick()
                self.check_lock()

    def _next(self):
        """When something is due: in the past, where it already is."""
        times = [self.now + HOUR]
        for grant in AccessGrant.objects.exclude(state__in=OVER):
            told = (grant.shown_from, grant.starts_at - HOUR, grant.ends_at)
            times += [one for one in told if one > self.now]
            times += [grant.next_try] if grant.next_try else []
        return min(times)

    # --- What must hold

    def check_lock(self):
        """No code outside its window, once the lock has answered for a while."""
        if self.now < self.last_trouble + GRACE or self.lock.faults:
            return
        self.looks += 1
        traits = traits_of(self.door)
        if traits.keeps_dates:
            return
        live = {
            grant.slot: grant
            for grant in AccessGrant.objects.filter(door=self.door, slot__isnull=False)
        }
        for slot in self.lock.codes:
            grant = live.get(slot)
            early = grant and self.now < grant.starts_at - traits.lead
            late = grant and self.now > grant.ends_at + 5 * MINUTE
            if grant is None or early or late:
                self.violations.append(f"slot {slot} at {self.now}: {grant and grant.state}")

    def settle(self):
        """All goes well again for a while."""
        self.lock.faults.clear()
        self.last_trouble = self.now
        self.pass_time(2 * HOUR)
        for _ in range(6):
            self.lock.deliver()
            self.pass_time(5 * MINUTE)

    def check_everybody(self):
        """Whoever is expected comes in, or is told how else; nobody else does."""
        with clock.frozen(self.now):
            self._check_expected()
            self._check_others()

    def _check_expected(self):
        for one in self.occupancies:
            one.refresh_from_db()
            if one.pk not in self.entitled or one.period.upper <= self.now:
                continue
            window = window_of(self.door, one.period.lower, one.period.upper)
            live = list(
                AccessGrant.objects.filter(occupancy=one, state__in=LIVE).select_related(
                    "door__place"
                )
            )
            if not live and one.period.lower > self.now + reconciling.AHEAD - HOUR:
                self.far += 1  # news lost: the sweep does not look so far yet
                continue
            if len(live) != 1 or (live[0].starts_at, live[0].ends_at) != window:
                self.violations.append(f"occupancy {one.pk}: {[grant.state for grant in live]}")
                continue
            self._check_shown(live[0])

    def _check_shown(self, grant):
        shown = showing.shown(grant)
        if self.now >= grant.starts_at - HOUR and shown.how not in ("code", "fallback"):
            self.violations.append(f"grant {grant.pk} shows {shown.how}")
        inside = grant.starts_at <= self.now < grant.ends_at
        if inside and shown.how == "code" and not self.lock.opens(shown.code):
            self.violations.append(f"grant {grant.pk}: its code does not open")

    def _check_others(self):
        """Codes on the lock are those of live grants, at their window."""
        if self.lock.kind == DriverKind.IGLOOHOME:
            self._check_told()
            return
        wanted = {
            (grant.slot if self.lock.kind == DriverKind.ZIGBEE else grant.remote_name): grant
            for grant in AccessGrant.objects.filter(
                door=self.door, state__in=[GrantState.SET, GrantState.WANTED]
            )
        }
        for key, (_, start, end) in self.lock.codes.items():
            grant = wanted.get(key)
            right = grant and (grant.starts_at, grant.ends_at) == (start, end)
            if not right or grant.occupancy_id not in self.entitled:
                self.violations.append(f"{key} is still on the lock")

    def _check_told(self):
        """What cannot be taken back, and somebody has read, is said to be so."""
        for grant in AccessGrant.objects.filter(door=self.door, shown_at__isnull=False):
            gone = grant.occupancy_id not in self.entitled
            if gone and grant.ends_at > self.now and grant.state != GrantState.LINGERING:
                self.violations.append(f"grant {grant.pk} was read and is {grant.state}")

    def live(self, steps):
        """All of it."""
        deeds = [self.confirm, self.confirm, self.move, self.cancel, self.read, self.trouble]
        for _ in range(steps):
            with clock.frozen(self.now):
                self.rng.choice(deeds)()
            if self.rng.random() < 0.15:  # no worker for a while
                self.now += self.rng.randrange(1, 8) * 20 * MINUTE
                self.last_trouble = self.now
            else:
                self.pass_time(self.rng.choice([5, 20, 60, 180, 600]) * MINUTE)
        self.settle()
        self.check_everybody()
        self.pass_time(timedelta(hours=12))
        self.check_everybody()
