"""A calendar over HTTP: read when it changed, told when it cannot be, freeing nothing."""

import hashlib
from datetime import timedelta

import httpx
import pytest

from preau.accounts.actors import SYSTEM
from preau.calendars.actions import following, reading
from preau.calendars.enums import Problem
from preau.calendars.models import OutsideCalendar
from preau.calendars.tasks import read_due
from preau.core import clock
from preau.core.errors import Refusal
from preau.integrations import ics
from preau.integrations.http import Moved, Unavailable
from preau.notifications.models import Notification
from preau.outside.models import ServiceState
from tests.accounts.factories import MembershipFactory
from tests.calendars.factories import event, followed, written
from tests.calendars.test_reading import NOW, at, live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def publish(publisher, request):
    name = f"{hashlib.sha256(request.node.name.encode()).hexdigest()[:12]}.ics"

    def put(*events, raw=None):
        httpx.put(f"{publisher}/{name}", content=(raw or written(*events)).encode())
        return f"{publisher}/{name}"

    return put


def reread(calendar, after=timedelta(hours=1)):
    with clock.frozen(clock.now() + after):
        reading.read(calendar.pk)
        calendar.refresh_from_db()
    return calendar


def test_a_calendar_is_read_then_left_alone_while_it_does_not_change(publish, monkeypatch):
    calendar = followed(address=publish(event("a", *at(2)), event("b", *at(5))))
    reread(calendar, timedelta())
    assert len(live(calendar)) == 2
    assert calendar.read_at == NOW
    monkeypatch.setattr(reading, "occurrences", lambda *_: pytest.fail("read again"))
    reread(calendar)
    assert calendar.read_at == NOW + timedelta(hours=1)


def test_the_horizon_moves_even_when_nothing_changed(publish):
    far = 24 * 401
    calendar = followed(address=publish(event("a", *at(2)), event("far", *at(far))))
    reread(calendar, timedelta())
    assert len(live(calendar)) == 1
    reread(calendar, timedelta(days=2))
    assert len(live(calendar)) == 2


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        ("html", Problem.UNREADABLE),
        ("cut", Problem.UNREADABLE),
        ("500", Problem.AWAY),
        ("429", Problem.AWAY),
        ("401", Problem.REFUSED),
        ("403", Problem.REFUSED),
        ("410", Problem.GONE),
    ],
)
def test_what_cannot_be_read_frees_nothing_and_is_told_once(publish, publisher, mode, problem):
    url = publish(event("a", *at(40)))
    calendar = followed(address=url)
    people = MembershipFactory(organization=calendar.place.owner, role="gestionnaire")
    reread(calendar, timedelta())
    before = live(calendar)
    misled = url.replace(publisher, f"{publisher}/{mode}")
    followed_again = following.sealed.seal(misled, purpose=following.PURPOSE)
    OutsideCalendar.objects.filter(pk=calendar.pk).update(address=followed_again)
    for hours in (1, 2, 26, 27):
        ServiceState.objects.update(failures=0, paused_until=None)
        reread(calendar, timedelta(hours=hours))
    assert calendar.problem == problem
    assert live(calendar) == before
    assert Notification.objects.filter(user=people.user).count() == 1
    back = following.sealed.seal(url, purpose=following.PURPOSE)
    OutsideCalendar.objects.filter(pk=calendar.pk).update(address=back)
    ServiceState.objects.update(failures=0, paused_until=None)
    reread(calendar, timedelta(hours=28))
    assert (calendar.problem, calendar.told_at) == ("", None)


def test_an_empty_calendar_is_asked_about_then_accepted(publish):
    address = publish(*[event(str(n), *at(2 * n)) for n in range(1, 6)])
    calendar = followed(address=address)
    reread(calendar, timedelta())
    publish()
    reread(calendar)
    assert calendar.problem == Problem.EMPTIED
    assert len(live(calendar)) == 5
    reading.read(calendar.pk, accept_loss=True)
    assert live(calendar) == []


def test_an_address_that_moved_is_followed(publish, publisher):
    url = publish(event("a", *at(2)))
    assert ics.fetch(url.replace(publisher, f"{publisher}/moved"), only_public=False).text


def test_a_server_that_moves_to_no_address_is_away(monkeypatch):
    def moved(*_):
        raise Moved("status 302", "http://a.fr:port/")

    monkeypatch.setattr(ics.Service, "get", moved)
    with pytest.raises(Unavailable):
        ics.fetch("https://a.fr/x.ics")


def test_what_is_written_twice_where_once_is_meant_is_a_damaged_calendar():
    calendar = followed()
    twice = "RECURRENCE-ID:20270301T090000Z\r\n"
    text = written(event("a", *at(2))).replace("END:VEVENT", f"{twice}{twice}END:VEVENT")
    with pytest.raises(Refusal):
        reading.occurrences(text, calendar.place)


def test_a_slow_server_is_left_in_time(publish, publisher):
    url = publish(event("a", *at(2))).replace(publisher, f"{publisher}/slow")
    with pytest.raises(Unavailable):
        ics.fetch(url, only_public=False, timeout=0.3)


def test_each_is_asked_for_every_hour(monkeypatch):
    asked = []
    monkeypatch.setattr(reading, "read", lambda pk, **_: asked.append(pk))
    calendars = [followed() for _ in range(3)]
    following.stop(calendars[1], free=True, actor=SYSTEM)
    OutsideCalendar.objects.filter(pk=calendars[0].pk).update(tried_at=NOW)
    assert reading.due(NOW - timedelta(minutes=55)) == [calendars[2].pk]
    assert read_due(0) == 1
