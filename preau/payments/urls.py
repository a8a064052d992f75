"""Addresses of what is due and of the offices that collect it."""

from django.urls import include, path

from preau.payments.views import by_link, counter, offices, payer, provider

app_name = "payments"
_DUE = "paiements/<uuid:due_key>"
_OFFICE = "regies/<int:office_id>"
_OPERATION = "regies/operations/<uuid:operation_key>"

urlpatterns = [
    path("", include("preau.payments.closing_urls")),
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
]
