"""Codes taken back when nobody would: by hand, from who left, from a lock that has no more."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from preau.access import cards, drivers, sealing
from preau.access.actions import acting, announcing, doors, reconcile
from preau.access.enums import DriverKind, GrantState
from preau.access.models import AccessGrant, LockAccount
from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.booking.actions.requests import cancel
from preau.booking.enums import Side
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.models import AuditEvent
from preau.integrations import ttlock
from preau.integrations.locks import Capabilities
from preau.notifications.models import Notification
from tests.access.factories import DoorFactory, LockAccountFactory, confirmed, manager_of
from tests.access.simulated import Lock, plugged
from tests.accounts.factories import MembershipFactory, sign_in

pytestmark = pytest.mark.django_db


def _again(grant):
    return AccessGrant.objects.select_related("door__place").get(pk=grant.pk)


def _dead(monkeypatch):
    """A code on a Zigbee lock that has died, cancelled since; who runs the place."""
    lock = plugged(monkeypatch, Lock(DriverKind.ZIGBEE))
    booking, grant = confirmed(DoorFactory(driver=DriverKind.ZIGBEE), hours=2)
    manager = manager_of(booking.place)
    with clock.frozen(grant.starts_at - timedelta(minutes=20)):
        acting.act(grant.pk)
        cancel(booking, "", side=Side.OCCUPANT, actor=manager)
        reconcile(booking.occupancy_id)
        lock.faults = ["offline"] * 10
        acting.act(grant.pk)
    return manager, grant, lock


def test_a_code_of_a_dead_lock_is_taken_off_by_hand(client, monkeypatch):
    manager, grant, lock = _dead(monkeypatch)
    assert _again(grant).state == GrantState.REVOKING and _again(grant).trouble
    sign_in(client, manager.user, manager.membership)
    page = reverse("access:door", args=[grant.door_id])
    assert "Retiré sur place" in client.get(page).content.decode()
    calls, slot = lock.calls, _again(grant).slot
    client.post(reverse("access:removed", args=[grant.pk]))
    acting.act(grant.pk)
    assert slot and _again(grant).state == GrantState.REVOKED and _again(grant).slot is None
    assert lock.calls == calls
    noted = AuditEvent.objects.get(verb="access.removed_by_hand")
    assert noted.user_id == manager.user_id
    assert "Retiré sur place" not in client.get(page).content.decode()


def test_a_code_that_works_is_not_taken_off_by_hand():
    booking, grant = confirmed(DoorFactory())
    with pytest.raises(Refusal):
        doors.removed_by_hand(actor=manager_of(booking.place), grant=grant)


@pytest.mark.parametrize("kind", [DriverKind.NUKI, DriverKind.MANUAL])
def test_who_has_left_the_organisation_keeps_no_digits(kind, monkeypatch):
    plugged(monkeypatch, Lock(kind))
    booking, grant = confirmed(DoorFactory(driver=kind))
    member = MembershipFactory(user=booking.requester)
    booking.organization = member.organization
    booking.save()
    reconcile(booking.occupancy_id)
    assert AccessGrant.objects.get().holder_organization_id == member.organization_id
    AccessGrant.objects.update(shown_at=clock.now(), asked_at=clock.now())
    Membership.objects.filter(pk=member.pk).update(ended_at=clock.now())
    reconcile(booking.occupancy_id)
    gone = GrantState.LINGERING if kind == DriverKind.MANUAL else GrantState.REVOKING
    assert _again(grant).state == gone
    other = AccessGrant.objects.exclude(pk=grant.pk).get()
    assert (other.holder_user_id, other.holder_organization_id) == (None, member.organization_id)
    reconcile(booking.occupancy_id)
    assert AccessGrant.objects.count() == 2


def test_a_lock_without_a_code_left_stops_nobody(monkeypatch):
    lock = plugged(monkeypatch, Lock(DriverKind.ZIGBEE))
    _, full = confirmed(DoorFactory(driver=DriverKind.ZIGBEE, remote_id="pleine"), hours=3)
    _, other = confirmed(DoorFactory(driver=DriverKind.ZIGBEE), hours=3)
    draw = Capabilities.draw

    def exhausted(self, taken=(), **said):
        if not drawn:
            drawn.append(1)
            raise ValueError("no code left")
        return draw(self, taken, **said)

    drawn = []
    monkeypatch.setattr(Capabilities, "draw", exhausted)
    announcing.announce_due()
    assert _again(other).announced_at is not None and sealing.code_of(_again(other))
    drawn.clear()
    with clock.frozen(full.starts_at - timedelta(minutes=20)):
        doors.retry(actor=manager_of(full.door.place), grant=_stuck(full))
        acting.act(_wanted(full).pk)
    assert "plus de code libre" in _stuck(full).trouble and lock.calls == 0
    titles = Notification.objects.values_list("title", flat=True)
    assert any(title.startswith("Un code ne peut pas être posé") for title in titles)


def _stuck(grant):
    return AccessGrant.objects.get(occupancy=grant.occupancy, state=GrantState.FALLBACK)


def _wanted(grant):
    return AccessGrant.objects.get(occupancy=grant.occupancy, state=GrantState.WANTED)


def test_an_answer_that_comes_after_the_lease_changes_nothing(monkeypatch):
    lock = plugged(monkeypatch, Lock(DriverKind.ZIGBEE))
    _, grant = confirmed(DoorFactory(driver=DriverKind.ZIGBEE), hours=2)
    at = grant.starts_at - timedelta(minutes=20)

    def slow():
        """The lease ends; another worker takes the code up, and is still at it."""
        lock.meanwhile = None
        with clock.frozen(at + acting.LEASE + timedelta(seconds=1)):
            held.append(acting._claimed(grant.pk))

    held, lock.meanwhile = [], slow
    with clock.frozen(at):
        acting.act(grant.pk)
    assert held[0] is not None
    assert _again(grant).state == GrantState.WANTED
    assert _again(grant).leased_until == held[0].lease


def test_a_session_of_credentials_replaced_meanwhile_is_not_kept(monkeypatch):
    account = LockAccountFactory(driver=DriverKind.TTLOCK)
    door = DoorFactory(driver=DriverKind.TTLOCK, account=account, remote_id="21")
    maker = drivers._made(account, door.remote_id, False, 1.0)
    spoken = next(maker)
    fresh = LockAccount.objects.get(pk=account.pk)
    sealing.keep_credentials(fresh, sealing.credentials_of(fresh) | {"username": "autre"})
    fresh.save()
    session = spoken.client._session
    session.token = ttlock.Token("access-1", "refresh-1", 0.0)
    maker.close()
    fresh.refresh_from_db()
    assert fresh.sealed_session == "" and sealing.credentials_of(fresh)["username"] == "autre"


def test_credentials_that_cannot_be_read_are_typed_again(client):
    account = LockAccountFactory(sealed_credentials="illisible")
    row = MembershipFactory(organization=account.organization, role="administrateur")
    sign_in(client, row.user, row)
    page = reverse("access:account", args=[account.pk])
    said = client.post(page, {"name": "Compte", "token": ""})
    assert said.status_code == 200 and "saisissez-les tous" in said.content.decode()
    client.post(page, {"name": "Compte", "token": "nouveau"})
    account.refresh_from_db()
    assert sealing.credentials_of(account) == {"token": "nouveau"}


def test_the_right_is_asked_for_each_code():
    booking, grant = confirmed(DoorFactory())
    with clock.frozen(grant.shown_from + timedelta(minutes=1)):
        other = DoorFactory(place=grant.door.place, name="Autre porte")
        reconcile(booking.occupancy_id)
        AccessGrant.objects.filter(door=other).update(holder_user=manager_of(grant.door.place).user)
        request = RequestFactory().get("/")
        request.actor = Actor(booking.requester)
        panel = cards.panel_of(request, [booking.occupancy_id])
    assert [one.grant.door_id for one in panel.context["shown"]] == [grant.door_id]
