"""Who booked by telephone pays, and answers about a deposit, from the letters alone."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.actors import SYSTEM
from preau.core import audit, clock
from preau.notifications.links import sign
from preau.notifications.models import Email
from preau.payments import bank_links
from preau.payments.actions import deposits, money
from preau.payments.actions.dues import Payer
from preau.payments.enums import DepositMeans, DueState, Means, OfficeMode
from preau.payments.models import CollectingOffice, Due
from preau.payments.paper_tasks import issue_papers
from tests.accounts.factories import UserFactory, sign_in
from tests.documents.pictures import picture
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, operation, pay

pytestmark = pytest.mark.django_db
WHO = {"name": "Mme Roux", "email": "roux@exemple.fr"}


@pytest.fixture
def office():
    return OfficeFactory(mode=OfficeMode.TEST, contact_name="Mairie", contact_phone="0476010203")


def called(office, *lines, **given):
    return ask(office, *lines, payer=Payer(**WHO), **given)


def address_in(letter):
    return re.search(r"https?://[^/\s]+(/(?:paiements|cautions)/lien/\S+)", letter.text)[1]


def held(office, clerk, source="booking:AB", means=DepositMeans.CASH):
    made = deposits.want(
        source=source,
        office=office,
        place=None,
        label="Salle des Tilleuls",
        holder=Payer(**WHO),
        cents=20_000,
        actor=SYSTEM,
    )
    return deposits.receive(made, means=means, cheque_number="12", actor=clerk)


def test_the_letter_leads_to_paying_and_to_the_receipt(client, office):
    called(office)
    address = address_in(Email.objects.get(cause__startswith="payments.to_pay"))
    page = client.get(address)
    assert "50,00" in page.text
    assert "Payer en ligne" in page.text
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")
    assert WHO["email"] not in page.text
    trial = client.post(address).url
    assert trial == f"{address}essai/"
    assert "Paiement d’essai" in client.get(trial).text
    assert client.post(trial, {"choix": "payer"}).url == address
    due = Due.objects.get()
    assert due.state == DueState.PAID
    assert audit.history(due).filter(verb="due.paid_by_link").exists()
    paid = Email.objects.get(cause__startswith="payments.paid")
    assert bank_links.DUE not in paid.text
    issue_papers(due.pk)
    page = client.get(address_in(paid))
    assert "Il ne reste rien à payer" in page.text
    receipt = re.search(r"/factures/lien/[^\"]+", page.text)[0]
    assert client.get(receipt).status_code == 200


def test_no_trial_settles_what_is_now_paid_for_good(client, office):
    called(office)
    trial = client.post(address_in(Email.objects.get(cause__startswith="payments.to_pay"))).url
    CollectingOffice.objects.update(mode=OfficeMode.REGIE, numcli="123456")
    assert client.post(trial, {"choix": "payer"}).status_code == 404
    assert Due.objects.get().state == DueState.OPEN


def test_what_is_asked_again_is_said_again_once(office):
    due = called(office, source="test:again")
    called(office, source="test:again")
    assert Email.objects.filter(cause__startswith="payments.to_pay").count() == 1
    called(office, hire(7000), source="test:again")
    assert Email.objects.filter(cause__startswith="payments.to_pay").count() == 2
    assert "70,00" in Email.objects.order_by("id").last().subject
    pay(due, 1000)
    assert Email.objects.filter(cause__startswith="payments.to_pay").count() == 2


def test_who_pays_by_a_notice_is_told_to_wait_for_it(client, office):
    office.mode = OfficeMode.TITRE
    office.save()
    called(office, due_by=clock.now() + timedelta(days=30))
    letter = Email.objects.get(cause__startswith="payments.to_pay")
    assert "Vous recevrez un avis des sommes à payer de 50,00" in letter.text
    assert "et payer" not in letter.text and "au plus tard" not in letter.text
    page = client.get(address_in(letter)).text
    assert "vous enverra un avis" in page and "au plus tard" not in page


def test_a_cheque_that_comes_back_is_asked_again(office):
    due, clerk = called(office), clerk_of(office)
    for told in (2, 3):
        entry = money.record_at_counter(
            due, cents=5000, means=Means.CHEQUE, cheque_number="12", actor=clerk
        )
        money.reverse(entry, "Chèque sans provision", actor=clerk)
        assert Email.objects.filter(cause__startswith="payments.to_pay").count() == told


@pytest.mark.parametrize("means", [DepositMeans.CASH, DepositMeans.CHEQUE])
def test_what_is_kept_of_a_deposit_is_not_asked(means, office):
    clerk = clerk_of(office)
    deposit = held(office, clerk, means=means)
    deposit = deposits.announce(deposit, cents=500, reason="Clé perdue", actor=clerk)
    deposits.answer(deposit, "", agrees=True, actor=SYSTEM)
    assert deposits.keep(deposit, decision="", actor=clerk).due.total_cents == 500
    assert not Email.objects.filter(cause__startswith="payments.to_pay").exists()


def test_who_has_an_account_reads_it_on_their_pages(office):
    ask(office)
    assert not Email.objects.filter(cause__startswith="payments.to_pay").exists()


def test_back_from_payfip_one_is_on_the_same_page(client, office):
    due = called(office)
    one = operation(due, checked_at=clock.now())
    back = reverse("payments:come_back", args=[one.key])
    address = client.post(back)["Location"]
    assert due.label in client.get(address).text
    with clock.frozen(clock.now() + timedelta(days=1, seconds=1)):
        assert client.get(address).status_code == 410
        assert client.post(back)["Location"] == due.get_absolute_url()
    signed = operation(ask(office), checked_at=clock.now())
    answer = client.post(reverse("payments:come_back", args=[signed.key]))
    assert answer["Location"] == signed.due.get_absolute_url()


def test_a_link_is_worth_one_sum_and_one_purpose(client, office):
    due, other = called(office), called(office)
    token = bank_links.due_address(due).split("/")[-2]
    facts = {"due": str(other.key), "to": "0" * 16}
    for wrong in (
        sign("unsubscribe", {"due": str(due.key)}, days=3),
        sign(bank_links.DEPOSIT, {"due": str(due.key)}, days=3),
        token[:-1] + ("A" if token[-1] != "A" else "B"),
    ):
        assert client.get(reverse("payments:due_by_link", args=[wrong])).status_code == 404
    forged = reverse("payments:due_by_link", args=[sign(bank_links.DUE, facts, days=3)])
    assert client.post(forged).status_code == 410
    client.post(bank_links.due_address(due))
    assert (due.operations.count(), other.operations.count()) == (1, 0)


def test_an_old_link_says_whom_to_ask(client, office):
    due = called(office)
    deposit = held(office, clerk_of(office))
    addresses = [bank_links.due_address(due), bank_links.deposit_address(deposit)]
    with clock.frozen(clock.now() + timedelta(days=bank_links.DAYS, seconds=1)):
        for address in addresses:
            for answer in (client.get(address), client.post(address)):
                assert answer.status_code == 410
                assert "Mairie" in answer.text
                assert "04 76 01 02 03" in answer.text.replace("\u00a0", " ")
    assert not due.operations.exists()


def test_a_link_dies_once_the_address_was_corrected_or_an_account_owes(client, office):
    due = called(office, source="test:who")
    address = bank_links.due_address(due)
    ask(office, source="test:who", payer=Payer("Mme Roux", email="autre@exemple.fr"))
    assert client.get(address).status_code == 410
    due.refresh_from_db()
    address = bank_links.due_address(due)
    assert client.get(address).status_code == 200
    user = UserFactory()
    ask(office, source="test:who", payer=Payer("Mme Roux", user, email="autre@exemple.fr"))
    assert client.get(address).status_code == 410


def test_who_is_signed_in_goes_to_the_whole_page(client, office):
    due, clerk = called(office), clerk_of(office)
    sign_in(client, clerk.user, clerk.membership)
    assert client.get(bank_links.due_address(due)).url == due.get_absolute_url()


def test_a_robot_is_slowed_down(client, settings, office):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"act_by_link": "3/m/ip"}
    address = bank_links.due_address(called(office))
    assert [client.post(address).status_code for _ in range(5)][-1] == 429


def test_a_deposit_is_answered_from_its_letter(client, office):
    clerk = clerk_of(office)
    deposit = held(office, clerk)
    deposits.add_photo(deposit, picture(), "La vitre", actor=clerk)
    deposits.announce(deposit, cents=8000, reason="Vitre cassée", actor=clerk)
    address = address_in(Email.objects.get(cause__contains=":proposed"))
    page = client.get(address)
    assert "Vitre cassée" in page.text
    shown = re.search(r"/cautions/lien/[^\"]+/photos/\d+/", page.text)[0]
    assert client.get(f"{shown}?petite").status_code == 200
    empty = client.post(address, {"agrees": "non", "answer": " "})
    assert "Dites ce que vous contestez" in empty.text
    assert client.post(address, {"agrees": "non", "answer": "Déjà cassée"}).url == address
    deposit.refresh_from_db()
    assert (deposit.agrees, deposit.answer) == (False, "Déjà cassée")
    assert "Déjà cassée" in client.get(address).text
    again = client.post(address, {"agrees": "oui"}, follow=True)
    assert "déjà répondu" in again.text


def test_the_photos_of_another_deposit_are_not_this_link_s(client, office):
    clerk = clerk_of(office)
    deposit, other = held(office, clerk), held(office, clerk, "booking:CD")
    photo = deposits.add_photo(other, picture(), "La vitre", actor=clerk)
    token = bank_links.deposit_address(deposit).split("/")[-2]
    address = reverse("payments:deposit_photo_by_link", args=[token, photo.pk])
    assert client.get(address).status_code == 404


def test_who_agrees_need_not_say_more_nor_be_answered(client, office):
    clerk = clerk_of(office)
    deposit = deposits.announce(held(office, clerk), cents=8000, reason="Vitre cassée", actor=clerk)
    client.post(bank_links.deposit_address(deposit), {"agrees": "oui"})
    told = Email.objects.get(cause__contains=":answered")
    assert "est d’accord" in told.text
    deposit = deposits.keep(deposit, decision="", actor=clerk)
    assert deposit.due.total_cents == 8000
    page = client.get(bank_links.deposit_address(deposit)).text
    assert reverse("payments:due_by_link", args=["x"])[:-2] in page
