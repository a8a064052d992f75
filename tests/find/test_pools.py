"""A pool of desks, for several people: as many stations as seat them, the same everywhere."""

import pytest

from preau.accounts.actors import Actor
from preau.availability.queries.alternatives import alternatives, alternatives_for
from preau.availability.queries.search import Evenings, Filters, Where, evenings, near, window
from preau.booking.actions.requests import submit
from preau.core.errors import Refusal
from preau.places.rules import seats_at, stations_for
from tests.accounts.factories import UserFactory
from tests.availability.factories import open_space
from tests.booking.factories import details, held
from tests.find.factories import GRENOBLE, coming, free_space, hours, place_at, take
from tests.find.test_search import ask, names
from tests.places.factories import pool

WHERE = Where(*GRENOBLE, 5.0)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("capacity", range(1, 40))
@pytest.mark.parametrize("size", [1, 3, 8, 12])
def test_the_stations_counted_are_just_enough(capacity, size):
    for people in range(1, capacity + 1):
        stations = stations_for(people, capacity, size)
        assert 1 <= stations <= size
        assert seats_at(stations, capacity, size) >= people
        assert stations == 1 or seats_at(stations - 1, capacity, size) < people


@pytest.fixture
def desks():
    space = pool(place_at(1), 4, name="Bureaux partagés", capacity=4)
    open_space(space)
    return space


@pytest.fixture
def evening():
    return hours(coming(), 18, 20)


def found(rows):
    return [(row.space_id, row.quantity) for row in rows]


def test_a_pool_is_found_while_enough_stations_are_free(desks, evening):
    asked = Evenings((coming(),), 18 * 60, 20 * 60, 120)
    take(desks, evening)
    take(desks, evening)
    for people, expected in ((1, [(desks.pk, 1)]), (2, [(desks.pk, 2)]), (3, []), (5, [])):
        filters = Filters(people=people)
        assert found(window(WHERE, evening, filters).rows) == expected
        assert found(evenings(WHERE, asked, filters).rows) == expected
    assert found(near(WHERE, Filters(people=3)).rows) == [(desks.pk, 3)]


def test_what_is_proposed_instead_seats_everyone(desks, evening):
    for _ in range(2):
        take(desks, evening)
    proposed = alternatives(WHERE, evening, Filters(people=3))
    assert proposed
    assert {one.quantity for one in proposed} == {3}
    assert all(not one.period.overlaps(evening) for one in proposed)


def test_other_desks_are_proposed_for_as_many_people_not_for_a_full_house(desks, evening):
    elsewhere = pool(place_at(2), 3, capacity=3)
    open_space(elsewhere)
    for _ in range(3):
        take(desks, evening)
    proposed = alternatives_for(desks, evening, quantity=2)
    assert (elsewhere.pk, 2) in found(proposed)


def test_the_list_says_how_many_stations_and_books_them(client, desks):
    day = coming().isoformat()
    page = ask(client, personnes="3", jour=day, debut="18:00", fin="20:00")
    assert names(page) == ["Bureaux partagés"]
    assert "3 postes pour vous" in page
    assert "postes=3" in page
    assert "un poste pour vous" in ask(client)


def test_a_room_is_never_counted_in_stations(client):
    free_space(1, capacity=30)
    page = ask(client, personnes="12")
    assert "postes" not in page


def test_the_people_expected_fit_the_stations_taken(desks):
    actor = Actor(UserFactory())
    taken = held(desks, actor=actor, quantity=2)
    with pytest.raises(Refusal, match="2\xa0postes accueillent 2\xa0personnes"):
        submit(taken, details(attendance=3), actor=actor)
    assert submit(taken, details(attendance=2), actor=actor).attendance == 2
