"""Fakes as processes of their own, and their doors for tests."""

import json
import urllib.request
from contextlib import contextmanager

from preau.integrations.http import Throttled, Unauthorized, Unavailable
from tests.integrations import misbehaving


class Doors:
    """The back doors of a fake (see `fakes.lock_server`)."""

    def __init__(self, url):
        self.url = url

    def reset(self):
        self._open("reset")

    def set(self, **changes):
        self._open("set", changes)

    def trouble(self, kind, calls=1):
        self._open("trouble", {"kind": kind, "calls": calls})

    @property
    def state(self):
        return self._open("state")

    @property
    def calls(self):
        return self._open("calls")

    def _open(self, door, said=None):
        asked = urllib.request.Request(
            f"{self.url}/_{door}", data=json.dumps(said).encode(), method="POST"
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.loads(answer.read())


@contextmanager
def running(name):
    with misbehaving.running(name) as address:
        yield Doors(address)


#: Every trouble of `fakes.lock_server`, and what a client must say of it.
TROUBLES = {
    "down": Unavailable,
    "slow": Unavailable,
    "drip": Unavailable,
    "truncated": Unavailable,
    "html": Unavailable,
    "shape": Unavailable,
    "list": Unavailable,
    "401": Unauthorized,
    "403": Unauthorized,
    "429": Throttled,
    "500": Unavailable,
}


def told(error):
    """All that an error carries, and those it came from: what a log could write."""
    found = ""
    while error is not None:
        found += f"{error!r} {error} {error.args} {vars(error)} "
        error = error.__cause__ or error.__context__
    return found
