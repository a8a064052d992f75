"""Locks in memory that fail on request, and a worker that may die at any moment."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from preau.access.drivers import Held
from preau.access.enums import DriverKind
from preau.core import clock
from preau.integrations.http import Unavailable
from preau.integrations.locks import Offline


class Crash(BaseException):
    """The worker dies here: nothing catches it."""


#: What was asked reaches the lock by then, whoever works: less than `Traits.settles` of Nuki.
ARRIVES = timedelta(minutes=10)
#: What may go wrong with one call: before it, or after it was done.
FAULTS = ("offline", "down", "lost", "crash_before", "crash_after")


@dataclass
class Lock:
    """One lock of a kind; what is on it, and what comes next goes wrong.

    Attributes:
        codes: where it is kept (a slot, or a name) → code, start, end.
        queue: when, what was asked and not yet received (Nuki).
        given: every code that a lock which computes them has ever told.
        meanwhile: what others do while it is spoken to.
    """

    kind: DriverKind
    codes: dict = field(default_factory=dict)
    queue: list = field(default_factory=list)
    given: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    calls: int = 0
    meanwhile: Callable[[], object] | None = None

    def put(self, wanted):
        return self._spoken(lambda: self._put(wanted))

    def remove(self, wanted):
        return self._spoken(lambda: self._remove(wanted))

    def _spoken(self, act):
        self.calls += 1
        self.deliver(before=clock.now() - ARRIVES)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "offline":
            raise Offline("simulated")
        if fault == "down":
            raise Unavailable("simulated")
        if fault == "crash_before":
            raise Crash
        if self.meanwhile is not None:
            self.meanwhile()
        done = act()
        if fault == "lost":
            raise Unavailable("simulated")
        if fault == "crash_after":
            raise Crash
        return done

    def _put(self, wanted):
        one = (wanted.code, wanted.start, wanted.end)
        if self.kind == DriverKind.ZIGBEE:
            self.codes[wanted.slot] = one
            return Held(str(wanted.slot))
        if self.kind == DriverKind.IGLOOHOME:
            code = f"{wanted.start:%d%H%M}{wanted.end:%H}{wanted.variance}"
            self.given.append((code, wanted.start, wanted.end))
            return Held(code, code)
        if self.kind == DriverKind.NUKI:
            if self.codes.get(wanted.name) == one:
                return Held(wanted.name)
            self.queue.append((clock.now(), wanted.name, one))
            return None
        self.codes[wanted.name] = one
        return Held(wanted.name)

    def _remove(self, wanted):
        if self.kind == DriverKind.ZIGBEE:
            self.codes.pop(wanted.slot, None)
            return True
        if self.kind == DriverKind.NUKI:
            there = wanted.name in self.codes
            if there:
                self.queue.append((clock.now(), wanted.name, None))
            return not there
        self.codes.pop(wanted.name, None)
        return True

    def deliver(self, before=None):
        """What was asked reaches the lock: all, or what was asked before then."""
        waiting, self.queue = self.queue, []
        for at, name, one in waiting:
            if before is not None and at > before:
                self.queue.append((at, name, one))
            elif one is None:
                self.codes.pop(name, None)
            else:
                self.codes[name] = one

    def opens(self, code):
        """Whether the keypad opens now."""
        now = clock.now()
        every = [*self.codes.values(), *self.given]
        if self.kind == DriverKind.ZIGBEE:  # it knows no date
            return code in [kept for kept, _, _ in every]
        return any(kept == code and start <= now < end for kept, start, end in every)


def plugged(monkeypatch, lock):
    """Every call of the room goes to this lock."""

    @contextmanager
    def asking(account, remote="", **_):
        yield lock

    monkeypatch.setattr("preau.access.drivers.asking", asking)
    return lock
