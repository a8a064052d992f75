"""Each service in turn down, slow and lying: pages answer, say what to do, the operator sees it.

Nothing is timed: every exchange is given a limit, which is looked at, then made short.
"""

import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.urls import reverse

from preau.access import drivers
from preau.integrations import http
from preau.outside import registry
from preau.outside.calls import FAILURES_TO_PAUSE
from preau.outside.enums import Trouble
from preau.outside.models import ServiceFailure, ServiceState
from tests.accounts.factories import UserFactory, sign_in
from tests.integrations.misbehaving import door, running
from tests.outside.bad_days import EVERY_DAY, ROWS, Search

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9"
#: Seconds that somebody waits for an outside service at most; and that these tests do.
ON_A_CLICK, HERE = 3.0, 0.3
#: What the operator reads of a day.
TROUBLES = {"401": Trouble.UNAUTHORIZED, "429?after=60": Trouble.THROTTLED}


@pytest.fixture(scope="module")
def service():
    file = Path(__file__).parent / "any_service.py"
    with subprocess.Popen([sys.executable, file], stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


@pytest.fixture
def limits(monkeypatch):
    """The seconds that each exchange was given; each gets the tests' own."""
    given = []
    hung_up_after, broker = http._Line.hung_up_after, drivers.zigbee2mqtt.Broker

    def followed(line, seconds):
        given.append(seconds)
        return hung_up_after(line, min(seconds, HERE))

    def reached(url, username, password, base, seconds):
        given.append(seconds)
        return broker(url, username, password, base, min(seconds, HERE))

    monkeypatch.setattr(http._Line, "hung_up_after", followed)
    monkeypatch.setattr(drivers.zigbee2mqtt, "Broker", reached)
    return given


def calls(url):
    return door(url, "/_calls")["calls"]


def read(answer):
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


@contextmanager
def babbling():
    """What answers at once, in no language of ours."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk():
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=talk, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@contextmanager
def on(day, url):
    """Where the service is on such a day."""
    if day == "down":
        yield NOWHERE
    elif day == "babble":
        with babbling() as other:
            yield other
    else:
        door(url, f"/_mood/{day}")
        yield url


def test_no_service_is_forgotten():
    assert {one.key for one in ROWS} == {one.key for one in registry.registered()}
    for one in ROWS:
        assert set(one.said) - {""} <= set(one.days)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_a_bad_day(row, client, service, limits, settings, monkeypatch):
    one = row(settings, monkeypatch)
    one.signed_in(client)
    for day in one.days:
        ServiceState.objects.all().delete()
        one.again()
        with on(day, service) as url:
            one.at(url)
            _bad_day(one, day, client, service, limits)
    if not one.asks_when_paused:
        _paused(one, client, service, limits)


def _bad_day(one, day, client, service, limits):
    limits.clear()
    page = read(one.use(client))
    assert page.count(one.said.get(day, one.said[""])) == one.times, day
    assert limits
    assert not one.on_click or max(limits) <= ON_A_CLICK, day
    failure = ServiceFailure.objects.filter(state__service=one.key).latest("id")
    assert failure.trouble == TROUBLES.get(day, Trouble.DOWN), day
    # The page itself asks nothing: it answers whatever the service does.
    limits.clear()
    before = calls(service)
    read(client.get(one.page))
    assert (limits, calls(service)) == ([], before), day


def _paused(one, client, service, limits):
    """Nobody waits for it any more."""
    limits.clear()
    before = calls(service)
    one.again()
    ServiceState.objects.update(failures=FAILURES_TO_PAUSE, paused_until="2999-01-01T00:00Z")
    read(one.use(client))
    assert (limits, calls(service)) == ([], before)


@pytest.mark.parametrize("day", EVERY_DAY)
def test_the_operator_reads_why(day, client, service, limits, settings, monkeypatch):
    one = Search(settings, monkeypatch)
    sign_in(client, UserFactory(is_operator=True))
    with on(day, service) as url:
        one.at(url)
        page = read(client.post(reverse("connectors:try", args=[one.key]), follow=True))
    assert str(TROUBLES.get(day, Trouble.DOWN).label) in page
    assert "Aucun échec depuis un mois" not in page
    home = read(client.get(reverse("connectors:services")))
    assert ("En pause" in home) == (day in TROUBLES)


def test_on_a_good_day_a_try_says_so(client, settings):
    sign_in(client, UserFactory(is_operator=True))
    with running("fakes.geocoder") as settings.GEOCODER_URL:
        page = read(client.post(reverse("connectors:try", args=["geocoder"]), follow=True))
    assert "répond." in page
    assert "En service" in page
