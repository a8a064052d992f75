"""The paper of a booking says what its state means, and what is left to pay."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from preau.accounts.actors import SYSTEM
from preau.booking import money
from preau.booking.actions import requests
from preau.booking.enums import BLOCKING, BookingState, Side
from preau.core import clock
from preau.desk.papers import confirmation_data
from preau.payments.enums import OfficeMode
from tests.accounts.factories import sign_in
from tests.booking.factories import people
from tests.payments.factories import OfficeFactory, pay
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db

STILL_ALIVE = ("attend encore", "est gardé", "est confirmée")


@pytest.fixture
def them():
    found = people()
    tariff_for(found.space, HOUR=3600)
    return found


@pytest.fixture
def office(them):
    return OfficeFactory(
        organization=them.space.place.owner,
        counter_text="Mairie,\nle matin.",
        cheque_payee="Régie de la salle",
    )


def called(them):
    """Accepted, for somebody who has neither account nor address."""
    one = them.book(confirmed=True)
    one.requester, one.caller_name = None, "Mme Roux"
    one.save()
    money.ask(one, SYSTEM)
    return type(one).objects.get(pk=one.pk)


def all_of(paper):
    return " ".join([paper["title"], *paper["money"]["said"], paper["next"]]).replace("\u00a0", " ")


@pytest.mark.parametrize("state", BookingState)
def test_each_state_says_what_it_means(them, state):
    one = them.book()
    one.state, one.complete_by = state, one.answer_by
    if state not in BLOCKING:
        one.ended_at, one.ended_by_side, one.reason = clock.now(), Side.MANAGER, "Travaux."
    paper = confirmation_data(one)
    said = all_of(paper)
    if state in BLOCKING - {BookingState.HELD}:
        assert any(words in said for words in STILL_ALIVE)
    elif state != BookingState.HELD:
        assert not any(words in said for words in STILL_ALIVE)
        assert "n’est plus gardé" in said and "Motif : Travaux." in said


def test_who_ended_it_is_said(them):
    one = them.book(confirmed=True)
    one = requests.cancel(one, "Dégât des eaux", side=Side.MANAGER, actor=them.manager)
    paper = confirmation_data(one)
    assert paper["title"] == "Réservation annulée"
    assert f"annulée par le lieu ({one.place.owner})" in paper["next"]
    one.ended_by_side = Side.OCCUPANT
    assert "par l’occupant" in confirmation_data(one)["next"]
    one.state, one.decided_at = BookingState.EXPIRED, None
    assert "modification demandée" in confirmation_data(one)["next"]


def test_once_it_took_place_it_is_confirmed_no_more(them):
    one = them.book(confirmed=True)
    one.ends_at = clock.now() - timedelta(hours=1)
    paper = confirmation_data(one)
    assert paper["facts"][0] == ["État", "Terminée"]
    assert paper["next"] == "La réservation a eu lieu."


def test_who_called_takes_away_the_sum_the_deadline_and_the_counter(client, them, office):
    one = called(them)
    due = money.due_of(one)
    paper = confirmation_data(one)
    assert paper["title"] == "Réservation acceptée, à compléter"
    assert paper["money"]["lines"][-1] == ["Total", "72,00\u00a0€"]
    said = all_of(paper)
    assert "Reste à payer : 72,00 €, au plus tard le " in said
    assert f"Rappelez le n° {due.number}." in said
    assert "Mairie, le matin. Chèque à l’ordre de Régie de la salle." in said
    sign_in(client, them.manager.user, them.manager.membership)
    page = client.get(reverse("desk:confirmation", args=[one.reference])).content.decode()
    answer = client.get(reverse("desk:confirmation_pdf", args=[one.reference]))
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for found in (page, words):
        text = " ".join(found.replace("\u00a0", " ").split())
        assert "72,00 €" in text and due.number in text and "Mairie, le matin." in text


def test_where_the_public_accountant_collects_the_price_is_said_too(them, office):
    office.mode = OfficeMode.TITRE
    office.save(update_fields=["mode"])
    said = all_of(confirmation_data(called(them)))
    assert "Confirmation de réservation" in said
    assert "Reste à payer : 72,00 €. " in said and "avis des sommes à payer" in said


def test_the_deposit_is_said_before_it_is_asked(them, office):
    one = called(them)
    one.price.deposit_cents = 50_000
    said = all_of(confirmation_data(one))
    assert "Caution : 500,00 €, à remettre au plus tard à l’état des lieux d’entrée" in said
    assert said.count("Mairie, le matin.") == 1
    one = requests.cancel(one, "Grippe", side=Side.OCCUPANT, actor=them.manager)
    assert "Caution" not in all_of(confirmation_data(one))


def test_once_paid_nothing_is_left(them, office):
    one = called(them)
    pay(money.due_of(one))
    assert "Payé : 72,00 €. Rien ne reste à payer." in all_of(confirmation_data(one))
    requests.cancel(one, "Travaux", side=Side.MANAGER, actor=them.manager)
    one.refresh_from_db()
    assert "72,00 € vous seront rendus." in all_of(confirmation_data(one))
