"""Money goes back once, after two people said so, and never more than came."""

import csv
import io

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.core import clock, sealed
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Email
from preau.payments import bank_links
from preau.payments.actions import dues, incidents, money, refunds
from preau.payments.actions.dues import Payer
from preau.payments.enums import IncidentState, Means, Nature, RefundCause, RefundState
from preau.payments.iban import Iban
from preau.payments.models import Refund
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, pay

pytestmark = pytest.mark.django_db
IBAN = "FR14 2004 1010 0505 0001 3M02 606"


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def clerks(office):
    return clerk_of(office), clerk_of(office)


@pytest.fixture
def over(office):
    """Paid 50 €, of which 20 € are due now."""
    due = ask(office, source="test:over")
    pay(due)
    return ask(office, hire(2000), source="test:over", user=due.payer_user)


def asked(due, clerk, cents=3000):
    return refunds.ask(
        due, cents=cents, cause=RefundCause.CANCELLATION, reason="Heure rendue", actor=clerk
    )


def test_from_request_to_the_bank(over, clerks, office, client):
    one, other = clerks
    refund = asked(over, one)
    assert over.incidents.get().state == IncidentState.REFUNDING
    refunds.approve(refund, actor=other)
    letter = Email.objects.get(cause__startswith=f"refund:{refund.pk}:bank:first")
    assert letter.recipient == over.payer_user.email
    # The link works signed out; the account is sealed.
    page = bank_links.bank_address(refund)
    assert "30,00" in client.get(page).content.decode()
    answer = client.post(page, {"holder": "Lina Haddad", "iban": IBAN})
    assert answer.status_code == 302
    refund.refresh_from_db()
    assert "2004" not in refund.bank_sealed
    assert refund.bank_hint == "FR•• … 606"
    assert "3M02606" in sealed.unseal(refund.bank_sealed, purpose=refunds.SEALED_FOR)
    # Exported once, then forgotten.
    sign_in(client, other.user, other.membership)
    client.get(reverse("payments:refunds", args=[office.pk]))
    text = client.post(reverse("payments:export_refunds", args=[office.pk])).content.decode()
    [row] = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";")
    assert row["IBAN"] == "FR1420041010050500013M02606"
    assert (row["Montant (€)"], row["Titulaire du compte"]) == ("30,00", "Lina Haddad")
    refund.refresh_from_db()
    assert (refund.state, refund.bank_sealed) == (RefundState.EXPORTED, "")
    refunds.mark_paid(refund, actor=one)
    over.refresh_from_db()
    assert (over.kept_cents, over.over_cents) == (2000, 0)
    assert over.payments.get(nature=Nature.REFUND).cents == -3000
    assert over.incidents.get().state == IncidentState.SETTLED
    with pytest.raises(Refusal, match="déjà noté"):
        refunds.mark_paid(refund, actor=one)


