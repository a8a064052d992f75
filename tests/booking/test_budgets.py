"""How many questions each page may ask of the database, whatever it shows."""

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.booking.actions import waiting
from tests.accounts.factories import UserFactory, sign_in
from tests.booking.factories import details, evening, held, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people()


def asks_at_most(client, limit, url, guard):
    assert client.get(url).status_code == 200
    with guard(limit):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_booking_for_its_occupant(client, them, confirmed, django_assert_max_num_queries):
    one = them.book(confirmed=confirmed)
    sign_in(client, them.occupant.user)
    url = reverse("booking:page", args=[one.reference])
    asks_at_most(client, 18, url, django_assert_max_num_queries)


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_booking_for_its_manager(client, them, confirmed, django_assert_max_num_queries):
    one = them.book(confirmed=confirmed)
    waiting.join(them.space, evening(them.space), actor=Actor(UserFactory()))
    sign_in(client, them.manager.user, them.manager.membership)
    url = reverse("booking:page", args=[one.reference])
    asks_at_most(client, 26, url, django_assert_max_num_queries)


@pytest.mark.parametrize("number", [1, 6])
def test_my_bookings_whatever_their_number(client, them, number, django_assert_max_num_queries):
    for day in range(number):
        them.book(days=10 + day, confirmed=True)
        waiting.join(them.space, evening(them.space, days=10 + day), actor=them.occupant)
    sign_in(client, them.occupant.user)
    asks_at_most(client, 14, reverse("booking:mine"), django_assert_max_num_queries)


def test_the_summary_before_sending(client, them, django_assert_max_num_queries):
    from preau.booking.actions.holds import keep_draft

    one = keep_draft(held(them.space, actor=them.occupant), details(), actor=them.occupant)
    sign_in(client, them.occupant.user)
    url = reverse("booking:recap", args=[one.reference])
    asks_at_most(client, 22, url, django_assert_max_num_queries)
