"""Money goes back, a deposit is kept in part: the office, its payer, and the journal that agrees."""

import pytest
from django.urls import reverse

from preau.accounts.actors import SYSTEM
from preau.payments import bank_links
from preau.payments.actions import deposits
from preau.payments.actions.dues import Payer
from preau.payments.enums import DepositState, RefundState
from preau.payments.models import Deposit, Refund
from preau.payments.paper_tasks import issue_papers
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, pay
from tests.places.factories import PlaceFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
IBAN = "FR14 2004 1010 0505 0001 3M02 606"


def test_asked_approved_given_an_account_and_paid(visitor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    office = OfficeFactory()
    one, other = clerk_of(office), clerk_of(office)
    due = ask(office, source="test:over")
    pay(due)
    ask(office, hire(2000), source="test:over", user=due.payer_user)
    issue_papers(due.pk)
    visitor.sign_in(one.user, one.membership)
    visitor.go(reverse("payments:due", args=[due.key]))
    visitor.press("Demander le remboursement", role="link")
    visitor.fill("Motif", "Une heure rendue")
    visitor.assert_accessible()
    visitor.screenshot("demander")
    visitor.press("Demander le remboursement")
    visitor.page.get_by_text("une autre personne de votre structure").first.wait_for()
    refund = Refund.objects.get()
    visitor.sign_in(other.user, other.membership)
    visitor.go(refund.get_absolute_url())
    visitor.press("Approuver le remboursement")
    visitor.page.get_by_text("Approuvé. La personne reçoit").first.wait_for()
    visitor.screenshot("approuve")
    # The payer, by the link of the e-mail; first with a fault.
    visitor.go(bank_links.bank_address(refund))
    visitor.fill("Titulaire du compte", "Lina Haddad")
    visitor.fill("IBAN", "FR76 1234")
    visitor.press("Enregistrer mon compte")
    visitor.page.get_by_text("n’est pas complet").first.wait_for()
    visitor.assert_accessible()
    visitor.screenshot("compte")
    visitor.fill("IBAN", IBAN)
    visitor.press("Enregistrer mon compte")
    visitor.page.get_by_text("Votre compte est enregistré").first.wait_for()
    for name in ("refunds", "papers", "ledger", "deposits"):
        visitor.go(reverse(f"payments:{name}", args=[office.pk]))
        visitor.assert_accessible()
        visitor.screenshot(name)
    refund.refresh_from_db()
    assert (refund.state, refund.has_bank) == (RefundState.APPROVED, True)


def test_a_deposit_is_kept_in_part_after_an_answer(visitor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    office = OfficeFactory()
    clerk = clerk_of(office)
    due = ask(office)
    holder = due.payer_user
    deposit = deposits.want(
        source="booking:TEST",
        office=office,
        place=PlaceFactory(owner=office.organization),
        label="Salle des Tilleuls",
        holder=Payer(str(holder), holder),
        cents=20_000,
        actor=SYSTEM,
    )
    visitor.sign_in(clerk.user, clerk.membership)
    visitor.go(deposit.get_absolute_url())
    visitor.press("Noter la caution reçue")
    visitor.page.get_by_text("Notez le numéro du chèque").first.wait_for()
    visitor.fill("Numéro du chèque", "0012345")
    visitor.press("Noter la caution reçue")
    visitor.page.get_by_text("La caution est reçue").first.wait_for()
    visitor.fill("Somme à retenir, en euros", "80")
    visitor.fill("Ce qui est abîmé ou manque", "Une vitre cassée")
    visitor.assert_accessible()
    visitor.screenshot("annoncer")
    visitor.press("Annoncer la retenue")
    visitor.page.get_by_text("La retenue est annoncée").first.wait_for()
    visitor.sign_in(holder)
    visitor.go(deposit.get_absolute_url())
    visitor.page.get_by_label("Non, je la conteste").check(force=True)
    visitor.fill("Votre réponse", "Elle l’était déjà")
    visitor.assert_accessible()
    visitor.screenshot("repondre")
    visitor.press("Envoyer ma réponse")
    visitor.page.get_by_text("Votre réponse est envoyée").first.wait_for()
    visitor.sign_in(clerk.user, clerk.membership)
    visitor.go(deposit.get_absolute_url())
    visitor.fill("Votre réponse à l’occupant", "L’état d’entrée dit le contraire")
    visitor.assert_accessible()
    visitor.press("Confirmer la retenue")
    visitor.page.get_by_text("C’est décidé").first.wait_for()
    visitor.screenshot("decide")
    assert Deposit.objects.get().state == DepositState.KEPT_IN_PART
