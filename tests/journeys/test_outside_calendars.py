"""A clerk lets the music school's diary take time in a hall; a booking in its way is listed."""

from datetime import timedelta

import httpx
import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.availability.models import Occupancy
from preau.calendars.models import OutsideCalendar
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from tests.accounts.factories import MembershipFactory
from tests.booking.factories import bookable_space, booking
from tests.calendars.factories import event, written
from tests.integrations.misbehaving import running
from tests.journeys import towns
from tests.journeys.steps import follow, look, press, reads, tick

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def publisher():
    with running("fakes.ics") as address:
        yield address


def evening(space, days):
    day = clock.today(space.place.zone) + timedelta(days=days)
    return Period(
        local_instant(day, 18 * 60, space.place.zone), local_instant(day, 20 * 60, space.place.zone)
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_an_outside_calendar_takes_time(open_visitor, publisher, settings, tmp_path, javascript):
    settings.MEDIA_ROOT = tmp_path / "files"
    towns.empty_queue()
    space = bookable_space()
    taken = booking(space, confirmed=True, days=10)
    free, clash = evening(space, 12), taken.period
    address = f"{publisher}/ecole.ics"
    events = [
        event("a", free.start, free.end, label="Éveil musical"),
        event("b", clash.start, clash.end, label="Orchestre"),
    ]
    httpx.put(address, content=written(*events).encode())
    clerk = open_visitor(javascript=javascript)
    member = MembershipFactory(organization=space.place.owner, role=MembershipRole.MANAGER)
    clerk.sign_in(member.user, member)
    clerk.go(reverse("places:detail", args=[space.place_id]))
    clerk.unfold()
    follow(clerk, "Suivre un agenda extérieur")
    clerk.fill("Nom de l’agenda", "École de musique")
    clerk.fill("Adresse de l’agenda", "agenda de l’école")
    press(clerk, "Suivre cet agenda")
    assert reads(clerk, "Collez l’adresse de l’agenda")
    clerk.fill("Adresse de l’agenda", address)
    press(clerk, "Suivre cet agenda")
    towns.worker()
    clerk.go(reverse("calendars:show", args=[OutsideCalendar.objects.get().key]))
    look(clerk)
    assert reads(clerk, "1 événement en conflit")
    assert reads(clerk, taken.reference)
    assert Occupancy.objects.filter(label="Éveil musical", released_at=None).exists()
    follow(clerk, "Ne plus suivre cet agenda")
    tick(clerk, "Les libérer : ils redeviennent réservables")
    press(clerk, "Ne plus suivre")
    assert reads(clerk, "Aucun agenda suivi")
    assert not Occupancy.objects.filter(label="Éveil musical", released_at=None).exists()
