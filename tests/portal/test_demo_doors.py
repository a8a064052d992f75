"""What the demonstration joins to stand-ins: only where they answer, never to a true service."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.access.actions import reconcile
from preau.access.enums import DriverKind, GrantState
from preau.access.models import AccessGrant, Door, LockAccount
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.booking.models import Booking
from preau.calendars.actions.following import address_of
from preau.calendars.models import OutsideCalendar
from preau.core import clock
from preau.places.enums import SpaceKind
from preau.portal.demo import connected
from preau.portal.demo.doors import DAYTIME, LOCKS, create_doors
from preau.resources import mirror
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.booking.factories import bookable_space
from tests.places.factories import SpaceFactory

pytestmark = pytest.mark.django_db
HERE = "http://127.0.0.1:9"


@pytest.fixture
def stand_ins(settings):
    for lock in LOCKS:
        setattr(settings, lock.setting, HERE)
    settings.DEMO_CALENDARS_URL = HERE


@pytest.fixture
def town():
    agent = MembershipFactory(
        organization=OrganizationFactory(verified=True), role=MembershipRole.ADMINISTRATOR
    )
    for lock in LOCKS:
        bookable_space(place__owner=agent.organization, place__kind=lock.place)
    return agent


def _create(town):
    rose = MembershipFactory(organization=town.organization, role=MembershipRole.CARETAKER).user
    tenant = MembershipFactory(organization=OrganizationFactory(verified=True))
    create_doors(town.organization, Actor(town.user, town), rose, Actor(tenant.user, tenant))
    return rose, tenant


def test_a_door_of_each_kind_where_its_stand_in_answers(stand_ins, town):
    rose, tenant = _create(town)
    assert set(Door.objects.values_list("driver", flat=True)) == {lock.kind for lock in LOCKS}
    standing = AccessGrant.objects.get(holder_user=rose)
    assert standing.is_standing and standing.door.driver == DriverKind.ZIGBEE
    booking = Booking.objects.get()
    reconcile(booking.occupancy_id)
    coming = AccessGrant.objects.get(holder_organization=tenant.organization)
    assert coming.state == GrantState.WANTED and coming.door.driver == DriverKind.NUKI
    assert coming.shown_from <= clock.now() < coming.starts_at
    start = coming.occupancy.span.start.astimezone(coming.door.place.zone)
    assert start.hour in DAYTIME


def test_true_services_are_left_alone(town):
    _create(town)
    assert not LockAccount.objects.exists() and not AccessGrant.objects.exists()
    connected._follow_calendar(town.organization, Actor(town.user, town))
    assert not OutsideCalendar.objects.exists()
    connected.read_aids()
    assert not ProcrastinateJob.objects.filter(task_name=mirror.READ_NOW).exists()


def test_a_calendar_is_followed_where_it_is_published(stand_ins, town):
    room = SpaceFactory(place__owner=town.organization, kind=SpaceKind.SALLE_REUNION)
    connected._follow_calendar(town.organization, Actor(town.user, town))
    [followed] = OutsideCalendar.objects.all()
    assert followed.space == room
    assert address_of(followed) == f"{HERE}/theatre.ics"
