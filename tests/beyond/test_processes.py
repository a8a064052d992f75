"""Two web processes behind a balancer that forgets who went where, and two workers: they share
the database and nothing else."""

import itertools
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from ops import processes
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.notifications.actions.outbox import enqueue_email
from preau.notifications.models import DeliveredEmail
from tests.accounts.factories import UserFactory
from tests.accounts.test_sign_in import last_code
from tests.beyond.conftest import running
from tests.booking.factories import bookable_space, evening
from tests.concurrency.test_over_http import TYPED, form_for
from tests.crash import faults
from tests.crash.browser import Browser
from tests.ops.conftest import _free_port

pytestmark = [pytest.mark.beyond, pytest.mark.django_db(transaction=True)]
LETTERS = 30
#: Each of these is due every minute.
SWEEPS = {"preau.booking.tasks.clear_holds", "notifications.sweep_outbox"}


class Balanced(Browser):
    """Each request goes to the next process in turn, each step of a redirection too."""

    def __init__(self, addresses, **kwargs):
        super().__init__(addresses[0], **kwargs)
        self.client.follow_redirects = False
        self.addresses, self.turns = addresses, itertools.cycle(addresses)
        self.asked = Counter()

    def _try(self, method, path, **what):
        while True:
            parts = urlsplit(path)
            turn = next(self.turns)
            self.asked[turn] += 1
            path = turn + parts.path + (f"?{parts.query}" if parts.query else "")
            response = super()._try(method, path, **what)
            if not response.has_redirect_location:
                return response
            method, path, what = "GET", response.headers["Location"], {}


@pytest.fixture(scope="module")
def web(primary, tmp_path_factory):
    """The production server twice, as on two machines."""
    ports = [_free_port() for _ in range(2)]
    with running(tmp_path_factory.mktemp("web"), web=ports, DATABASE_URL=primary.url) as addresses:
        yield addresses


@pytest.fixture
def somebody(web):
    cache.clear()
    with Balanced(web, headers={"X-Forwarded-For": "192.0.2.7"}) as browser:
        yield browser


def ask_for_code(browser, email):
    page = browser.get(reverse("account_login"))
    return browser.send(page, page.form("email"), email=email)


def test_one_visit_goes_on_from_process_to_process(somebody):
    """Held signed out, signed in by a code, filled in and sent: not two requests in one place."""
    user, space = UserFactory(first_name="Ana"), bookable_space()
    page = somebody.send(*form_for(somebody, space, evening(space)))
    assert page.path.startswith("/reservations/en-cours/"), page.words
    held = page.path
    page = ask_for_code(somebody, user.email)
    page = somebody.send(page, page.form("code"), code=last_code(user.email))
    page = somebody.get(held)
    page = somebody.send(page, page.form("purpose"), **TYPED)
    page = somebody.send(page, page.form("rules", button="Envoyer la demande"), rules="on")
    assert page.says("Votre demande est envoyée"), page.words
    one = Booking.objects.get()
    assert (one.state, one.requester) == (BookingState.REQUESTED, user)
    assert min(somebody.asked.values()) >= 6
    assert faults.orphans() == []


def test_attempts_are_counted_together(somebody):
    """Four codes in ten minutes for one address, wherever they are asked for."""
    user = UserFactory()
    assert ",4/10m/key," in settings.ACCOUNT_RATE_LIMITS["request_login_code"]
    answers = [ask_for_code(somebody, user.email) for _ in range(5)]
    assert [page.says("Trop de codes") for page in answers] == [False] * 4 + [True]
    assert set(somebody.asked) == set(somebody.addresses)


def test_a_style_sheet_has_one_address(web):
    """A page made by one process names files that the other serves too."""
    with Browser(web[0]) as one, Browser(web[1]) as other:
        [first, second] = [browser.get("/").text for browser in (one, other)]
        links = [
            text.partition('rel="stylesheet"')[2].partition(">")[0] for text in (first, second)
        ]
        assert links[0] == links[1] != ""


def test_what_is_due_is_deferred_once_whatever_the_workers(primary, tmp_path):
    """Both wake at the same minutes; the database lets one of them defer.

    The queue's tables are not Django's: what other tests deferred by hand is still in them.
    """
    before = ProcrastinateJob.objects.aggregate(last=Max("id"))["last"] or 0
    with running(tmp_path, workers=2, DATABASE_URL=primary.url, PREAU_LOG_LEVEL="DEBUG"):
        logs = [tmp_path / f"worker-{number}.log" for number in range(2)]
        woke = lambda log: "Periodic deferrer waiting" in log.read_text()  # noqa: E731
        assert processes.wait_until(lambda: all(map(woke, logs)), 60)
        for number in range(LETTERS):
            with transaction.atomic():
                enqueue_email(
                    cause=f"essai:{number}",
                    recipient="ana@example.org",
                    subject=f"Lettre {number}",
                    text="Bonjour.",
                )
        jobs = ProcrastinateJob.objects.filter(id__gt=before)
        # What an earlier test deferred of this very minute is not deferred again.
        assert processes.wait_until(
            lambda: set(jobs.values_list("task_name", flat=True)) >= SWEEPS, 100
        )
        waiting = jobs.filter(status__in=["todo", "doing"], scheduled_at=None)
        assert processes.wait_until(lambda: not waiting.exists(), 60)
        due = Counter(
            (name, args["timestamp"])
            for name, args in jobs.values_list("task_name", "args")
            if "timestamp" in args
        )
        assert {name for name, _ in due} >= SWEEPS
        assert set(due.values()) == {1}
        said = "".join(log.read_text() for log in logs)
        assert "already deferred" in said or "there is already a job" in said
    assert not jobs.filter(status="failed").exists()
    carried = Counter(DeliveredEmail.objects.values_list("subject", flat=True))
    assert carried == {f"Lettre {number}": 1 for number in range(LETTERS)}
