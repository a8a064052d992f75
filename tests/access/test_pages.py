"""The pages of doors and codes: who sees the digits, when, and what is said when it goes wrong."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from preau.access import sealing
from preau.access.actions import caretakers, doors, reconcile
from preau.access.actions.reconciling import reconcile_caretaker
from preau.access.enums import DriverKind, GrantState
from preau.access.models import AccessGrant, Door, LockAccount
from preau.accounts.enums import MembershipRole
from preau.booking import calendars
from preau.core import clock, formats
from preau.core.errors import Refusal
from preau.core.models import AuditEvent
from preau.notifications.models import Email
from preau.places.models import PlaceRole
from tests.access.factories import DoorFactory, confirmed, manager_of, worker
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.places.factories import PlaceFactory, PlaceRoleFactory, SpaceFactory

pytestmark = pytest.mark.django_db


def _enter(client, actor):
    sign_in(client, actor.user, actor.membership)


def _page(client, booking):
    return client.get(reverse("booking:page", args=[booking.reference])).content.decode()


def test_the_occupant_reads_the_code_from_the_day_before(client):
    user = UserFactory()
    booking, grant = confirmed(DoorFactory(box_code="839174"), user=user)
    sign_in(client, user)
    before = _page(client, booking)
    assert "839174" not in before and "s’affichera ici à partir du" in before
    assert "Entrer dans le lieu" not in client.get("/").content.decode()
    with clock.frozen(grant.shown_from + timedelta(minutes=1)):
        home = client.get("/").content.decode()
        assert "Entrer dans le lieu" in home and "839174" not in home
        assert "839174" in _page(client, booking)
        assert "839174" in client.get(reverse("access:mine")).content.decode()
        one = client.get(reverse("access:mine_one", args=[grant.pk]))
        assert "839174" in one.content.decode() and "no-store" in one["Cache-Control"]
    assert AccessGrant.objects.get().shown_at is not None


def test_who_runs_the_place_sees_it_on_a_click_that_is_noted(client):
    booking, grant = confirmed(DoorFactory(box_code="839174"))
    manager = manager_of(booking.place)
    _enter(client, manager)
    with clock.frozen(grant.shown_from + timedelta(minutes=1)):
        for page in (
            reverse("booking:page", args=[booking.reference]),
            reverse("access:door", args=[grant.door_id]),
            reverse("access:doors", args=[booking.place_id]),
        ):
            assert "839174" not in client.get(page).content.decode()
        said = client.post(reverse("access:reveal", args=[grant.pk]))
        assert "839174" in said.content.decode()
    assert AuditEvent.objects.filter(verb="access.revealed", user_id=manager.user_id).count() == 1


def test_digits_are_nowhere_else(client, caplog):
    booking, grant = confirmed(DoorFactory(box_code="839174"))
    with clock.frozen(grant.shown_from + timedelta(minutes=1)):
        worker()
        calendar, _ = calendars.file_of(booking)
    written = calendar + caplog.text + repr(grant) + str(grant.__dict__)
    for mail in Email.objects.all():
        written += mail.subject + mail.text + mail.html + mail.calendar
    for event in AuditEvent.objects.all():
        written += json.dumps(event.data) + event.reason
    assert "839174" not in written
    assert any("Votre code d’accès est prêt" in mail.subject for mail in Email.objects.all())


def test_a_manager_adds_a_lock_from_nothing(client):
    place = PlaceFactory()
    hall = SpaceFactory(place=place)
    _enter(client, manager_of(place))
    asked = client.get(reverse("access:door_add", args=[place.pk, DriverKind.NUKI]))
    assert asked["Location"] == reverse("access:account_add", args=[place.pk, "nuki"])
    client.post(asked["Location"], {"name": "Nuki", "token": "tres-secret"})
    account = LockAccount.objects.get()
    assert "tres-secret" not in account.sealed_credentials
    assert sealing.credentials_of(account) == {"token": "tres-secret"}
    page = client.get(reverse("access:account", args=[account.pk])).content.decode()
    assert "tres-secret" not in page
    typed = {"name": "Entrée", "account": account.pk, "remote_id": "abc", "spaces": [hall.pk]}
    typed |= {"minutes_before": 15, "minutes_after": 500, "fallback": "Mairie"}
    add = reverse("access:door_add", args=[place.pk, DriverKind.NUKI])
    wrong = client.post(add, typed).content.decode()
    assert "est un nombre" in wrong and "120" in wrong and not Door.objects.exists()
    client.post(add, typed | {"remote_id": "17", "minutes_after": 15})
    assert list(Door.objects.get().spaces.all()) == [hall]
    again = client.post(add, typed | {"remote_id": "17", "minutes_after": 15, "name": "Autre"})
    assert "déjà celle d’une autre porte" in again.content.decode()


def test_essayer_says_what_to_check_when_nothing_answers(client, settings):
    settings.NUKI_URL = "http://127.0.0.1:9"
    door = DoorFactory(driver=DriverKind.NUKI, remote_id="17")
    _enter(client, manager_of(door.place))
    page = client.post(reverse("access:door_test", args=[door.pk]), follow=True)
    assert "réessayez dans quelques minutes" in page.content.decode()


def test_another_organisation_s_account_is_refused(client):
    mine, theirs = DoorFactory(driver=DriverKind.NUKI), DoorFactory(driver=DriverKind.NUKI)
    typed = doors.Typed({"account": theirs.account}, [])
    with pytest.raises(Refusal):
        doors.edit_door(actor=manager_of(mine.place), door=mine, typed=typed)


def test_a_caretaker_s_code_ends_with_their_role(client):
    door = DoorFactory(driver=DriverKind.ZIGBEE)
    role = PlaceRoleFactory(place=door.place)
    grant = caretakers.give(actor=manager_of(door.place), door=door, user=role.user, period=None)
    assert grant.is_standing
    with pytest.raises(Refusal):
        caretakers.give(actor=manager_of(door.place), door=door, user=role.user, period=None)
    with pytest.raises(Refusal):
        caretakers.give(actor=manager_of(door.place), door=door, user=UserFactory(), period=None)
    PlaceRole.objects.all().delete()
    reconcile_caretaker(grant.pk)
    grant.refresh_from_db()
    assert grant.state == GrantState.REVOKED


def test_a_standing_code_is_pushed_further_before_its_end():
    door = DoorFactory(driver=DriverKind.NUKI)
    member = MembershipFactory(organization=door.place.owner, role=MembershipRole.CARETAKER)
    grant = caretakers.give(actor=manager_of(door.place), door=door, user=member.user, period=None)
    with clock.frozen(grant.ends_at - timedelta(days=20)):
        reconcile_caretaker(grant.pk)
    end = grant.ends_at
    grant.refresh_from_db()
    assert grant.ends_at > end + timedelta(days=300) and grant.state == GrantState.WANTED


def test_only_doors_that_lead_there_give_a_code():
    place = PlaceFactory()
    elsewhere = DoorFactory(place=place, name="Autre salle")
    elsewhere.spaces.add(SpaceFactory(place=place))
    booking, _ = confirmed(DoorFactory(place=place))
    assert AccessGrant.objects.filter(occupancy=booking.occupancy).count() == 1


def test_reconciling_twice_changes_nothing(django_assert_max_num_queries):
    booking, grant = confirmed(DoorFactory())
    with django_assert_max_num_queries(10):
        reconcile(booking.occupancy_id)
    assert AccessGrant.objects.get() == grant


def test_the_list_of_a_door_asks_the_same_whatever_its_codes(client, django_assert_max_num_queries):
    door = DoorFactory()
    for hours in (30, 40, 50):
        confirmed(door, hours=hours)
    _enter(client, manager_of(door.place))
    with django_assert_max_num_queries(22):
        client.get(reverse("access:door", args=[door.pk]))


def test_a_code_for_later_is_not_active_yet_and_leads_to_its_booking(client):
    user = UserFactory()
    booking, grant = confirmed(DoorFactory(), user=user, hours=40)
    _enter(client, manager_of(booking.place))
    url = reverse("access:door", args=[grant.door_id])
    assert "Prévu" in client.get(url).content.decode()
    with clock.frozen(grant.starts_at + timedelta(minutes=1)):
        page = client.get(url).content.decode()
    assert "Actif" in page and "Prévu" not in page
    sign_in(client, user)
    way = f'href="{reverse("booking:page", args=[booking.reference])}"'
    assert way in client.get(reverse("access:mine")).content.decode()
    assert way in client.get(reverse("access:mine_one", args=[grant.pk])).content.decode()


def test_a_code_being_taken_back_says_until_when_it_is_looked_at(client):
    booking, grant = confirmed(DoorFactory(driver=DriverKind.NUKI))
    asked = clock.now()
    AccessGrant.objects.filter(pk=grant.pk).update(
        state=GrantState.REVOKING, asked_at=asked, cancelled_at=asked, next_try=asked
    )
    _enter(client, manager_of(booking.place))
    url = reverse("access:door", args=[grant.door_id])
    until = formats.hour(formats.local(asked + timedelta(minutes=20), booking.place.zone))
    words = f"Retrait demandé à la serrure, vérification jusqu’à {until}."
    assert words in client.get(url).content.decode()
    with clock.frozen(asked + timedelta(minutes=21)):
        assert "vérifié de nouveau" in client.get(url).content.decode()
