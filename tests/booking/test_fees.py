"""What stays due is told before cancelling and kept after; a price on request is named first."""

import pytest
from django.urls import reverse

from preau.booking.actions import requests
from preau.booking.actions.prices import is_decided
from preau.booking.enums import BookingState, Side
from preau.booking.fees import cost_of_cancelling, kept
from preau.core.errors import Refusal
from preau.notifications.models import Email
from preau.pricing.models import CancellationTier
from tests.accounts.factories import sign_in
from tests.booking.factories import people
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people()


@pytest.fixture
def paid(them):
    """20,00 €, half of it due within twenty days, of which ten are left."""
    tariff = tariff_for(them.space, HOUR=1000)
    for hours, percent in [(480, 50), (24, 100)]:
        CancellationTier.objects.create(tariff=tariff, hours_before=hours, fee_percent=percent)
    return them.book(confirmed=True)


def test_the_page_says_what_stays_due_before_anything_is_cancelled(client, them, paid):
    sign_in(client, them.occupant.user)
    page = client.get(reverse("booking:cancel", args=[paid.reference])).content.decode()
    assert "10,00\u00a0€</strong> restent dus" in page
    assert "Annulation à moins de 20\u00a0jours du début : 50 % du prix restent dus." in page
    assert kept(paid) == 0


def test_the_fee_is_kept_and_told_to_both(client, them, paid):
    sign_in(client, them.occupant.user)
    client.post(reverse("booking:cancel", args=[paid.reference]), {"reason": "Grippe"})
    assert kept(paid) == 1000
    page = client.get(reverse("booking:page", args=[paid.reference])).content.decode()
    assert "selon les règles d’annulation : 10,00\u00a0€" in page
    letters = Email.objects.filter(text__contains="Reste dû, selon les règles d’annulation")
    assert letters.count() == 2


def test_the_manager_never_charges(them, paid):
    requests.cancel(paid, "Dégât des eaux", side=Side.MANAGER, actor=them.manager)
    assert kept(paid) == 0
    assert not Email.objects.filter(text__contains="Reste dû").exists()


def test_a_request_not_yet_accepted_costs_nothing(them):
    tariff = tariff_for(them.space, HOUR=1000)
    CancellationTier.objects.create(tariff=tariff, hours_before=480, fee_percent=50)
    assert cost_of_cancelling(them.book()).cents == 0


# --- Price on request


@pytest.fixture
def on_request(them):
    them.space.price_from_cents = None
    them.space.save()
    one = them.book()
    assert one.price.is_on_request
    return one


def test_accepting_asks_for_the_price_first(client, them, on_request):
    with pytest.raises(Refusal) as refusal:
        requests.accept(on_request, actor=them.manager)
    assert refusal.value.code == "price_missing"
    sign_in(client, them.manager.user, them.manager.membership)
    response = client.post(reverse("booking:accept", args=[on_request.reference]))
    assert response.url == reverse("booking:price", args=[on_request.reference])


def test_the_manager_names_the_price_then_accepts(client, them, on_request):
    sign_in(client, them.manager.user, them.manager.membership)
    url = reverse("booking:price", args=[on_request.reference])
    assert "sur demande" in client.get(url).content.decode()
    assert "Fixer le prix" in client.post(url, {"total": "", "explanation": ""}).content.decode()
    client.post(url, {"total": "120,50", "explanation": "Délibération de mars"})
    on_request.refresh_from_db()
    assert is_decided(on_request.price)
    assert "120,50\u00a0€" in Email.objects.get(subject__startswith="Le prix de votre").text
    assert requests.accept(on_request, actor=them.manager).state == BookingState.CONFIRMED
    page = client.get(url, follow=True).content.decode()
    assert "ne peut plus être changé" in page


def test_a_free_space_asks_for_no_price(them):
    them.space.price_from_cents = 0
    them.space.save()
    assert requests.accept(them.book(), actor=them.manager).state == BookingState.CONFIRMED