def test_nobody_approves_their_own_request(over, clerks):
    one, other = clerks
    refund = asked(over, one)
    for verb in (refunds.approve, lambda r, actor: refunds.refuse(r, "non", actor=actor)):
        with pytest.raises(Refusal) as refused:
            verb(refund, actor=one)
        assert refused.value.code == "four_eyes"
    # Not even past the verbs.
    with pytest.raises(IntegrityError, match="refund_four_eyes"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(decided_by=one.user)
    refunds.approve(refund, actor=other)


def test_never_more_than_was_paid_whoever_writes(over, clerks):
    one, _ = clerks
    with pytest.raises(Refusal, match="30,00"):
        asked(over, one, cents=3001)
    asked(over, one, cents=2000)
    asked(over, one, cents=1000)
    with pytest.raises(Refusal):
        asked(over, one, cents=1)
    row = {"office": over.office, "due": over, "cause": "autre", "reason": "x"}
    with pytest.raises(IntegrityError, match="refunds of due"), transaction.atomic():
        Refund.objects.create(cents=2001, **row)


def test_a_reversal_may_not_eat_what_is_being_given_back(office, clerks, monkeypatch):
    one, _ = clerks
    due = ask(office, source="test:counter")
    entry = money.record_at_counter(due, cents=5000, means=Means.CASH, actor=one)
    dues.drop("test:counter", actor=one)
    asked(due, one, cents=5000)
    with pytest.raises(Refusal, match="refusez-le"):
        money.reverse(entry, "erreur", actor=one)
    # Not even past the verb.
    monkeypatch.setattr(incidents, "asked_cents", lambda due: 0)
    with pytest.raises(IntegrityError, match="refunds of due"), transaction.atomic():
        money.reverse(entry, "erreur", actor=one)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_refused_it_is_to_be_seen_to_again(over, clerks):
    one, other = clerks
    refund = asked(over, one)
    with pytest.raises(Refusal, match="pourquoi"):
        refunds.refuse(refund, " ", actor=other)
    refunds.refuse(refund, "Rendue en salle", actor=other)
    assert over.incidents.get().state == IncidentState.OPEN
    assert asked(over, other).state == RefundState.ASKED


def test_what_nobody_asked_for_yet_is_to_be_seen_to(over, office, clerks, client):
    one, other = clerks
    refunds.approve(asked(over, one), actor=other)
    dues.drop("test:over", actor=one)  # 20 € more come back, and nobody asked for those
    incident = over.incidents.get()
    assert (incident.state, incident.refund_cents) == (IncidentState.OPEN, 5000)
    assert "plus rien à payer" in incident.facts
    sign_in(client, one.user, one.membership)
    for address in (
        reverse("payments:incident", args=[incident.key]),
        reverse("payments:office", args=[office.pk]),
    ):
        page = client.get(address).content.decode().replace("\u00a0", " ")
        assert "30,00 €" in page
        assert "À traiter" in page
        assert "Remboursement demandé" not in page
    with pytest.raises(Refusal, match="terminez-le"):
        incidents.settle(incident, "Gardé", actor=one)
    asked(over, one, cents=2000)
    assert over.incidents.get().state == IncidentState.REFUNDING


def test_an_incident_opened_again_knows_what_is_asked_already(over, clerks, client):
    one, _ = clerks
    asked(over, one)
    ask(over.office, hire(5000), source="test:over", user=over.payer_user)
    assert over.incidents.get().state == IncidentState.SETTLED
    ask(over.office, hire(2000), source="test:over", user=over.payer_user)
    again = over.incidents.latest("id")
    assert (again.state, again.refund_cents) == (IncidentState.REFUNDING, 3000)


def test_an_incident_whose_refund_is_under_way_is_not_settled_by_a_form(over, clerks, client):
    one, _ = clerks
    page = reverse("payments:incident", args=[over.incidents.get().key])
    sign_in(client, one.user, one.membership)
    assert "Régler sans rendre la somme" in client.get(page).text
    asked(over, one, cents=1000)
    assert over.incidents.get().state == IncidentState.OPEN
    assert "Régler sans rendre la somme" not in client.get(page).text


def test_what_is_no_longer_owed_is_not_paid(over, clerks):
    one, other = clerks
    refund = asked(over, one)
    ask(over.office, source="test:over", user=over.payer_user)  # 50 € again
    with pytest.raises(Refusal, match="plus à rendre"):
        refunds.approve(refund, actor=other)


def test_a_stranger_neither_asks_nor_reads(over, clerks, client):
    refund = asked(over, clerks[0])
    stranger = clerk_of(OfficeFactory())
    with pytest.raises(Forbidden):
        refunds.approve(refund, actor=stranger)
    sign_in(client, stranger.user, stranger.membership)
    assert client.get(refund.get_absolute_url()).status_code in {403, 404}
    sign_in(client, UserFactory())
    assert client.get(refund.get_absolute_url()).status_code in {403, 404}


def test_a_lost_file_is_asked_for_again(over, clerks, office):
    one, other = clerks
    refund = refunds.approve(asked(over, one), actor=other)
    refunds.give_bank(refund, holder="L", iban=IBAN, actor=one)
    refunds.export(office, actor=one)
    refund = refunds.ask_bank_again(refund, actor=one)
    assert (refund.state, refund.bank_hint) == (RefundState.APPROVED, "")
    with pytest.raises(Refusal, match="Aucun remboursement"):
        refunds.export(office, actor=one)
    assert not mail.outbox


@pytest.mark.parametrize(
    "text", ["", "FR14", IBAN[:-1], IBAN.replace("3M02", "3M03"), "XX" + IBAN[2:], "<script>"]
)
def test_an_iban_with_a_fault_is_not_taken(text):
    with pytest.raises(Refusal) as refused:
        Iban.read(text)
    assert refused.value.field == "iban"


def test_a_forged_link_leads_nowhere(client):
    assert client.get(reverse("payments:bank", args=["nothing"])).status_code == 404


def _ready(due, clerks, cents):
    refund = asked(due, clerks[0], cents)
    refunds.approve(refund, actor=clerks[1])
    return refunds.give_bank(refund, holder="Lina Haddad", iban=IBAN, actor=clerks[0])


def test_two_refunds_together_never_pass_what_is_owed(office, over, clerks):
    first, second = _ready(over, clerks, 1500), _ready(over, clerks, 1500)
    # 10 € of the 30 € are due again: either may still go, not both.
    ask(office, hire(3000), source="test:over", user=over.payer_user)
    _, gone = refunds.export(office, actor=clerks[0])
    assert gone == [first]
    with pytest.raises(Refusal) as refused:
        refunds.mark_paid(second, actor=clerks[0], without_file=True)
    assert refused.value.code == "not_owed"


def test_what_the_accounts_have_paid_is_written_whatever_became_due_since(office, over, clerks):
    refund = _ready(over, clerks, 3000)
    refunds.export(office, actor=clerks[0])
    ask(office, hire(4000), source="test:over", user=over.payer_user)
    refunds.mark_paid(refund, actor=clerks[0])
    over.refresh_from_db()
    assert (over.kept_cents, over.left_cents) == (2000, 2000)


@pytest.mark.parametrize(
    ("role", "says"),
    [
        (MembershipRole.ADMINISTRATOR, "Inviter une seconde personne"),
        (MembershipRole.MANAGER, "l’équipe de ce site"),
    ],
)
def test_who_is_alone_reads_how_to_be_two(over, office, client, role, says):
    clerk = clerk_of(office, role)
    sign_in(client, clerk.user, clerk.membership)
    refund = asked(over, clerk, 1000)
    pages = [reverse("payments:ask_refund", args=[over.key]), refund.get_absolute_url()]
    assert all(says in client.get(page).text for page in pages)
    clerk_of(office)
    assert not any("Il faut une seconde personne" in client.get(page).text for page in pages)


def test_the_link_says_an_account_no_more_once_they_left(office, clerks, client):
    member = MembershipFactory(role=MembershipRole.MANAGER)
    payer = Payer("Les Prés", member.user, member.organization, email=member.user.email)
    due = ask(office, source="test:left", payer=payer)
    pay(due)
    refund = asked(ask(office, hire(2000), source="test:left", payer=payer), clerks[0])
    page = bank_links.bank_address(refund)
    assert client.get(page).status_code == 200
    member.ended_at = clock.now()
    member.save()
    assert client.get(page).status_code == 410
    assert client.post(page, {"holder": "Moi", "iban": IBAN}).status_code == 410
    refund.refresh_from_db()
    assert refund.bank_hint == ""
