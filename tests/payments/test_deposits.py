"""A deposit comes back, unless something is broken and its occupant could say so."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.registries import deposit_begins
from preau.notifications.models import Email
from preau.payments import titles
from preau.payments.actions import deposits
from preau.payments.actions.dues import Payer
from preau.payments.enums import DepositMeans, DepositState, DueState, OfficeMode
from preau.payments.models import Deposit
from tests.accounts.factories import UserFactory, sign_in
from tests.documents.pictures import picture
from tests.payments.factories import OfficeFactory, clerk_of
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def clerk(office):
    return clerk_of(office)


@pytest.fixture
def holder():
    return UserFactory()


def wanted(office, holder, cents=20_000, source="booking:AB", **more):
    return deposits.want(
        source=source,
        office=office,
        place=PlaceFactory(owner=office.organization),
        label="Salle des Tilleuls",
        holder=Payer(str(holder), holder),
        cents=cents,
        actor=SYSTEM,
        **more,
    )


def held(office, holder, clerk, means=DepositMeans.CHEQUE):
    deposit = wanted(office, holder)
    return deposits.receive(deposit, means=means, cheque_number="0012", actor=clerk)


def test_received_and_given_back(office, holder, clerk):
    deposit = wanted(office, holder)
    assert wanted(office, holder).pk == deposit.pk
    with pytest.raises(Refusal, match="numéro du chèque"):
        deposits.receive(deposit, means=DepositMeans.CHEQUE, actor=clerk)
    deposits.receive(deposit, means=DepositMeans.CHEQUE, cheque_number="12", actor=clerk)
    with pytest.raises(Refusal, match="chèque n° 12, par"):
        deposits.receive(deposit, means=DepositMeans.CASH, actor=clerk)
    deposit = deposits.give_back(deposit, actor=clerk)
    assert (deposit.state, deposit.kept_cents) == (DepositState.RETURNED, 0)
    told = set(Email.objects.values_list("recipient", flat=True))
    assert told == {holder.email}
    assert Email.objects.count() == 3


def test_kept_only_once_the_occupant_had_their_say(office, holder, clerk):
    deposit = held(office, holder, clerk)
    with pytest.raises(Refusal, match="annoncée"):
        deposits.keep(deposit, decision="", actor=clerk)
    deposit = deposits.announce(deposit, cents=8000, reason="Vitre cassée", actor=clerk)
    with pytest.raises(Refusal) as early:
        deposits.keep(deposit, decision="", actor=clerk)
    assert early.value.code == "early"
    with clock.frozen(clock.now() + timedelta(days=deposits.DAYS_TO_ANSWER, seconds=1)):
        with pytest.raises(Refusal, match="délai"):
            deposits.answer(deposit, "Non", actor=Actor(holder))
        deposit = deposits.keep(deposit, decision="", actor=clerk)
    assert (deposit.state, deposit.back_cents) == (DepositState.KEPT_IN_PART, 12_000)
    assert deposit.due.total_cents == 8000
    assert deposit.due.state == DueState.OPEN


def test_an_answer_is_answered(office, holder, clerk):
    deposit = held(office, holder, clerk)
    deposit = deposits.announce(deposit, cents=20_000, reason="Vitre", actor=clerk)
    with pytest.raises(Forbidden):
        deposits.answer(deposit, "Pas moi", actor=Actor(UserFactory()))
    deposit = deposits.answer(deposit, "Elle l’était déjà", actor=Actor(holder))
    with pytest.raises(Refusal):
        deposits.answer(deposit, "Encore", actor=Actor(holder))
    with pytest.raises(Refusal, match="a répondu"):
        deposits.keep(deposit, decision=" ", actor=clerk)
    deposit = deposits.keep(deposit, decision="L’état d’entrée dit le contraire", actor=clerk)
    assert deposit.state == DepositState.KEPT


@pytest.mark.parametrize(
    "how", [{}, {"mode": OfficeMode.TITRE}, {"counter_means": []}], ids=["cash", "titre", "none"]
)
def test_cash_that_is_kept_is_in_the_journal(how, holder):
    office = OfficeFactory(**how)
    clerk = clerk_of(office)
    deposit = held(office, holder, clerk, DepositMeans.CASH)
    deposit = deposits.announce(deposit, cents=500, reason="Clé perdue", actor=clerk)
    deposits.answer(deposit, "D’accord", actor=Actor(holder))
    deposit = deposits.keep(deposit, decision="Merci", actor=clerk)
    deposit.due.refresh_from_db()
    assert deposit.due.state == DueState.PAID
    assert office.journal.get().cents == 500
    assert titles.waiting(office) == []


def test_nothing_is_asked_where_it_is_free(office, holder, clerk):
    office.mode = OfficeMode.FREE
    office.save()
    deposit = held(office, holder, clerk)
    deposit = deposits.announce(deposit, cents=500, reason="Clé perdue", actor=clerk)
    deposits.answer(deposit, "D’accord", actor=Actor(holder))
    assert deposits.keep(deposit, decision="Merci", actor=clerk).due is None


def test_nothing_is_kept_before_it_begins(office, holder, clerk, client, monkeypatch):
    deposit = held(office, holder, clerk)
    begins = clock.now() + timedelta(days=30)
    monkeypatch.setitem(deposit_begins._entries, "test", (0, lambda source: begins))
    sign_in(client, clerk.user, clerk.membership)
    page = client.get(deposit.get_absolute_url()).content.decode()
    assert 'href="/reservations/AB/"' in page
    assert "une retenue ne peut être annoncée qu’ensuite" in page
    assert "Annoncer la retenue" not in page
    with pytest.raises(Refusal) as refused:
        deposits.announce(deposit, cents=8000, reason="Vitre", actor=clerk)
    assert refused.value.code == "early"
    begins = clock.now()
    page = client.get(deposit.get_absolute_url()).content.decode()
    assert "Annoncer la retenue" in page
    assert "200,00" not in page.split('name="amount"')[1][:80]  # nothing is proposed
    assert deposits.announce(deposit, cents=8000, reason="Vitre", actor=clerk).kept_cents == 8000


def test_another_cheque_is_not_lost_without_a_word(office, holder, clerk):
    deposit = held(office, holder, clerk)
    again = {"means": DepositMeans.CHEQUE, "actor": clerk}
    assert deposits.receive(deposit, cheque_number=" 0012", **again).pk == deposit.pk
    with pytest.raises(Refusal, match="chèque n° 0012"):
        deposits.receive(deposit, cheque_number="0013", **again)


def test_received_by_who_has_left_it_is_the_office_s(office, holder, clerk):
    deposit = held(office, holder, clerk)
    Deposit.objects.update(received_by=None)
    with pytest.raises(Refusal, match="par la régie"):
        deposits.receive(
            deposit, means=DepositMeans.CHEQUE, cheque_number="0013", actor=clerk_of(office)
        )


def test_asked_otherwise_then_as_before_is_told_twice(office, holder, clerk):
    held(office, holder, clerk)
    told = Email.objects.filter(cause__contains=":differs:", recipient=holder.email)
    for turn, (cents, letters) in enumerate([(20_000, 0), (30_000, 1), (20_000, 2), (20_000, 2)]):
        for _ in range(2):
            wanted(office, holder, cents, turn=f"price:{turn}")
        assert told.count() == letters
    letter = told.order_by("id").last()
    assert "Vous n’avez rien à faire : celle que vous avez remise" in letter.text
    assert "Elle convient de nouveau" in letter.text


def test_never_more_than_itself(office, holder, clerk):
    deposit = held(office, holder, clerk)
    with pytest.raises(Refusal, match="200,00"):
        deposits.announce(deposit, cents=20_001, reason="Tout", actor=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deposit.objects.filter(pk=deposit.pk).update(kept_cents=20_001)


def test_what_is_held_outlives_the_booking(office, holder, clerk):
    deposit = wanted(office, holder)
    assert deposits.drop("booking:AB", actor=SYSTEM).state == DepositState.DROPPED
    assert wanted(office, holder, 5000).state == DepositState.WANTED
    deposits.receive(deposit, means=DepositMeans.CASH, actor=clerk)
    assert deposits.drop("booking:AB", actor=SYSTEM).state == DepositState.HELD


def test_the_occupant_is_told_that_it_changed(office, holder, clerk):
    wanted(office, holder)
    wanted(office, holder)
    wanted(office, holder, 30_000)
    wanted(office, holder, 0)
    wanted(office, holder, 30_000)
    other = UserFactory()
    deposit = wanted(office, other, 30_000)
    told = list(Email.objects.order_by("id").values_list("recipient", "subject"))
    assert told == [
        (holder.email, "Une caution est à remettre : Salle des Tilleuls"),
        (holder.email, "La caution a changé : Salle des Tilleuls"),
        (holder.email, "Plus de caution à remettre : Salle des Tilleuls"),
        (holder.email, "Une caution est à remettre : Salle des Tilleuls"),
        (other.email, "Une caution est à remettre : Salle des Tilleuls"),
    ]
    assert "300,00" in Email.objects.order_by("id")[1].text
    deposits.receive(deposit, means=DepositMeans.CASH, actor=clerk)
    assert Email.objects.count() == 6


def test_both_sides_are_told_when_what_is_held_is_not_what_is_asked(office, holder, clerk):
    held(office, holder, clerk, DepositMeans.DECLARED)

    def asked(cents, turn):
        before = Email.objects.count()
        deposit = wanted(office, holder, cents, turn=turn)
        assert (deposit.wanted_cents, deposit.state) == (20_000, DepositState.HELD)
        return list(Email.objects.order_by("id")[before:])

    assert asked(20_000, "price:1") == []
    theirs, ours = asked(40_000, "price:2")
    assert (theirs.recipient, ours.recipient) == (holder.email, clerk.user.email)
    for one in (theirs, ours):
        text = one.text.replace("\u00a0", " ")
        assert "est maintenant de 400,00 €" in text and "200,00 €, engagement écrit" in text
    assert asked(40_000, "price:2") == []
    theirs, ours = asked(0, "price:3")
    assert "Le lieu vous la rendra" in theirs.text and "Rendez-la-lui" in ours.text
    assert asked(0, "price:3") == []
    assert len(asked(30_000, "price:4")) == 2


def test_photos_are_shown_to_the_occupant_only(office, holder, clerk, client):
    deposit = held(office, holder, clerk)
    photo = deposits.add_photo(deposit, picture(), "La vitre", actor=clerk)
    deposits.announce(deposit, cents=500, reason="Vitre", actor=clerk)
    sign_in(client, holder)
    page = client.get(deposit.get_absolute_url()).content.decode()
    assert "La vitre" in page
    assert "Répondre" in page
    assert client.get(f"/cautions/photos/{photo.pk}/?petite").status_code == 200
    sign_in(client, UserFactory())
    assert client.get(f"/cautions/photos/{photo.pk}/").status_code in {403, 404}
