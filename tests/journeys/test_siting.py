"""A DDT agent studies where places are missing, compares two scenarios, takes the report away and
turns a gap into a call."""

import pytest
from django.urls import reverse

from preau.accounts.enums import OrganizationKind
from preau.directory.models import Sheet
from preau.initiatives.models import CallForInitiatives
from preau.siting.models import Scenario, WatchItem
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.siting.factories import row_of_communes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


class Land:
    """Twelve villages in a row; a counter in the fourth; a DDT that plans."""

    def __init__(self):
        self.communes = row_of_communes(12)
        fourth = self.communes[3]
        Sheet.objects.create(
            slug="guichet", name="Guichet France services", state="publiee",
            kind="maison_services", commune=fourth, departement_code="09",
            latitude=fourth.latitude, longitude=fourth.longitude, time_zone="Europe/Paris",
        )  # fmt: skip
        ddt = OrganizationFactory(
            verified=True,
            kind=OrganizationKind.STATE_SERVICE,
            name="DDT de l’Ariège",
            commune=self.communes[0],
        )
        self.agent = MembershipFactory(organization=ddt)


def look(visitor):
    if visitor.javascript:
        visitor.assert_accessible()
    else:
        visitor.assert_fits()


def scenario(visitor, name, places):
    visitor.fill("Nom du scénario", name)
    visitor.fill("Combien de nouveaux lieux ?", str(places))
    visitor.press("Calculer")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_gap_becomes_a_call(open_visitor, javascript):
    land = Land()
    visitor = open_visitor(javascript=javascript)
    page = visitor.page
    visitor.sign_in(land.agent.user, land.agent)
    visitor.go(reverse("siting:list"))
    look(visitor)
    visitor.press("Ouvrir une étude", role="link")
    visitor.press("Continuer")
    assert page.locator("#erreurs").is_visible()
    look(visitor)
    visitor.fill("Titre", "Accès aux droits en Ariège")
    page.locator("#id_area").fill("departement:09")
    page.get_by_label("Médiation et accès aux services").check(force=True)
    visitor.press("Continuer")
    look(visitor)
    scenario(visitor, "Deux lieux", 2)
    main = page.get_by_role("main")
    assert main.get_by_text("2 nouveaux lieux, avec les lieux existants, mettent").is_visible()
    look(visitor)
    visitor.press("Essayer une autre hypothèse", role="link")
    scenario(visitor, "Trois lieux", 3)
    first, second = Scenario.objects.order_by("pk")
    assert first.result["existing"] == [1, 1] and second.covered > first.covered
    visitor.go(reverse("siting:study", args=[first.study.key]))
    look(visitor)
    visitor.press("Comparer côte à côte")
    assert main.get_by_role("row", name="Desservis en tout").is_visible()
    look(visitor)
    take_away(visitor, first)
    turn_into_a_call(visitor, first, land)
    keep_an_eye(visitor, first)


def take_away(visitor, first):
    page = visitor.page
    page.goto(visitor.origin + reverse("siting:scenario", args=[first.key]), wait_until="load")
    with page.expect_download() as pdf:
        page.get_by_role("main").get_by_role("link", name="Rapport (PDF)").click()
    assert pdf.value.suggested_filename == "acces-aux-droits-en-ariege-deux-lieux.pdf"
    with page.expect_download() as table:
        page.get_by_role("main").get_by_role("link", name="Tableau (CSV)").click()
    assert table.value.suggested_filename.endswith(".csv")


def turn_into_a_call(visitor, first, land):
    page = visitor.page
    visitor.press("Agir", role="link", exact=False)
    look(visitor)
    visitor.press("Transformer cet écart en appel")
    call = CallForInitiatives.objects.get()
    assert str(call.key) in page.url and "brouillon d’appel" in page.content()
    assert call.organization == land.agent.organization
    assert first.study.title in call.because


def keep_an_eye(visitor, first):
    page = visitor.page
    visitor.go(reverse("siting:scenario", args=[first.key]))
    visitor.press("Agir", role="link", exact=False)
    visitor.press("Suivre")
    assert WatchItem.objects.get().scenario == first
    look(visitor)
    visitor.press("C’est en cours")
    assert page.get_by_role("main").get_by_text("En cours").first.is_visible()
    visitor.press("Suivre un sujet", role="link")
    look(visitor)
    visitor.fill("Objet", "Une ancienne poste cherche un usage")
    visitor.press("Enregistrer")
    assert WatchItem.objects.count() == 2
