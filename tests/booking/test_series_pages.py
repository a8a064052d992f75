"""The pages of a rhythm: from its rule to the request, then its dates."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.booking.enums import BookingState, DateState
from preau.booking.models import Booking
from preau.core import clock
from tests.accounts.factories import UserFactory, sign_in
from tests.availability.factories import open_space
from tests.booking.factories import people
from tests.booking.test_journey import TYPED
from tests.booking.test_series import asked, reloaded
from tests.booking.test_series_plan import first_day, take
from tests.places.factories import PlaceFactory, SpaceFactory

pytestmark = pytest.mark.django_db


def rhythm(space, weeks=6, **more):
    day = first_day(space)
    return {
        "rythme": "semaine",
        "premier": day.isoformat(),
        "jusquau": (day + timedelta(weeks=weeks - 1)).isoformat(),
        "de": "18:00",
        "a": "20:00",
        **more,
    }


@pytest.fixture
def rooms():
    place = PlaceFactory()
    found = [SpaceFactory(place=place, name=name) for name in ("Olympe", "Ida")]
    for one in found:
        open_space(one)
    return [reloaded(one) for one in found]


@pytest.fixture
def person(client):
    user = UserFactory()
    sign_in(client, user)
    return user


def start(space):
    return reverse("booking:series_start", args=[space.pk])


def free_days(plan):
    return [one.day.isoformat() for one in plan.free]


def test_from_the_rhythm_to_the_request_with_one_conflict_solved(client, rooms, person):
    space, _ = rooms
    take(space, first_day(space) + timedelta(weeks=2))
    assert client.get(start(space)).status_code == 200
    page = client.get(start(space), rhythm(space))
    plan = page.context["plan"]
    assert "5 dates libres sur 6" in " ".join(page.content.decode().split())
    assert not Booking.objects.exists()  # nothing is held by GET
    [conflict] = plan.conflicts
    chosen = {f"autre_{conflict.day:%Y%m%d}": conflict.others[0].key, "mode": "tout"}
    sent = rhythm(space) | chosen | {"gardees": free_days(plan)}
    response = client.post(start(space), sent)
    booking = Booking.objects.get()
    assert response.url == reverse("booking:details", args=[booking.reference])
    page = client.get(response.url).content.decode()
    assert "6\xa0dates" in page and "Ida" in page
    client.post(response.url, TYPED)
    recap = client.get(reverse("booking:recap", args=[booking.reference]))
    assert "6\xa0dates" in recap.content.decode()
    client.post(reverse("booking:recap", args=[booking.reference]), {"rules": "on"})
    booking.refresh_from_db()
    assert booking.state == BookingState.REQUESTED
    page = client.get(reverse("booking:page", args=[booking.reference])).content.decode()
    assert page.count("Annuler<span") == 6
    sent = client.get(reverse("booking:sent", args=[booking.reference])).content.decode()
    assert "chaque mardi" in sent
    assert "haque mardi" in client.get(reverse("booking:mine")).content.decode()


def test_all_or_nothing_refuses_what_has_no_solution(client, rooms, person):
    space, _ = rooms
    take(space, first_day(space))
    sent = rhythm(space) | {"mode": "tout", "gardees": []}
    page = client.post(start(space), sent)
    assert "reste sans solution" in page.content.decode()
    free = free_days(page.context["plan"])
    response = client.post(start(space), sent | {"mode": "libres", "gardees": free})
    booking = Booking.objects.get()
    assert response.status_code == 302
    assert booking.dates.count() == 5
    assert [one["why"] for one in booking.series.skipped] == ["pris"]


def test_a_date_taken_meanwhile_is_said_and_nothing_is_held(client, rooms, person):
    space, _ = rooms
    free = free_days(client.get(start(space), rhythm(space)).context["plan"])
    take(space, first_day(space))
    page = client.post(start(space), rhythm(space) | {"mode": "libres", "gardees": free})
    assert page.status_code == 200
    assert "vient d’être prise" in page.content.decode()
    assert not Booking.objects.exists()


def test_a_date_not_wanted_is_left_out_and_remembered(client, rooms, person):
    space, _ = rooms
    free = free_days(client.get(start(space), rhythm(space)).context["plan"])
    client.post(start(space), rhythm(space) | {"gardees": free[1:]})
    booking = Booking.objects.get()
    assert booking.dates.count() == 5
    assert booking.series.skipped == [{"day": free[0], "why": "choix", "name": ""}]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"premier": "2020-01-01"}, "premier"),
        ({"jusquau": "2020-01-01"}, "jusquau"),
        ({"jusquau": "2999-01-01"}, "jusquau"),
        ({"de": "18:07"}, "de"),
        ({"a": ""}, "a"),
        ({"rythme": "an"}, "rythme"),
    ],
)
def test_mistakes_are_said_on_their_field(client, rooms, wrong, field):
    space, _ = rooms
    page = client.get(start(space), rhythm(space) | wrong)
    assert page.status_code == 200
    assert field in page.context["form"].errors


def test_a_rhythm_of_too_many_dates_is_said(client, rooms):
    space, _ = rooms
    page = client.get(start(space), rhythm(space, weeks=110))
    assert page.context["plan"] is not None
    assert client.post(start(space), {}).status_code == 200


def test_changing_the_dates_gives_them_back_and_keeps_the_rhythm(client, rooms, person):
    space, _ = rooms
    free = free_days(client.get(start(space), rhythm(space)).context["plan"])
    client.post(start(space), rhythm(space) | {"gardees": free})
    booking = Booking.objects.get()
    response = client.post(reverse("booking:series_change", args=[booking.reference]))
    booking.refresh_from_db()
    assert booking.state == BookingState.LAPSED
    assert len(client.get(response.url).context["plan"].free) == 6


def test_a_series_that_lapsed_is_held_again_in_one_click(client, rooms, person, monkeypatch):
    space, _ = rooms
    free = free_days(client.get(start(space), rhythm(space)).context["plan"])
    client.post(start(space), rhythm(space) | {"gardees": free})
    booking = Booking.objects.get()
    later = clock.now() + timedelta(minutes=20)
    monkeypatch.setattr(clock, "now", lambda: later)
    take(space, first_day(space) + timedelta(days=1))
    page = client.get(reverse("booking:details", args=[booking.reference]))
    assert "Retenir de nouveau ces dates" in page.content.decode()
    client.post(reverse("booking:again", args=[booking.reference]))
    booking.refresh_from_db()
    assert booking.state == BookingState.HELD
    evenlater = later + timedelta(minutes=20)
    monkeypatch.setattr(clock, "now", lambda: evenlater)
    take(space, first_day(space))
    page = client.get(reverse("booking:details", args=[booking.reference]))
    assert "Revoir les dates" in page.content.decode()


# --- Once asked for


def test_the_occupant_gives_back_this_date_and_the_following(client):
    who = people()
    booking = asked(who)
    sign_in(client, who.occupant.user)
    rows = list(booking.dates.all())
    url = reverse("booking:date_cancel", args=[rows[3].pk])
    page = client.get(url).content.decode()
    assert "toutes les suivantes (3\xa0dates)" in page
    assert client.get(url).status_code == 200
    client.post(url, {"portee": "suivantes", "reason": ""})
    states = [one.state for one in booking.dates.all()]
    assert states == [DateState.PLANNED] * 3 + [DateState.CANCELLED] * 3


def test_the_manager_says_why_moves_one_and_changes_the_hours(client):
    who = people()
    other = SpaceFactory(place=who.space.place, name="Ida")
    open_space(other)
    booking = asked(who)
    sign_in(client, who.manager.user, who.manager.membership)
    rows = list(booking.dates.all())
    url = reverse("booking:date_cancel_as_manager", args=[rows[5].pk])
    assert "quelques mots" in client.post(url, {"portee": "date", "reason": ""}).content.decode()
    client.post(url, {"portee": "date", "reason": "Travaux"})
    zone = who.space.place.zone
    day = rows[1].period.start.astimezone(zone).date()
    moved = {"day": day.isoformat(), "start": "10:00", "end": "12:00", "space": str(other.pk)}
    client.post(reverse("booking:date_move", args=[rows[1].pk]), moved | {"reason": "Élections"})
    hours = reverse("booking:dates_hours", args=[rows[2].pk])
    page = client.get(hours, {"de": "19:00", "a": "21:00"})
    assert len(page.context["moves"]) == 3
    client.post(hours, {"de": "19:00", "a": "21:00", "reason": "Cours"})
    found = [
        (f"{one.period.start.astimezone(zone):%H}", one.occupancy.space.name, one.state)
        for one in booking.dates.select_related("occupancy__space").order_by("id")
    ]
    name = who.space.name
    assert found == [
        ("18", name, "prevue"),
        ("10", "Ida", "prevue"),
        ("19", name, "prevue"),
        ("19", name, "prevue"),
        ("19", name, "prevue"),
        ("18", name, "annulee"),
    ]


def test_dates_are_added_from_the_page(client):
    who = people()
    booking = asked(who)
    sign_in(client, who.manager.user, who.manager.membership)
    url = reverse("booking:dates_add_as_manager", args=[booking.reference])
    until = booking.series.last_day + timedelta(weeks=3)
    page = client.get(url, {"jusquau": until.isoformat()})
    days = list(page.context["form"].by_day)
    assert len(days) == 3
    client.post(url, {"jusquau": until.isoformat(), "jours": days[:2]})
    assert booking.dates.count() == 8
    page = client.get(reverse("booking:page", args=[booking.reference])).content.decode()
    assert "Ajouter ou remettre des dates" in page


def test_a_stranger_sees_none_of_it(client):
    who = people()
    booking = asked(who)
    sign_in(client, UserFactory())
    pk = booking.dates.first().pk
    for name in ("date_cancel", "date_cancel_as_manager", "date_move", "dates_hours"):
        assert client.get(reverse(f"booking:{name}", args=[pk])).status_code in {403, 404}
