"""Accounts in a browser: signing in, organisations, a passkey on a virtual device."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from preau.accounts import actions
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import User
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LONG = "Association intercommunale des habitants, des usagers et des amis des lieux partagés du Grésivaudan"


def code_of(email):
    return Email.objects.filter(recipient=email).latest("pk").subject[:9]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_newcomer_signs_in_and_creates_an_association(open_visitor, javascript):
    CommuneFactory()
    ana = open_visitor(javascript=javascript)
    ana.go(reverse("accounts:organization_create"))
    ana.assert_accessible()
    ana.press("Recevoir un code")
    ana.assert_accessible()
    ana.fill("Adresse électronique", "ana@example.org")
    ana.press("Recevoir un code")
    ana.assert_accessible()
    ana.fill("Code reçu", "1")
    ana.press("Me connecter")
    ana.assert_accessible()
    ana.fill("Code reçu", code_of("ana@example.org"))
    ana.press("Me connecter")
    ana.assert_accessible()
    ana.fill("Prénom", "Ana")
    ana.page.get_by_label("Nom", exact=True).fill("Roux")
    ana.press("Continuer")
    ana.assert_accessible()
    ana.page.get_by_label("Nature").select_option("association")
    ana.fill("Nom", LONG)
    ana.fill("Commune du siège", "38000")
    ana.press("Créer la structure")
    ana.assert_accessible()
    assert User.objects.get().memberships.get().organization.name == LONG


def test_a_long_name_fits_on_every_page(visitor):
    chief = MembershipFactory(
        role=MembershipRole.ADMINISTRATOR,
        organization=OrganizationFactory(name=LONG, town=True, siren="213801855"),
    )
    MembershipFactory(user=chief.user)
    other = MembershipFactory(organization=chief.organization)
    actor = Actor(chief.user, chief)
    actions.invite(actor=actor, organization=actor.organization, email="a@b.fr", role="membre")
    visitor.sign_in(chief.user, chief)
    for name, args in [
        ("profile", []),
        ("switch", []),
        ("sessions", []),
        ("close", []),
        ("organizations", []),
        ("organization", [chief.organization_id]),
        ("organization_edit", [chief.organization_id]),
        ("organization_code", [chief.organization_id]),
        ("members", [chief.organization_id]),
        ("invite", [chief.organization_id]),
        ("role", [other.pk]),
        ("remove", [other.pk]),
        ("leave", [chief.pk]),
    ]:
        visitor.go(reverse(f"accounts:{name}", args=args))
        visitor.assert_fits()
    visitor.go(reverse("accounts:organizations") + "?numero=732829320")
    visitor.assert_accessible()


def test_pages_of_the_operator(visitor):
    organization = OrganizationFactory(name=LONG)
    visitor.sign_in(UserFactory(operator=True))
    visitor.go(reverse("accounts:to_verify"))
    visitor.assert_accessible()
    visitor.go(reverse("accounts:decide", args=[organization.pk]))
    visitor.press("Vérifier cette structure")
    visitor.assert_accessible()
    visitor.fill("Motif", "Délibération reçue")
    visitor.press("Vérifier cette structure")
    organization.refresh_from_db()
    assert organization.is_verified


def virtual_device(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def click(visitor, name, path):
    """The device answers first, then the form leaves: wait for where it leads."""
    visitor.page.get_by_role("main").get_by_role("button", name=name).click()
    visitor.page.wait_for_url(lambda url: urlsplit(url).path == path)
    visitor.check()


def test_a_passkey_replaces_the_code_then_is_removed(visitor):
    clerk = MembershipFactory()
    visitor.sign_in(clerk.user, clerk)
    virtual_device(visitor.page)
    visitor.go(reverse("accounts:profile"))
    visitor.press("Ajouter une clé d’accès", role="link")
    visitor.assert_accessible()
    visitor.fill("Nom de la clé", "Poste de l’accueil")
    visitor.page.get_by_label("Me connecter avec cette clé seule").check(force=True)
    click(visitor, "Ajouter cette clé", "/compte/securite/confirmer/cle/")
    visitor.assert_accessible()
    click(visitor, "Utiliser ma clé d’accès", "/compte/securite/codes/")
    visitor.assert_accessible()
    assert "Codes de secours" in visitor.page.title()
    visitor.go(reverse("mfa_index"))
    visitor.assert_accessible()
    visitor.page.context.clear_cookies()
    visitor.go(reverse("account_login") + "?next=/compte/securite/cles/")
    click(visitor, "Utiliser ma clé d’accès", "/compte/securite/cles/")
    visitor.assert_accessible()
    assert visitor.page.get_by_text("Poste de l’accueil").first.is_visible()
    visitor.press("Renommer Poste de l’accueil", role="link")
    visitor.page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    visitor.page.wait_for_url(lambda url: urlsplit(url).path.startswith("/compte/securite/cles/"))
    visitor.assert_accessible()
    visitor.go(reverse("mfa_list_webauthn"))
    visitor.press("Retirer Poste de l’accueil", role="link")
    visitor.assert_accessible()
    visitor.press("Retirer cette clé")
    assert not clerk.user.authenticator_set.exists()
    told = Email.objects.filter(recipient=clerk.user.email).values_list("subject", flat=True)
    assert any("ajoutée" in subject for subject in told)
    assert any("retirée" in subject for subject in told)


def test_after_the_code_a_key_is_asked_from_who_has_one(visitor):
    clerk = MembershipFactory()
    visitor.sign_in(clerk.user, clerk)
    virtual_device(visitor.page)
    visitor.go(reverse("mfa_add_webauthn"))
    visitor.fill("Nom de la clé", "Téléphone")
    click(visitor, "Ajouter cette clé", "/compte/securite/confirmer/cle/")
    visitor.page.context.clear_cookies()
    visitor.go(reverse("account_login"))
    visitor.fill("Adresse électronique", clerk.user.email)
    visitor.press("Recevoir un code")
    visitor.fill("Code reçu", code_of(clerk.user.email))
    visitor.press("Me connecter")
    visitor.assert_accessible()
    click(visitor, "Utiliser ma clé d’accès", "/")
    visitor.go(reverse("accounts:profile"))
    assert clerk.user.email in visitor.page.content()
