"""Two hundred bookings while processes are killed: what a page promised is true afterwards."""

import random
import sys
import threading
import time

import pytest

from ops import processes
from tests.crash.browser import Browser, Trouble
from tests.crash.house import TARGETS, Fate, House

pytestmark = pytest.mark.crash
BOOKINGS = 200
PEOPLE = 6
SEED = 20261122
#: The last kill leaves some bookings to be made in peace.
LAST_KILL = 0.9
PURPOSE = "Essai numéro"
#: Three minutes on two idle cores; a crowded machine is given time.
PATIENCE = 900


class Crowd:
    """People who book until all the bookings are made, each seen on its last page."""

    def __init__(self, house, seeded):
        self.house, self.trouble = house, Trouble()
        self.people = seeded["people"]
        self.slots = iter(seeded["slots"])
        self.given, self.numbers = [], iter(range(BOOKINGS))
        self.rng = random.Random(SEED)
        self.seen, self.failures, self.refused, self.left = [], [], 0, 0
        self._lock = threading.Lock()
        self.threads = [
            threading.Thread(target=self._live, args=[one], daemon=True) for one in self.people
        ]

    def made(self):
        return len(self.seen)

    def start(self):
        for thread in self.threads:
            thread.start()

    def wait(self, seconds):
        deadline = time.monotonic() + seconds
        for thread in self.threads:
            thread.join(max(deadline - time.monotonic(), 0))
        assert not any(thread.is_alive() for thread in self.threads), "somebody still waits"
        assert not self.failures, self.failures

    def _live(self, person):
        try:
            while (number := self._next_number()) is not None:
                if number % 20 == 0:  # few: an address may not hold many without signing in
                    self._walk_away()
                with self._browser(person["cookie"]) as browser:
                    while not self._book(browser, person, number):
                        pass
        except BaseException as failure:
            self.failures.append(failure)

    def _next_number(self):
        with self._lock:
            return next(self.numbers, None)

    def _slot(self):
        """Mostly a slot nobody has asked for; sometimes one that somebody has."""
        with self._lock:
            if self.given and self.rng.random() < 0.15:
                return self.rng.choice(self.given[-12:])
            self.given.append(next(self.slots))
            return self.given[-1]

    def _browser(self, cookie=""):
        return Browser(self.house.address, cookie=cookie, trouble=self.trouble, patient=True)

    def _held(self, browser, slot):
        """The page that follows the slot once it is held, or None if somebody else has it."""
        address = f"/reservations/nouvelle/{slot['space']}/"
        page = browser.client.build_request(
            "GET", address, params={"debut": slot["debut"], "fin": slot["fin"]}
        )
        page = browser.get(str(page.url))
        if not page.says("Ce créneau est libre"):
            assert page.status == 200, page.words
            return None
        page = browser.send(page, page.form("debut", button="Retenir"))
        assert page.status == 200, page.words
        return page if page.path.startswith("/reservations/en-cours/") else None

    def _walk_away(self):
        """A visitor takes a slot and closes the window."""
        with self._browser() as browser:
            self.left += self._held(browser, self._slot()) is not None

    def _book(self, browser, person, number):
        page = self._held(browser, self._slot())
        if page is None:
            with self._lock:
                self.refused += 1
            return False
        purpose = f"{PURPOSE} {number:03}"
        typed = {"purpose": purpose, "attendance": "1", "is_public_event": "non"}
        typed |= {"contact_name": "Camille Martin", "contact_phone": "04 76 00 00 00"}
        page = browser.send(page, page.form("purpose"), **typed)
        assert page.path.endswith("/recapitulatif/"), page.words
        page = browser.send(page, page.form("rules"), rules="on")
        assert page.path.endswith("/envoyee/"), page.words
        state = "confirmee" if page.says("Votre réservation est confirmée") else "demandee"
        assert state == "confirmee" or page.says("Votre demande est envoyée"), page.words
        reference = page.path.split("/")[-3]
        self.seen.append(
            {"reference": reference, "purpose": purpose, "state": state, "email": person["email"]}
        )
        return True


def _hours():
    """When, in bookings made, each kill falls due: everywhere, every kind twice, in any order."""
    rng = random.Random(SEED)
    kinds = list(TARGETS) * 2
    rng.shuffle(kinds)
    stretch = BOOKINGS * LAST_KILL / len(kinds)
    return [(int((n + rng.random()) * stretch), kind) for n, kind in enumerate(kinds)]


@pytest.fixture
def house():
    house = House()
    yield house
    house.remove()


def test_two_hundred_bookings_under_kill_minus_nine(house, record_property):
    began = time.monotonic()
    crowd = Crowd(house, house.prepare(people=PEOPLE, seed=SEED))
    fate = Fate(house, crowd.made, _hours(), SEED)
    try:
        fate.start()
        crowd.start()
        crowd.wait(PATIENCE)
        assert not fate.hours
        waiting = []

        def drained():
            waiting[:] = [house.inside("drain")]
            return not any(waiting[0].values())

        assert processes.wait_until(drained, 120, 1), waiting
        verdict = house.inside("judge", crowd.seen)
    finally:
        fate.stop()
    seen = {
        "bookings": crowd.made(),
        "kills": dict(fate.kills),
        "starts_again": fate.starts,
        "answers": crowd.trouble.answered,
        "answers_lost": crowd.trouble.lost,
        "answers_broken": crowd.trouble.broken,
        "slots_refused": crowd.refused,
        "holds_left": crowd.left,
        "seconds": round(time.monotonic() - began),
        **verdict["figures"],
    }
    for name, value in seen.items():
        record_property(name, value)
    sys.stdout.write(f"{seen}\n")
    assert not verdict["faults"], "\n".join(verdict["faults"])
    assert crowd.made() == BOOKINGS
    assert all(fate.kills[kind] == 2 for kind in TARGETS)
