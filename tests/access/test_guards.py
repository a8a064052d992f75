"""What keeps a code off a lock, each guard on its own."""

from datetime import timedelta

import pytest

from preau.access.actions import acting, doors, reconcile
from preau.access.actions.doors import Typed
from preau.access.actions.reconciling import close_windows
from preau.access.enums import DriverKind, GrantState
from preau.access.models import AccessGrant
from preau.booking.actions.requests import cancel
from preau.booking.enums import Side
from preau.core import clock
from preau.core.errors import Refusal
from preau.notifications.models import Notification
from tests.access.factories import DoorFactory, confirmed, manager_of
from tests.access.simulated import Lock, plugged

pytestmark = pytest.mark.django_db


@pytest.fixture
def lock(monkeypatch):
    return plugged(monkeypatch, Lock(DriverKind.ZIGBEE))


def _door(**fields):
    return DoorFactory(driver=DriverKind.ZIGBEE, **fields)


def _again(grant):
    return AccessGrant.objects.select_related("door__place").get(pk=grant.pk)


def _cancel(booking):
    cancel(booking, "", side=Side.OCCUPANT, actor=manager_of(booking.place))


def test_what_is_no_longer_deserved_is_not_put_though_the_news_is_lost(lock):
    booking, grant = confirmed(_door(), hours=2)
    with clock.frozen(grant.starts_at - timedelta(minutes=20)):
        _cancel(booking)  # its task never runs
        acting.act(grant.pk)
    assert lock.calls == 0
    assert _again(grant).state == GrantState.REVOKED


def test_nobody_else_speaks_to_the_lock_while_a_worker_does(lock, monkeypatch):
    booking, grant = confirmed(_door(), hours=2)
    told, real = [], Lock.put

    def slow(self, wanted):
        """Cancelled, and taken up by a second worker, before the lock has answered the first."""
        _cancel(booking)
        reconcile(booking.occupancy_id)
        told.append("put")
        acting.act(grant.pk)
        done = real(self, wanted)
        told.append("has it")
        return done

    def remove(self, wanted):
        told.append("remove")
        self.codes.pop(wanted.slot, None)
        return True

    monkeypatch.setattr(Lock, "put", slow)
    monkeypatch.setattr(Lock, "remove", remove)
    with clock.frozen(grant.starts_at - timedelta(minutes=20)):
        acting.act(grant.pk)
        acting.act(grant.pk)
    assert told == ["put", "has it", "remove"] and not lock.codes


@pytest.mark.parametrize("kind", [DriverKind.ZIGBEE, DriverKind.MANUAL])
def test_a_code_lasts_as_long_as_its_margin(lock, kind):
    booking, grant = confirmed(DoorFactory(driver=kind), hours=2)
    with clock.frozen(grant.starts_at + timedelta(minutes=5)):
        acting.act(grant.pk)
        AccessGrant.objects.filter(pk=grant.pk).update(shown_at=clock.now())
    with clock.frozen(booking.ends_at + timedelta(minutes=7)):
        reconcile(booking.occupancy_id)
    assert _again(grant).state == GrantState.SET
    assert not Notification.objects.filter(title__startswith="Changez le code").exists()
    with clock.frozen(booking.ends_at + timedelta(hours=3)):
        close_windows()
        acting.act(grant.pk)
        reconcile(booking.occupancy_id)
    assert AccessGrant.objects.filter(occupancy=booking.occupancy).count() == 1


def test_tried_again_early_it_still_waits_for_its_moment(lock):
    booking, grant = confirmed(_door(), hours=100)
    doors.retry(actor=manager_of(booking.place), grant=grant)
    acting.act(grant.pk)
    assert lock.calls == 0
    assert _again(grant).next_try == grant.starts_at - timedelta(minutes=30)


def test_a_slot_of_a_retired_door_is_not_taken_by_the_next_on_that_lock(lock):
    old = _door(remote_id="porte")
    booking, grant = confirmed(old, hours=2)
    with clock.frozen(grant.starts_at - timedelta(minutes=20)):
        acting.act(grant.pk)
        doors.retire_door(actor=manager_of(old.place), door=old)
        reconcile(booking.occupancy_id)
        new = _door(place=old.place, account=old.account, remote_id="porte")
        reconcile(booking.occupancy_id)
        other = AccessGrant.objects.get(door=new)
        acting.act(other.pk)
        acting.act(grant.pk)
    assert _again(other).slot != _again(grant).slot
    assert list(lock.codes) == [_again(other).slot]


def test_a_door_keeps_its_lock_while_codes_are_on_it(lock):
    door = _door(remote_id="porte")
    booking, grant = confirmed(door, hours=2)
    typed = Typed({"remote_id": "autre"}, [])
    with clock.frozen(grant.starts_at - timedelta(minutes=20)):
        acting.act(grant.pk)
        with pytest.raises(Refusal):
            doors.edit_door(actor=manager_of(booking.place), door=door, typed=typed)


def test_what_is_still_on_its_way_to_the_lock_is_waited_for(monkeypatch):
    """Nuki lists a code once its lock has it: not there yet is not gone."""
    queue = plugged(monkeypatch, Lock(DriverKind.NUKI))
    booking, grant = confirmed(DoorFactory(driver=DriverKind.NUKI), hours=2)
    acting.act(grant.pk)
    _cancel(booking)
    reconcile(booking.occupancy_id)
    acting.act(grant.pk)
    assert _again(grant).state == GrantState.REVOKING and not queue.codes
    queue.deliver()
    for minutes in (2, 4, 25):
        with clock.frozen(clock.now() + timedelta(minutes=minutes)):
            acting.act(grant.pk)
            queue.deliver()
    assert _again(grant).state == GrantState.REVOKED and not queue.codes
