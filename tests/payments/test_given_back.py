"""Who paid too much reads what comes back and how far it is."""

import pytest
from django.urls import reverse

from preau.payments import bank_links, given_back
from preau.payments.actions import dues, incidents, refunds
from preau.payments.actions.dues import Payer
from preau.payments.enums import RefundCause
from preau.payments.models import Due
from tests.accounts.factories import UserFactory
from tests.payments.factories import OfficeFactory, ask, clerk_of, pay

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture
def cancelled():
    """Paid 50 €, then nothing is due any more."""
    office = OfficeFactory()
    due = ask(office, source="test:back", user=UserFactory())
    pay(due)
    return dues.drop("test:back", actor=clerk_of(office))


def asked(due, clerk, cents):
    return refunds.ask(
        due, cents=cents, cause=RefundCause.CANCELLATION, reason="Annulée", actor=clerk
    )


def again(due):
    return Due.objects.get(pk=due.pk)


def words(due):
    return given_back.of(again(due)).words.replace(NBSP, " ")


def test_it_is_said_from_the_payment_to_the_account(cancelled):
    one, other = clerk_of(cancelled.office), clerk_of(cancelled.office)
    assert words(cancelled).startswith("50,00 € vous seront rendus. La régie en est prévenue")
    refund = asked(cancelled, one, 3000)
    assert given_back.of(again(cancelled)).to_ask_cents == 2000
    asked(cancelled, one, 2000)
    assert "doit encore l’approuver" in words(cancelled)
    refunds.approve(refund, actor=other)
    assert words(cancelled) == "50,00 € vous seront rendus. Dites-nous sur quel compte."
    away = given_back.of(again(cancelled)).words_away
    assert away.endswith("sur quel compte, par le lien envoyé par courriel.")
    refunds.mark_paid(refund, actor=other, without_file=True)
    said = words(cancelled)
    assert said.startswith("30,00 € vous ont été rendus. 20,00 € vous seront rendus.")


def test_what_the_office_keeps_is_not_announced_as_given_back(cancelled):
    clerk = clerk_of(cancelled.office)
    incidents.settle(cancelled.incidents.get(), "Gardé, d’accord avec le payeur", actor=clerk)
    assert given_back.of(again(cancelled)) is None


def test_the_pages_of_the_payer_say_it(client, cancelled):
    called = Payer("Ana", None, email="ana@example.org")
    other = ask(cancelled.office, source="test:called", payer=called)
    pay(other)
    dues.drop("test:called", actor=clerk_of(cancelled.office))
    shown = client.get(bank_links.due_address(other)).content.decode().replace(NBSP, " ")
    assert "50,00 € vous seront rendus" in shown
    client.force_login(cancelled.payer_user)
    for address in (cancelled.get_absolute_url(), reverse("payments:mine")):
        shown = client.get(address).content.decode().replace(NBSP, " ")
        assert "50,00 € vous seront rendus" in shown
