"""Cash is noted once: the page's own figures, and what was just noted, are compared first."""

import re

import pytest
from django.urls import reverse

from preau.payments.models import Payment
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, pay

pytestmark = pytest.mark.django_db
CASH = {"amount": "3", "means": "especes"}


@pytest.fixture
def due():
    return ask(OfficeFactory(), hire(18600))


@pytest.fixture
def send(client, due):
    clerk = clerk_of(due.office)
    client.force_login(clerk.user)

    def post(**data):
        page = client.post(reverse("payments:record", args=[due.key]), CASH | data)
        return page.content.decode().replace("\u00a0", " ")

    return post


def hidden(page):
    """What a refused page sends again."""
    found = re.findall(r'<input type="hidden" name="(left|told)"(?: value="(\d*)")?', page)
    return dict(found)


def test_the_page_carries_what_it_says(client, due, send):
    page = client.get(due.get_absolute_url()).content.decode()
    assert hidden(page) == {"left": "18600", "told": ""}
    assert "facultatif" not in page  # the number of a cheque is needed with a cheque


def test_from_two_tabs_the_second_is_told(send):
    send(amount="86", left="18600")
    page = send(amount="86", left="18600")
    assert "86,00 € ont été notés à" in page
    assert "reste dû 100,00 €. Vérifiez avant de noter un autre encaissement." in page
    assert 'value="86"' in page
    assert Payment.objects.count() == 1


def test_gone_back_and_fetched_again_the_same_is_asked_about_once(due, send):
    send(left="18600")
    page = send(left="18300")  # the browser fetched the page, and put the 3 back
    assert "3,00 € ont été notés" in page
    assert Payment.objects.count() == 1
    send(**hidden(page))
    assert Payment.objects.count() == 2


def test_another_sum_or_cheque_is_just_noted(send):
    send(left="18600")
    send(amount="4", left="18300")
    send(means="cheque", cheque_number="1", left="17900")
    send(means="cheque", cheque_number="2", left="17600")
    assert Payment.objects.count() == 4


def test_a_fault_elsewhere_does_not_count_as_told(send):
    send(left="18600")
    page = send(amount="0", left="18300")
    assert hidden(page)["told"] == ""


def test_paid_online_meanwhile_is_said(due, send):
    pay(due, 10000)
    page = send(left="18600")
    assert "en ligne : reste dû 86,00 €" in page
    assert Payment.objects.count() == 1
