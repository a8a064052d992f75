"""Codes on real wires: a broker with rights, and the makers' fakes with their quirks."""

from datetime import timedelta

import pytest

from preau.access import sealing, showing, tasks
from preau.access.actions import doors as door_actions
from preau.access.actions import reconcile
from preau.access.actions.reading import read
from preau.access.enums import DUE, DriverKind, GrantState
from preau.access.models import AccessGrant
from preau.booking.actions.requests import cancel
from preau.booking.enums import Side
from preau.core import clock
from preau.integrations import zigbee2mqtt
from preau.integrations.http import Unauthorized
from preau.integrations.locks import Offline
from preau.notifications.models import Notification
from preau.outside.models import ServiceState
from tests.access.factories import DoorFactory, confirmed, manager_of, worker

pytestmark = pytest.mark.django_db


def _door(kind, **fields):
    ids = {"nuki": "17", "ttlock": "21", "ttlock_seule": "22", "igloohome": "IGP1"}
    return DoorFactory(driver=kind, remote_id=ids.get(kind, "porte"), **fields)


def _again(grant):
    return AccessGrant.objects.select_related("door__place", "door__account").get(pk=grant.pk)


def test_a_code_opens_the_door_in_its_window_alone(keypad):
    _, grant = confirmed(_door(DriverKind.ZIGBEE))
    with clock.frozen(grant.shown_from + timedelta(minutes=1)):
        worker()
        shown = showing.shown(_again(grant))
        assert shown.how == "code" and not keypad.press(shown.code)
    with clock.frozen(grant.starts_at - timedelta(minutes=29)):
        worker()
    assert _again(grant).state == GrantState.SET
    assert keypad.press(shown.code)
    with clock.frozen(grant.ends_at):
        worker()
        worker()
    assert not keypad.press(shown.code)
    assert _again(grant).state == GrantState.LAPSED and not _again(grant).sealed_code


def test_a_cancelled_booking_leaves_no_code(keypad):
    booking, grant = confirmed(_door(DriverKind.ZIGBEE))
    with clock.frozen(grant.starts_at - timedelta(minutes=20)):
        worker()
        code = sealing.code_of(_again(grant))
        assert keypad.press(code)
        cancel(booking, "", side=Side.OCCUPANT, actor=manager_of(booking.place))
        worker()  # its news was lost: the code is asked for again, and is no longer deserved
        tasks.sweep(timestamp=0)
        worker()
    assert not keypad.press(code)


def test_a_lock_that_does_not_acknowledge_is_asked_again(keypad, settings, monkeypatch):
    _, grant = confirmed(_door(DriverKind.ZIGBEE))
    monkeypatch.setattr("preau.access.drivers.TASK_SECONDS", 0.3)
    at = grant.starts_at - timedelta(minutes=29)
    keypad.set(deaf=True)
    with clock.frozen(at):
        worker()
        again = _again(grant)
        assert again.state == GrantState.WANTED and again.trouble == "La serrure ne répond pas."
        assert showing.shown(again).how == "fallback"
        assert again.alerted_at is not None
    # A lock out of reach is not a broker that is down.
    assert ServiceState.objects.get(service="zigbee2mqtt").failures == 0
    keypad.set(deaf=False)
    with clock.frozen(at + timedelta(minutes=2)):
        worker()
    assert _again(grant).state == GrantState.SET and len(keypad.codes) == 1


def test_each_user_of_the_broker_has_its_topics_alone(keypad):
    stranger = zigbee2mqtt.Broker(keypad.url, "autre", "o")
    with pytest.raises(Unauthorized):
        stranger.set_code("porte", 7, "482913")
    with pytest.raises(Unauthorized):
        zigbee2mqtt.Broker(keypad.url, "mairie", "faux").state("porte")
    keypad.set(online=False)
    with pytest.raises(Offline):
        zigbee2mqtt.Broker(keypad.url, "mairie", "secret", timeout=0.3).state("porte")
    assert keypad.codes == {}


def test_essayer_tells_the_pile_and_says_when_it_does_not_answer(keypad, monkeypatch):
    door = _door(DriverKind.ZIGBEE)
    assert door_actions.look(door).battery == 87
    keypad.set(online=False)
    assert not door_actions.look(door).answers
    assert door.trouble.startswith("La serrure ne répond pas") and door.battery == 87


