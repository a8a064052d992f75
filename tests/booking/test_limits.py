"""What keeps a planning from being emptied by robots, and an account from closing too soon."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.actions import close_account
from preau.accounts.actors import Actor
from preau.booking.actions.requests import cancel
from preau.booking.enums import Side
from preau.core import clock
from preau.core.errors import Refusal
from tests.accounts.factories import UserFactory
from tests.booking.factories import bookable_space, booking

pytestmark = pytest.mark.django_db


def hold(client, space, day):
    when = (clock.now() + timedelta(days=day)).date()
    data = {"debut": f"{when}T18:00", "fin": f"{when}T20:00"}
    return client.post(reverse("booking:start", args=[space.pk]), data)


def test_a_robot_with_fresh_sessions_is_stopped(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"hold_slot": "3/30m/ip"}
    space = bookable_space()
    answers = []
    for day in range(5, 10):
        client.cookies.clear()
        answers.append(hold(client, space, day).status_code)
    assert answers == [302, 302, 302, 429, 429]


def test_an_account_with_a_booking_to_come_does_not_close():
    person = Actor(user=UserFactory())
    asked = booking(actor=person)
    with pytest.raises(Refusal, match="annulez votre réservation à venir"):
        close_account(actor=person)
    cancel(asked, "Je pars", side=Side.OCCUPANT, actor=person)
    close_account(actor=person)
