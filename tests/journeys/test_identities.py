"""ProConnect and FranceConnect in a browser, at true OpenID providers."""

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.accounts.models import Identity, User
from preau.notifications.models import Email
from tests.accounts import providers
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LOGIN = reverse("account_login")


@pytest.fixture(scope="module")
def issuers(live_server):
    with providers.running(live_server.url) as found:
        yield found


@pytest.fixture(autouse=True)
def _configured(db, settings, issuers):
    providers.configure(settings, issuers)


def there(visitor, persona):
    """At the provider: choose who to be, and come back."""
    visitor.page.wait_for_url("**/interaction/**")
    visitor.page.get_by_role("button", name=persona).click()
    visitor.page.wait_for_url(f"{visitor.origin}/**")
    visitor.check()


def code_of(email):
    return Email.objects.filter(recipient=email).latest("pk").subject[:9]


def sign_out(visitor):
    menu = visitor.page.get_by_role("button", name="Se déconnecter")
    if not menu.first.is_visible():
        visitor.page.locator("header details summary").last.click()
    menu.first.click()


def test_an_agent_signs_in_joins_and_signs_out_there_too(open_visitor):
    town = OrganizationFactory(
        verified=True,
        town=True,
        siren="213801855",
        siret="21380185500015",
        commune=CommuneFactory(code="38185"),
    )
    MembershipFactory(organization=town, role=MembershipRole.ADMINISTRATOR)
    lea = open_visitor()
    lea.go(LOGIN)
    lea.assert_accessible()
    lea.press("S’identifier avec ProConnect", role="link")
    there(lea, "Léa Martin")
    lea.assert_accessible()
    lea.press("Demander à la rejoindre")
    lea.go(reverse("accounts:employer"))
    assert lea.page.get_by_text("Demande envoyée").is_visible()
    lea.go(reverse("accounts:profile"))
    lea.assert_accessible()
    sign_out(lea)
    lea.page.get_by_text("déconnecté de Préau et de ProConnect").wait_for()
    lea.go(LOGIN)
    lea.press("S’identifier avec ProConnect", role="link")
    assert "/interaction/" in lea.page.url, "over there, she is asked again who she is"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_resident_signs_in_with_a_code_once(open_visitor, javascript):
    UserFactory(email="ana.roux@courriel.example", first_name="Ana", last_name="Roux")
    ana = open_visitor(javascript=javascript)
    ana.go(f"{LOGIN}?next={reverse('accounts:sessions')}")
    ana.press("S’identifier avec FranceConnect", role="link")
    there(ana, "Ana Roux")
    ana.assert_accessible()
    ana.press("Recevoir un code")
    ana.fill("Code reçu", code_of("ana.roux@courriel.example"))
    ana.press("Me connecter")
    ana.assert_accessible()
    ana.press("Relier à mon compte")
    assert ana.page.url.endswith(reverse("accounts:sessions"))
    assert Identity.objects.get().user == User.objects.get()
    ana.page.context.clear_cookies()
    ana.go(LOGIN)
    ana.press("S’identifier avec FranceConnect", role="link")
    there(ana, "Ana Roux")
    ana.go(reverse("accounts:unlink", args=[Identity.objects.get().pk]))
    ana.assert_accessible()
    ana.press("Retirer")
    assert ana.page.get_by_text("seule façon d’entrer").is_visible()


def test_giving_up_there_leads_back_with_a_sentence(visitor):
    visitor.go(LOGIN)
    visitor.press("S’identifier avec ProConnect", role="link")
    there(visitor, "Annuler")
    visitor.assert_accessible()
    assert visitor.page.get_by_text("pas terminé l’identification").is_visible()
