"""Two coordinators publish one grid at the same instant; a booking races with a publication."""

from datetime import timedelta

import pytest

from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.timetables.actions import publishing
from preau.timetables.models import Hosting, Timetable
from tests.concurrency.race import race
from tests.timetables.factories import Territory

pytestmark = pytest.mark.django_db(transaction=True)


def composed():
    land = Territory()
    land.need()
    land.candidate()
    land.compose()
    return land


def live(land, kind=OccupancyKind.RESIDENCY):
    return Occupancy.objects.filter(space=land.space, kind=kind, released_at=None).count()


def test_two_who_publish_at_once_publish_once():
    land = composed()

    def publish(_):
        mine = Timetable.objects.select_related("organization").get(pk=land.timetable.pk)
        publishing.publish(mine, actor=land.actor)

    [outcome] = race([publish, publish])
    assert [type(one) for one in outcome.errors] == [Refusal]
    assert "vient de publier" in outcome.errors[0].sentence
    assert live(land) == 16
    assert Hosting.objects.count() == 1


def test_a_booking_and_a_publication_never_share_a_slot():
    land = composed()
    first = land.timetable.sessions.order_by("day", "start").first()
    zone = land.place.zone
    day = land.timetable.first_day + timedelta(days=first.day)
    slot = Period(local_instant(day, first.start, zone), local_instant(day, first.start + 60, zone))

    def publish(_):
        mine = Timetable.objects.select_related("organization").get(pk=land.timetable.pk)
        publishing.publish(mine, actor=land.actor)

    def book(_):
        occupy(land.space, slot, Use(OccupancyKind.BOOKING, "Danse"), actor=land.actor)

    [outcome] = race([publish, book])
    assert len(outcome.errors) == 1
    booked, held = live(land, OccupancyKind.BOOKING), live(land)
    assert (booked, held) in {(1, 0), (0, 16)}
    if booked:  # nothing half published
        assert isinstance(outcome.errors[0], Refusal)
        assert not Hosting.objects.exists()
        assert Timetable.objects.get().state == "proposee"
