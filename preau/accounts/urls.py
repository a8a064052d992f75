"""Addresses of the people's room. Sign-in pages keep the names that the library reverses."""

from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, URLResolver, include, path

from preau.accounts.views import (
    account,
    identities,
    joining,
    members,
    merging,
    organizations,
    origins,
    sign_in,
)

_sign_in = [
    path("", sign_in.sign_in, name="account_login"),
    path("", sign_in.sign_in, name="account_request_login_code"),  # the library's other name
    path("code/", sign_in.confirm_code, name="account_confirm_login_code"),
    path("cle/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("verification/", sign_in.second_step, name="mfa_authenticate"),
    path("compte-ferme/", sign_in.inactive, name="account_inactive"),
    path("deconnexion/", identities.sign_out, name="account_logout"),
    path("relier/", identities.link, name="identity_link"),
    # Declared at the provider: a change here is a change of every site's declaration.
    path("<str:identity_provider>/", identities.leave, name="identity_leave"),
    path("<str:identity_provider>/retour/", identities.come_back, name="identity_return"),
    path("<str:identity_provider>/fin/", identities.signed_out, name="identity_signed_out"),
]

_security = [
    path("", mfa.index, name="mfa_index"),
    path("cles/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("cles/ajouter/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("cles/<int:pk>/retirer/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("cles/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirmer/cle/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes/fichier/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]

_account = [
    path("", account.profile, name="profile"),
    path("bienvenue/", sign_in.welcome, name="welcome"),
    path("agir/", account.switch, name="switch"),
    path("sessions/", account.sessions, name="sessions"),
    path("mes-donnees/", account.export, name="export"),
    path("fermer/", account.close, name="close"),
    path("cles-perdues/", account.lost_key, name="lost_key"),
    path("structures/", organizations.organizations, name="organizations"),
    path("identites/<int:identity_pk>/retirer/", identities.unlink, name="unlink"),
    path("structures/employeur/", joining.employer, name="employer"),
    path("demandes/<int:join_request_pk>/repondre/", joining.answer, name="join_answer"),
    path("structures/nouvelle/", organizations.create, name="organization_create"),
    path("structures/a-verifier/", organizations.to_verify, name="to_verify"),
    path("structures/<int:pk>/", organizations.organization, name="organization"),
    path("structures/<int:pk>/modifier/", organizations.edit, name="organization_edit"),
    path("structures/<int:pk>/annuaire/", origins.decide, name="organization_decide"),
    path("structures/<int:pk>/code/envoyer/", organizations.send_code, name="send_code"),
    path("structures/<int:pk>/code/", organizations.code, name="organization_code"),
    path("structures/<int:pk>/proconnect/", joining.prove, name="prove"),
    path("structures/<int:pk>/demander/", organizations.ask, name="ask_verification"),
    path("structures/<int:pk>/verifier/", organizations.decide, name="decide"),
    path("structures/<int:pk>/reunir/", merging.choose, name="merge_choose"),
    path("structures/<int:pk>/reunir/<int:into>/", merging.confirm, name="merge"),
    path("structures/<int:pk>/membres/", members.members, name="members"),
    path("structures/<int:pk>/membres/inviter/", members.invite, name="invite"),
    path("invitations/<int:pk>/annuler/", members.revoke, name="revoke"),
    path("membres/<int:pk>/role/", members.role, name="role"),
    path("membres/<int:pk>/retirer/", members.remove, name="remove"),
    path("membres/<int:pk>/quitter/", members.leave, name="leave"),
    path("invitation/<str:token>/", members.invitation, name="invitation"),
    path("invitation/<str:token>/accepter/", members.accept, name="accept"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/", include(_sign_in)),
    path("compte/securite/", include(_security)),
    path("compte/", include((_account, "accounts"))),
]
