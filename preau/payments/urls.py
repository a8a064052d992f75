"""Addresses of what is due, of the offices that collect it, and of what follows."""

from django.urls import path

from preau.payments.views import (
    by_link,
    counter,
    deposits,
    offices,
    papers,
    payer,
    provider,
    refunds,
    titles,
)

app_name = "payments"
_DUE = "paiements/<uuid:due_key>"
_OFFICE = "regies/<int:office_id>"
_OPERATION = "regies/operations/<uuid:operation_key>"
_REFUND = "remboursements/<uuid:refund_key>"
_DEPOSIT = "cautions/<uuid:deposit_key>"

urlpatterns = [
    path("paiements/", payer.mine, name="mine"),
    path("paiements/avis/", provider.hear, name="hear"),
    path("paiements/retour/<uuid:operation_key>/", provider.come_back, name="come_back"),
    path("paiements/essai/<uuid:trial_key>/", provider.trial, name="trial"),
    path("paiements/lien/<str:due_token>/", by_link.due_by_link, name="due_by_link"),
    path("paiements/lien/<str:due_token>/essai/", by_link.trial_by_link, name="trial_by_link"),
    path(f"{_DUE}/", payer.due, name="due"),
    path(f"{_DUE}/payer/", payer.pay, name="pay"),
    path(f"{_DUE}/encaisser/", counter.record, name="record"),
    path("regies/", offices.offices, name="offices"),
    path("regies/nouvelle/", offices.create, name="create_office"),
    path(f"{_OFFICE}/", offices.office, name="office"),
    path(f"{_OFFICE}/reglages/", offices.change, name="change_office"),
    path(f"{_OPERATION}/interroger/", counter.check, name="check"),
    path(f"{_OPERATION}/decider/", counter.decide, name="decide"),
    path("regies/ecritures/<uuid:entry_key>/annuler/", counter.reverse_entry, name="reverse"),
    path("regies/incidents/<uuid:incident_key>/", counter.incident, name="incident"),
    path(f"{_OFFICE}/remboursements/", refunds.refunds_of_office, name="refunds"),
    path(f"{_OFFICE}/remboursements/transmettre/", refunds.export_refunds, name="export_refunds"),
    path("paiements/<uuid:due_key>/rembourser/", refunds.ask_refund, name="ask_refund"),
    path(f"{_REFUND}/", refunds.refund, name="refund"),
    path(f"{_REFUND}/approuver/", refunds.approve_refund, name="approve_refund"),
    path(f"{_REFUND}/refuser/", refunds.refuse_refund, name="refuse_refund"),
    path(f"{_REFUND}/verse/", refunds.refund_paid, name="refund_paid"),
    path(f"{_REFUND}/redemander/", refunds.refund_bank_again, name="refund_bank_again"),
    path("remboursements/compte/<str:bank_token>/", refunds.bank, name="bank"),
    path(f"{_OFFICE}/cautions/", deposits.deposits_of_office, name="deposits"),
    path("cautions/lien/<str:deposit_token>/", by_link.deposit_by_link, name="deposit_by_link"),
    path(
        "cautions/lien/<str:deposit_token>/photos/<int:linked_photo_id>/",
        by_link.deposit_photo_by_link,
        name="deposit_photo_by_link",
    ),
    path(f"{_DEPOSIT}/", deposits.deposit, name="deposit"),
    path(f"{_DEPOSIT}/recevoir/", deposits.receive_deposit, name="receive_deposit"),
    path(f"{_DEPOSIT}/rendre/", deposits.return_deposit, name="return_deposit"),
    path(f"{_DEPOSIT}/annoncer/", deposits.announce_deposit, name="announce_deposit"),
    path(f"{_DEPOSIT}/photo/", deposits.add_deposit_photo, name="add_deposit_photo"),
    path(f"{_DEPOSIT}/repondre/", deposits.answer_deposit, name="answer_deposit"),
    path(f"{_DEPOSIT}/retenir/", deposits.keep_deposit, name="keep_deposit"),
    path("cautions/photos/<int:deposit_photo_id>/", deposits.deposit_photo, name="deposit_photo"),
    path(f"{_OFFICE}/factures/", papers.papers_of_office, name="papers"),
    path("factures/<uuid:paper_key>/", papers.paper, name="paper"),
    path("factures/lien/<str:paper_token>/", papers.paper_by_link, name="paper_by_link"),
    path(f"{_OFFICE}/journal/", papers.ledger_page, name="ledger"),
    path(f"{_OFFICE}/journal/<slug:ledger_what>/", papers.ledger_file, name="ledger_file"),
    path(f"{_OFFICE}/titres/", titles.titles, name="titles"),
    path(f"{_OFFICE}/titres/etablir/", titles.hand_over, name="hand_over_titles"),
    path("regies/titres/<uuid:title_batch_key>/", titles.title_file, name="title_file"),
]
