"""What the home page says of money."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.payments.enums import OfficeMode
from tests.accounts.factories import sign_in
from tests.payments.factories import OfficeFactory, ask, clerk_of

pytestmark = pytest.mark.django_db


def home_of(client, actor):
    sign_in(client, actor.user, actor.membership)
    return client.get("/").text.replace("\u00a0", " ")


def test_the_regisseur_finds_the_office_on_the_home_page(client):
    office = OfficeFactory()
    clerk, address = clerk_of(office), reverse("payments:office", args=[office.pk])
    page = home_of(client, clerk)
    assert address in page and "Tout est payé." in page
    ask(office, due_by=clock.now() + timedelta(days=1))
    assert "1 somme à payer." in home_of(client, clerk)
    ask(office, due_by=clock.now() - timedelta(days=1))
    assert "2 sommes à payer, dont 1 en retard." in home_of(client, clerk)
    office.mode = OfficeMode.TITRE
    office.save()
    assert "2 sommes à payer." in home_of(client, clerk)
    second = OfficeFactory(organization=office.organization, is_default=False, name="Régie bis")
    page = home_of(client, clerk)
    assert reverse("payments:offices") in page.split("<footer")[0] and address not in page
    second.mode = OfficeMode.FREE
    second.save()
    assert address in home_of(client, clerk)


def test_who_keeps_no_office_is_not_shown_one(client):
    office = OfficeFactory()
    address = reverse("payments:office", args=[office.pk])
    for actor in (clerk_of(OfficeFactory()), clerk_of(office, MembershipRole.MEMBER)):
        assert address not in home_of(client, actor)
    office.mode = OfficeMode.FREE
    office.save()
    assert address not in home_of(client, clerk_of(office))