def test_nuki_has_it_once_it_is_seen_there(makers):
    booking, grant = confirmed(_door(DriverKind.NUKI))
    worker()
    assert _again(grant).state == GrantState.WANTED
    makers["nuki"].set(deliver=True)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        worker()
    assert _again(grant).state == GrantState.SET
    [held] = makers["nuki"].state["auths"]
    assert str(held["code"]) == sealing.code_of(_again(grant))
    assert held["name"] == grant.remote_name
    cancel(booking, "", side=Side.OCCUPANT, actor=manager_of(booking.place))
    for minutes in (2, 4, 40):
        with clock.frozen(clock.now() + timedelta(minutes=minutes)):
            reconcile(booking.occupancy_id)
            AccessGrant.objects.filter(state__in=DUE).update(next_try=clock.now())
            worker()
            makers["nuki"].set(deliver=True)
    assert makers["nuki"].state["auths"] == []
    assert _again(grant).state == GrantState.REVOKED


def test_ttlock_is_written_moved_and_erased_through_its_gateway(makers):
    _, grant = confirmed(_door(DriverKind.TTLOCK))
    makers["ttlock"].trouble("lost")  # signing in is lost; the next try goes
    worker()
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        worker()
    assert _again(grant).state == GrantState.SET
    assert sealing.session_of(_again(grant).door.account)["access"].startswith("access-")
    with clock.frozen(grant.ends_at + timedelta(minutes=1)):
        worker()
        worker()
    assert makers["ttlock"].state["codes"] == []
    assert _again(grant).state == GrantState.LAPSED


@pytest.mark.parametrize("kind", [DriverKind.TTLOCK_ALONE, DriverKind.IGLOOHOME])
def test_what_cannot_be_taken_back_is_said(makers, kind):
    booking, grant = confirmed(_door(kind), hours=20)
    assert (grant.starts_at.minute, grant.ends_at.minute) == (0, 0)
    worker()
    grant = _again(grant)
    assert grant.state == GrantState.SET and len(sealing.code_of(grant)) >= 6
    [shown] = read([grant])
    assert shown.how == "code"
    cancel(booking, "", side=Side.OCCUPANT, actor=manager_of(booking.place))
    reconcile(booking.occupancy_id)
    assert _again(grant).state == GrantState.LINGERING
    titles = set(Notification.objects.values_list("title", flat=True))
    assert any(title.startswith("Un code annulé ouvre encore") for title in titles)
    assert any(title.startswith("Votre code d’accès n’est plus valable") for title in titles)


def test_a_code_that_nobody_read_is_simply_dropped(makers):
    booking, grant = confirmed(_door(DriverKind.IGLOOHOME), hours=20)
    worker()
    cancel(booking, "", side=Side.OCCUPANT, actor=manager_of(booking.place))
    reconcile(booking.occupancy_id)
    assert _again(grant).state == GrantState.REVOKED


def test_a_service_that_is_down_leaves_the_other_way_in(makers):
    _, grant = confirmed(_door(DriverKind.NUKI), hours=2)
    makers["nuki"].trouble("500", 50)
    for minutes in range(6):
        with clock.frozen(clock.now() + timedelta(minutes=2 * minutes)):
            worker()
    assert showing.shown(_again(grant)).how == "fallback"
    state = ServiceState.objects.get(service="nuki")
    assert state.failures >= 4 and state.paused_until is not None
    alert = Notification.objects.filter(title__startswith="Une serrure ne répond pas")
    assert alert.exists() and "Il reste" in alert[0].body


def test_a_lock_that_is_full_gives_the_other_way_in(makers):
    makers["ttlock"].set(most=0)
    booking, _ = confirmed(_door(DriverKind.TTLOCK))
    worker()
    live = AccessGrant.objects.get(occupancy=booking.occupancy, state=GrantState.FALLBACK)
    assert live.trouble == "La serrure n’a plus de place pour un code."
    makers["ttlock"].set(most=250)
    door_actions.retry(actor=manager_of(booking.place), grant=live)
    worker()
    assert _again(live).state == GrantState.SET
