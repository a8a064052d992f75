"""A citizen finds a service open now; signals a place that lacks; the town accepts, and it shows."""

from datetime import date

import pytest

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import OrganizationKind
from preau.directory.actions.offers import add_offer
from preau.directory.models import Sheet
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.directory.factories import SheetFactory, line, opened
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town():
    """A service open day and night, one never open, one whose hours nobody knows."""
    commune = CommuneFactory()
    always = opened(
        line("0123456", 0, 24, not_on_public_holidays=False), name="France services Alpes"
    )
    given = {"family": "public_social", "name": "Aide aux démarches de la CAF"}
    add_offer(always, given, actor=SYSTEM)
    opened(line("0", 0, 0.25, valid_until=date(2020, 1, 1)), name="Point fermé")
    SheetFactory(name="Point inconnu")
    mairie = OrganizationFactory(kind=OrganizationKind.COMMUNE, verified=True, commune=commune)
    return MembershipFactory(organization=mairie)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_open_now_then_a_place_that_lacks(open_visitor, town, javascript):
    citizen = open_visitor(javascript=javascript)
    citizen.go("/annuaire/")
    citizen.fill("Où ?", "Grenoble")
    citizen.fill("Que cherchez-vous ?", "démarches")
    citizen.page.get_by_label("Ouvert maintenant", exact=True).check(force=True)
    citizen.press("Chercher")
    assert citizen.page.get_by_role("article").count() == 1
    if javascript:
        citizen.assert_accessible()
    citizen.press("France services Alpes", role="link")
    page = citizen.page
    assert page.get_by_text("Ouvert en continu").is_visible()
    assert page.get_by_text("Aide aux démarches de la CAF", exact=True).is_visible()
    if javascript:
        citizen.assert_accessible()
    citizen.press("Affiche à imprimer", role="link")
    assert page.get_by_text("Aujourd’hui").first.is_visible()
    if javascript:
        citizen.assert_accessible()

    citizen.go("/annuaire/?ou=Grenoble")
    citizen.press("Signaler un lieu", role="link")
    citizen.fill("Nom du lieu", "Repair café de l’Île Verte")
    page.get_by_label("Nature du lieu").select_option("repair_cafe")
    page.get_by_label("Horaires, si vous les connaissez").fill("le samedi de 9 h à 12 h")
    page.get_by_label("Votre adresse électronique").fill("voisine@example.org")
    page.get_by_label("Commune", exact=True).fill("Atlantis")
    citizen.press("Envoyer le signalement")
    assert page.get_by_text("Nous ne trouvons pas cette commune").first.is_visible()
    assert page.get_by_label("Nom du lieu").input_value() == "Repair café de l’Île Verte"
    if javascript:
        citizen.assert_accessible()
    page.get_by_label("Commune", exact=True).fill("Grenoble")
    citizen.press("Envoyer le signalement")
    assert page.get_by_role("heading", name="Merci, c’est envoyé").is_visible()

    mayor = open_visitor(javascript=javascript)
    mayor.sign_in(town.user, town)
    mayor.go("/annuaire/a-traiter/")
    if javascript:
        mayor.assert_accessible()
    mayor.press("Repair café de l’Île Verte", role="link")
    if javascript:
        mayor.assert_accessible()
    mayor.press("Publier ce lieu")
    assert mayor.page.get_by_text("à reporter : le samedi de 9 h à 12 h").is_visible()
    if javascript:
        mayor.assert_accessible()
    mayor.press("Enregistrer les horaires")

    made = Sheet.objects.get(name="Repair café de l’Île Verte")
    assert made.hours.exists()
    citizen.go("/annuaire/?ou=Grenoble&texte=repair")
    citizen.press("Repair café de l’Île Verte", role="link")
    page.get_by_text("Ce qui a changé").click()
    assert page.get_by_text("signalement retenu").first.is_visible()
