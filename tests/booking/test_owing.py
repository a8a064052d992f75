"""Who cancels reads what comes back of what they paid: before, after, in their letter."""

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.booking import money, owing
from preau.booking.actions import requests
from preau.booking.enums import BookingState, Side
from preau.core.formats import euros
from preau.desk.paying import paying
from preau.notifications.models import Email
from preau.payments.enums import PayWhen
from preau.pricing.models import CancellationTier
from tests.accounts.factories import MembershipFactory, sign_in
from tests.booking.factories import people
from tests.payments.factories import OfficeFactory, pay
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people()


def booked(them, *, percent=0, paid=True, deposit=0, cents=None):
    """20,00 €; `percent` of it is kept of who cancels now."""
    tariff = tariff_for(them.space, HOUR=1000)
    if percent:
        CancellationTier.objects.create(tariff=tariff, hours_before=480, fee_percent=percent)
    if deposit:
        tariff.deposits.create(amount_cents=deposit)
    OfficeFactory(organization=them.space.place.owner, pay_when=PayWhen.AFTER)
    one = them.book(confirmed=True)
    assert one.state == BookingState.CONFIRMED
    if paid:
        pay(money.due_of(one), cents)
    return one


def read(client, name, one):
    return client.get(reverse(name, args=[one.reference])).content.decode()


@pytest.mark.parametrize(("percent", "back"), [(0, 2000), (50, 1000)])
def test_what_comes_back_is_said_before_after_and_by_letter(client, them, percent, back):
    one = booked(them, percent=percent)
    sign_in(client, them.occupant.user)
    page = read(client, "booking:cancel", one)
    words = f"{euros(back)} vous seront rendus"
    assert f"Vous avez payé {euros(2000)}. Si vous annulez maintenant, {words}." in page
    assert money.due_of(one).get_absolute_url() in page
    assert "rien ne reste dû" not in page
    assert "reste due" not in page and ("Une somme est gardée" in page) == bool(percent)
    assert ("seront gardés" in page) == bool(percent)
    client.post(reverse("booking:cancel", args=[one.reference]), {"reason": "Grippe"})
    page = read(client, "booking:page", one)
    assert words in page and money.due_of(one).get_absolute_url() in page
    assert ("Gardé sur la somme payée" in page) == bool(percent)
    letter = Email.objects.get(recipient=them.occupant.user.email, subject__startswith="Annulation")
    assert words in letter.text and "plus rien à faire" not in letter.text
    assert "Reste dû" not in letter.text


def test_paid_in_part_only_what_is_left_is_asked(client, them):
    one = booked(them, percent=50, cents=400)
    sign_in(client, them.occupant.user)
    page = read(client, "booking:cancel", one)
    assert f"Si vous annulez maintenant, {euros(600)} resteront à payer." in page
    assert "Une somme reste due" in page
    one = requests.cancel(one, "Grippe", side=Side.OCCUPANT, actor=them.occupant)
    assert owing.fee(one) == (
        f"Gardé sur la somme payée, selon les règles d’annulation : {euros(400)}."
        f" Reste dû : {euros(600)}."
    )


def test_of_a_series_that_goes_on_the_fee_alone_is_said(them):
    one = booked(them, paid=False)
    one.dates.update(fee_cents=1000)
    assert owing.fee(one) == f"Frais d’annulation : {euros(1000)}."


def test_without_an_office_the_paper_says_the_fee_as_the_page_does(them):
    tariff = tariff_for(them.space, HOUR=1000)
    CancellationTier.objects.create(tariff=tariff, hours_before=480, fee_percent=50)
    one = them.book(confirmed=True)
    one = requests.cancel(one, "Grippe", side=Side.OCCUPANT, actor=them.occupant)
    assert paying(one)["said"] == [owing.fee(one)]
    assert owing.fee(one) == f"Reste dû, selon les règles d’annulation : {euros(1000)}."


def test_what_comes_back_is_not_for_every_approver_to_read(client, them):
    one = booked(them)
    requests.cancel(one, "Grippe", side=Side.OCCUPANT, actor=them.occupant)
    owner = them.space.place.owner
    approver = MembershipFactory(organization=owner, role=MembershipRole.APPROVER)
    for hand, reads in ((approver, False), (them.manager.membership, True)):
        sign_in(client, hand.user, hand)
        assert ("sont à rendre à" in read(client, "booking:page", one)) == reads


def test_who_paid_nothing_gets_nothing_back(client, them):
    one = booked(them, paid=False)
    sign_in(client, them.occupant.user)
    assert "Vous avez payé" not in read(client, "booking:cancel", one)
    requests.cancel(one, "Grippe", side=Side.OCCUPANT, actor=them.occupant)
    assert "rendus" not in read(client, "booking:page", one)
    letter = Email.objects.get(recipient=them.occupant.user.email, subject__startswith="Annulation")
    assert "Vous n’avez plus rien à faire." in letter.text


def test_cancelled_by_the_manager_all_of_it_is_promised(them):
    one = booked(them, percent=50)
    requests.cancel(one, "Travaux", side=Side.MANAGER, actor=them.manager)
    letter = Email.objects.get(recipient=them.occupant.user.email, subject__contains="annulée par")
    assert f"{euros(2000)} vous seront rendus" in letter.text


def test_a_deposit_nobody_gave_is_promised_to_nobody(client, them):
    one = booked(them, deposit=50_000)
    sign_in(client, them.occupant.user)
    assert "rendue après l’état des lieux" in read(client, "booking:page", one)
    requests.cancel(one, "Grippe", side=Side.OCCUPANT, actor=them.occupant)
    assert "Caution" not in read(client, "booking:page", one)
