"""A clerk writes one number and an address, the registers fill the rest; one of them goes down."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.models import Organization
from preau.accounts.tasks import refresh_from_register
from preau.outside.calls import FAILURES_TO_PAUSE
from preau.resources import mirror
from tests.accounts.factories import UserFactory
from tests.integrations.misbehaving import door, running
from tests.journeys.steps import days_pass, follow, look, press, reads
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
SIRET = "213 805 633 00012"


@pytest.fixture
def services(settings):
    with (
        running("fakes.geocoder") as geocoder,
        running("fakes.companies") as register,
        running("fakes.aides_territoires") as aids,
    ):
        settings.GEOCODER_URL, settings.COMPANIES_URL = geocoder, register
        settings.AIDES_TERRITOIRES = {"url": aids, "key": "a-key-of-tests"}
        yield {"register": register, "aids": aids}


def fill_from_the_number(clerk):
    clerk.go(reverse("accounts:organization_create"))
    look(clerk)
    clerk.screenshot("told-once-empty")
    clerk.fill("Numéro SIRET ou SIREN", SIRET)
    clerk.fill("Nom", "Mairie de Voiron")
    press(clerk, "Remplir d’après l’annuaire")
    assert reads(clerk, "Rempli d’après l’annuaire des entreprises")
    assert reads(clerk, "Ce que vous aviez écrit est gardé")
    clerk.screenshot("told-once-filled")
    press(clerk, "Créer la structure")
    made = Organization.objects.get()
    assert (made.name, made.kind, made.postcode) == ("Mairie de Voiron", "commune", "38500")
    assert reads(clerk, "D’après l’annuaire des entreprises")
    return made


def find_the_place(clerk):
    clerk.go(reverse("places:create"))
    clerk.fill("Adresse", "12 rue des Écoles")
    clerk.fill("Commune", "Voiron")
    press(clerk, "Trouver la position")
    assert reads(clerk, "Position trouvée")
    clerk.screenshot("told-once-place")
    assert clerk.page.get_by_label("Position sur la carte").input_value() == "45.365300, 5.590500"


def choose_later(clerk, made, services, monkeypatch):
    """A month passes; the town hall moves, says the register."""
    door(services["register"], "/_move/213805633?adresse=5+PLACE+NEUVE+38500+VOIRON")
    days_pass(monkeypatch, timedelta(days=31))
    monkeypatch.setattr("preau.accounts.tasks.PAUSE", 0)
    assert refresh_from_register.func(0) == 1
    clerk.go(reverse("accounts:organization", args=[made.pk]))
    look(clerk)
    clerk.screenshot("told-once-offer")
    assert reads(clerk, "« 5 Place Neuve »")
    press(clerk, "Accepter")
    made.refresh_from_db()
    assert (made.address, made.name) == ("5 Place Neuve", "Mairie de Voiron")


def goes_down(clerk, operator, services):
    door(services["register"], "/_mood/500")
    for _ in range(FAILURES_TO_PAUSE):
        clerk.go(reverse("accounts:organization_create"))
        clerk.fill("Nom", "chorale")
        press(clerk, "Remplir d’après l’annuaire")
        assert reads(clerk, "ne répond pas en ce moment : remplissez à la main")
    clerk.screenshot("told-once-down")
    operator.go("/")
    assert reads(operator, "Un service extérieur ne répond pas")
    operator.go(reverse("connectors:services"))
    look(operator)
    operator.screenshot("services")
    follow(operator, "Annuaire des entreprises")
    assert reads(operator, "Il n’est plus appelé pour l’instant")
    operator.screenshot("service-paused")
    door(services["register"], "/_mood/none")
    press(operator, "Essayer maintenant")
    assert reads(operator, "En service")
    clerk.fill("Nom", "chorale")
    press(clerk, "Remplir d’après l’annuaire")
    clerk.screenshot("told-once-namesakes")
    press(clerk, "Choisir Chorale des Quatre Vents")
    assert clerk.page.get_by_label("Numéro RNA").input_value() == "W381234568"


def aids_come_in(operator, services):
    door(services["aids"], "/_aids/60")
    assert mirror.read()
    operator.go(reverse("resources:readings"))
    look(operator)
    operator.screenshot("readings")
    operator.go(reverse("resources:list"))
    operator.press("Rénover les écoles 1", role="link", exact=False)
    assert reads(operator, "Source : Aides-territoires")


@SCRIPTS
def test_what_is_known_is_told_once(open_visitor, services, monkeypatch, javascript):
    CommuneFactory(code="38563", name="Voiron", postcodes=["38500"])
    clerk, operator = (open_visitor(javascript=javascript) for _ in range(2))
    clerk.sign_in(UserFactory())
    operator.sign_in(UserFactory(operator=True))
    made = fill_from_the_number(clerk)
    find_the_place(clerk)
    choose_later(clerk, made, services, monkeypatch)
    goes_down(clerk, operator, services)
    aids_come_in(operator, services)
