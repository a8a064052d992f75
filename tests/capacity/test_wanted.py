"""Failed searches kept without anybody's data, needs laid over hours, hours opened."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.availability.models import OpeningCalendar
from preau.availability.opening import RuleData
from preau.capacity.actions.opening import hours_of, open_window
from preau.capacity.actions.wanted import forget_old_searches
from preau.capacity.forms import coming_year
from preau.capacity.models import FailedSearch
from preau.capacity.models.wanted import MOST_A_DAY
from preau.capacity.queries.figures import live
from preau.capacity.queries.needs import Need, Source, needs
from preau.capacity.queries.offers import offers
from preau.capacity.queries.scopes import of_place
from preau.capacity.windows import BY_KEY
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.models import Listing
from tests.accounts.factories import MembershipFactory, OrganizationFactory, sign_in
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
OFFICE = [RuleData(weekdays=(0, 1, 2, 3, 4), start_minute=9 * 60, end_minute=17 * 60)]


def search(client, **more):
    day = clock.today() + timedelta(days=20)
    return client.get(
        reverse("find:search"),
        {"ou": "Grenoble", "jour": f"{day:%d/%m/%Y}", "debut": "19:00", "fin": "21:00"} | more,
    )


def hall(**fields):
    place = PlaceFactory(owner=OrganizationFactory(verified=True, town=True))
    space = SpaceFactory(place=place, **fields)
    open_space(space, OFFICE)
    return space


def manager(space):
    member = MembershipFactory(organization=space.place.owner, role=MembershipRole.MANAGER)
    return Actor(member.user, member)


def need(space, **fields):
    place = space.place
    given = {
        "source": Source.SEARCH,
        "weekday": 1,
        "start_minute": 1140,
        "end_minute": 1260,
        "minutes": 120,
        "people": 20,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "times": 3,
    }
    return Need(**(given | fields))


def made(space, *wanted):
    reading = live(of_place(space.place), *coming_year())
    return {one.window.key: one for one in offers(reading.measured, wanted)}


def test_a_search_in_vain_is_counted_and_nothing_of_the_person_is(client):
    CommuneFactory()
    assert search(client, personnes="37").status_code == 200
    assert search(client, personnes="42").status_code == 200
    one = FailedSearch.objects.get()
    assert (one.times, one.people, one.start_minute, one.end_minute) == (2, 50, 1140, 1260)
    kept = {field.name for field in FailedSearch._meta.get_fields()}
    assert not kept & {"user", "ip", "text", "address", "session", "latitude", "longitude"}


def test_somebody_who_insists_weighs_no_more_than_a_little(client):
    CommuneFactory()
    search(client)
    FailedSearch.objects.update(times=MOST_A_DAY)
    assert search(client).status_code == 200
    assert FailedSearch.objects.get().times == MOST_A_DAY
    FailedSearch.objects.update(day=clock.today() - timedelta(days=500))
    assert forget_old_searches() == 1


def test_a_need_counts_only_where_it_fits():
    space = hall(capacity=40)
    evening = made(space, need(space))["soir"]
    assert (evening.is_shut, evening.hours) == (True, 6.0)
    for other in (
        {"people": 41},
        {"kind": "bureau"},
        {"start_minute": 1260, "end_minute": 1380},  # beyond 22 h
        {"weekday": 5},
        {"in_holidays": True},
        {"latitude": space.place.latitude + 1},
        {"times": 2},  # too few searches to be shown
    ):
        assert made(space, need(space, **other))["soir"].hours == 0, other
    assert "journee" not in made(space, need(space))  # open then, and nobody asks


def test_open_and_empty_hours_are_offered_to_those_who_ask():
    space = hall()
    day = made(space, need(space, start_minute=600, end_minute=720))["journee"]
    assert (day.is_shut, day.hours) == (False, 6.0)


def test_searches_become_needs():
    space = hall()
    FailedSearch.objects.create(
        day=clock.today(),
        commune=space.place.commune,
        departement_code="38",
        weekday=2,
        start_minute=840,
        end_minute=960,
        minutes=60,
        times=4,
    )
    found = needs(["38"])
    assert [(one.source, one.weekday, one.times) for one in found] == [(Source.SEARCH, 2, 4)]


def test_hours_are_opened_by_who_runs_them_and_nobody_else():
    space = hall()
    calendar = hours_of(space)
    with pytest.raises(Forbidden):
        open_window(space, BY_KEY["samedi"], seen=None, actor=manager(hall()))
    open_window(space, BY_KEY["samedi"], seen=calendar.version, actor=manager(space))
    assert calendar.rules.count() == 2
    assert calendar.rules.last().weekdays == [5]
    with pytest.raises(Refusal):
        open_window(space, BY_KEY["dimanche"], seen=calendar.version, actor=manager(space))


def test_a_space_without_hours_gets_some():
    space = SpaceFactory(place=PlaceFactory(owner=OrganizationFactory(verified=True)))
    open_window(space, BY_KEY["soir"], seen=None, actor=manager(space))
    assert OpeningCalendar.objects.get(place=space.place).rules.count() == 1


def test_an_offer_is_a_draft_of_the_owner():
    space = hall()
    actor = manager(space)
    client = sign_in(Client(), actor.user, actor.membership)
    address = reverse("capacity:offer_hours", args=[space.pk])
    assert client.get(f"{address}?fenetre=soir").status_code == 200
    client.post(address, {"fenetre": "soir"})
    listing = Listing.objects.get()
    assert (listing.space, listing.organization) == (space, space.place.owner)
