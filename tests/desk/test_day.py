"""The caretaker's sheet: any day, who comes, what is missing, who did not come."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.booking.enums import DateState
from preau.booking.models import BookingDate
from preau.core import clock
from tests.accounts.factories import UserFactory, sign_in
from tests.booking.factories import details, people
from tests.desk.factories import inventory, signed
from tests.places.factories import PlaceRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return people(name="Salle Olympe-de-Gouges")


@pytest.fixture
def caretaker(client, here):
    return sign_in(client, PlaceRoleFactory(place=here.space.place).user)


def text(response):
    return response.content.decode()


def sheet(client, here, one):
    day = one.period.start.astimezone(here.space.place.zone).date()
    return text(
        client.get(reverse("desk:day", args=[here.space.place_id]), {"jour": day.isoformat()})
    )


def test_it_says_who_when_where_whom_to_call_and_what_is_missing(caretaker, here):
    one = here.book(confirmed=True, typed=details(remarks="Quatre tables", contact_phone=""))
    page = sheet(caretaker, here, one)
    for words in ("Salle Olympe-de-Gouges", "Quatre tables", "Il manque le téléphone", "à faire"):
        assert words in page
    signed(inventory(here, one), here)
    assert "signé par les deux" in sheet(caretaker, here, one)


def test_an_absence_is_noted_once_it_has_begun(caretaker, here):
    one = here.book(confirmed=True)
    note = reverse("desk:no_show", args=[one.occupancy_id])
    assert "Personne n’est venu" not in sheet(caretaker, here, one)
    caretaker.post(note)
    assert BookingDate.objects.get().state == DateState.PLANNED
    with clock.frozen(one.period.start + timedelta(minutes=30)):
        assert "Personne n’est venu" in sheet(caretaker, here, one)
        page = text(caretaker.post(note, follow=True))
        assert "C’est noté" in page
    assert BookingDate.objects.get().state == DateState.NO_SHOW


def test_a_stranger_and_the_occupant_note_nothing(client, here):
    one = here.book(confirmed=True)
    for user in (here.occupant.user, UserFactory()):
        sign_in(client, user)
        assert client.post(reverse("desk:no_show", args=[one.occupancy_id])).status_code == 403


def test_the_sheet_costs_the_same_however_full(caretaker, here):
    one = here.book(confirmed=True, start=8, end=9)
    costs = []
    for hours in ((), range(9, 16)):
        for hour in hours:
            here.book(confirmed=True, start=hour, end=hour + 1)
        with CaptureQueriesContext(connection) as queries:
            sheet(caretaker, here, one)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_caretaker_finds_the_day_on_the_home_page(caretaker, here):
    assert "Personne n’est attendu aujourd’hui" in text(caretaker.get("/"))
    one = here.book(confirmed=True)
    with clock.frozen(one.period.start - timedelta(minutes=5)):
        page = text(caretaker.get("/"))
    assert "1\u00a0occupation aujourd’hui" in page
    assert str(here.space) in page
