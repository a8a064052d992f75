"""Addresses of signing: the signatory's under `/signer/`, the manager's under `/gerer/`."""

from django.urls import URLPattern, URLResolver, path

from preau.agreements.views import rounds, signing

urlpatterns: list[URLPattern | URLResolver] = [
    path("signer/<str:token>/", signing.sign, name="sign"),
    path("signer/<str:token>/envoyer-un-code/", signing.send_code, name="sign_send_code"),
    path("signer/<str:token>/code/", signing.code, name="sign_code"),
    path("signer/<str:token>/nouveau-lien/", signing.link_again, name="sign_link_again"),
    path("signer/<str:token>/lire/", signing.read, name="sign_read"),
    path("signer/<str:token>/convention.pdf", signing.file, name="sign_file"),
    path("signer/<str:token>/accord/", signing.give_consent, name="sign_consent"),
    path("signer/<str:token>/refuser/", signing.refuse, name="sign_refuse"),
    path("signer/<str:token>/suivi/", signing.progress, name="sign_progress"),
    path("signer/<str:token>/exemplaire.pdf", signing.copy, name="sign_copy"),
    path("signer/<str:token>/preuve.pdf", signing.proof, name="sign_proof"),
    path("gerer/signatures/", rounds.waiting, name="waiting"),
    path("gerer/signatures/<int:round_id>/", rounds.show, name="round"),
    path("gerer/signatures/<int:round_id>/papier/", rounds.paper, name="paper"),
    path("gerer/signataires/<int:signatory_id>/lien/", rounds.send_link, name="send_link"),
    path("gerer/signataires/<int:signatory_id>/adresse/", rounds.address, name="address"),
    path("structures/<int:organization_id>/signature/", rounds.provider, name="provider"),
    path(
        "notifications/signature/<int:organization_id>/", rounds.notification, name="notification"
    ),
]
