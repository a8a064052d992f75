"""What is kept about a person: they may have it all, and little of it outlives their account."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from preau.accounts import actions
from preau.accounts.enums import MembershipRole
from preau.booking.actions.requests import cancel
from preau.booking.enums import Side
from preau.conversations.actions import post_message
from tests.accounts.factories import MembershipFactory, sign_in
from tests.booking.factories import details, people
from tests.places.factories import PlaceRoleFactory

pytestmark = pytest.mark.django_db


def test_the_export_holds_what_every_room_keeps(client):
    them = people()
    user = them.occupant.user
    booking = them.book(typed=details(purpose="Anniversaire de Zoé"))
    post_message(
        thread=booking.thread, body="Où est la clé ?", idempotency_key=uuid4(), actor=them.occupant
    )
    PlaceRoleFactory(user=user, place=them.space.place)
    stranger = people().book(typed=details(purpose="Autre chose"))
    sign_in(client, user)
    text = client.get(reverse("accounts:export")).content.decode()
    data = json.loads(text)
    assert data["réservations"][0]["objet"] == "Anniversaire de Zoé"
    assert data["réservations"][0]["référence"] == booking.reference
    assert data["messages écrits"][0]["message"] == "Où est la clé ?"
    assert data["rôles sur des lieux"][0]["lieu"] == them.space.place.name
    assert data["sessions ouvertes"] is not None
    assert stranger.reference not in text


def test_a_closed_account_leaves_no_telephone_behind():
    them = people()
    booking = them.book()
    cancel(booking, "", side=Side.OCCUPANT, actor=them.occupant)
    MembershipFactory(organization=them.space.place.owner, role=MembershipRole.ADMINISTRATOR)
    actions.close_account(actor=them.occupant)
    booking.refresh_from_db()
    booking.occupancy.refresh_from_db()
    for one in (booking, booking.occupancy):
        assert (one.contact_name, one.contact_phone) == ("", "")
    assert booking.purpose
