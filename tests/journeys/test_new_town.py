"""A new town, from nothing to a room that anyone can book, through the guide alone."""

import re

import pytest
from django.urls import reverse

from preau.accounts.models import Organization
from preau.agreements.enums import AuthorityRole
from preau.agreements.loading import load_national_models
from preau.agreements.queries import authority_for
from preau.availability import opening_index
from preau.booking.rules import rules_for
from preau.notifications.models import Email
from preau.places.models import Space
from preau.pricing.models import Rate
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.availability.factories import open_space
from tests.journeys.world import town
from tests.places.factories import SpaceFactory
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SIRET = "21380185500015"
#: What one may type and open before a quarter of an hour has gone: two questions a minute.
MOST_PAGES, MOST_FIELDS = 14, 20


@pytest.fixture(autouse=True)
def _usual_models(db, monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", opening_index.HORIZON / 2)
    load_national_models()
    CommuneFactory()


class Clerk:
    """A visitor who counts the pages opened and the fields filled in."""

    def __init__(self, visitor):
        self.visitor, self.pages, self.fields = visitor, 1, 0

    def fill(self, **values):
        for name, value in values.items():
            self.visitor.page.locator(f"#id_{name}").fill(value)
            self.fields += 1

    def choose(self, label):
        self.visitor.page.get_by_role("main").get_by_label(label).check(force=True)
        self.fields += 1

    def select(self, name, value):
        self.visitor.page.locator(f"#id_{name}").select_option(value)
        self.fields += 1

    def press(self, name="Continuer", **kwargs):
        self.visitor.press(name, **kwargs)
        self.visitor.assert_accessible()
        self.pages += 1


def begin(clerk):
    """The structure, mistaken once, and its proof by a code to the town hall."""
    clerk.fill(siret=SIRET[:-1] + "6", name="Mairie de Grenoble", commune="38000")
    clerk.press()
    assert "Ce numéro contient une erreur" in clerk.visitor.page.content()
    assert clerk.visitor.page.locator("#id_name").input_value() == "Mairie de Grenoble"
    clerk.fill(siret=SIRET)
    clerk.press()
    clerk.press("Envoyer le code")
    code = Email.objects.filter(recipient="mairie@grenoble.example").latest("pk")
    clerk.fill(code=re.search(r"\d{4}-\d{4}", code.text)[0])
    clerk.press("Vérifier la structure")


def describe(clerk):
    """The place, the room, when it opens."""
    clerk.fill(name="Salle Olympe-de-Gouges", address="3 rue des Tilleuls")
    clerk.select("kind", "salle_des_fetes")
    clerk.press()
    assert clerk.visitor.page.locator("#id_name").input_value() == "Salle Olympe-de-Gouges"
    clerk.fill(capacity="120")
    clerk.press()
    clerk.press()  # the usual hours of such a place


def decide(clerk):
    """The price, the accord, the agreement, who signs it."""
    clerk.choose("C’est payant, aux prix écrits ci-dessous")
    clerk.visitor.page.get_by_text("Écrire les prix, si c’est payant").click()
    clerk.fill(commune_heure="10", exterieur_heure="20", commune_journee="80")
    clerk.press()
    clerk.press()  # a manager says yes, the insurance may follow
    clerk.press()  # the national agreement, as it is
    clerk.fill(owner_name="Ana Roux", owner_email="maire@grenoble.example")
    clerk.press()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_new_town_opens_its_first_room(open_visitor, javascript, record_property):
    visitor = open_visitor(javascript=javascript)
    visitor.sign_in(UserFactory())
    visitor.go(reverse("desk:setup"))
    visitor.assert_accessible()
    clerk = Clerk(visitor)
    begin(clerk)
    describe(clerk)
    decide(clerk)
    page = clerk.visitor.page.get_by_role("main").inner_text()
    assert "Encore à faire" not in page
    clerk.press("Publier")
    assert "Votre lieu est ouvert" in visitor.page.content()
    clerk.press("Voir la page publique", role="link")
    record_property("pages", clerk.pages)
    record_property("fields", clerk.fields)
    assert clerk.pages <= MOST_PAGES
    assert clerk.fields <= MOST_FIELDS
    said(Organization.objects.get())
    stranger = open_visitor(javascript=javascript)
    stranger.go(visitor.page.url.removeprefix(visitor.origin))
    stranger.page.locator("main a.pr-cell--free").first.click()
    stranger.page.wait_for_url("**/reservations/nouvelle/**")


def said(organization):
    """What the answers have written, in the rooms they belong to."""
    space = Space.objects.get()
    assert organization.siret == SIRET and organization.is_verified
    assert space.is_public and space.opening.calendar.name == "Salle des fêtes"
    rules = rules_for(space)
    assert rules.agreement_model.is_national and rules.documents.count() == 1
    assert authority_for(space.place, AuthorityRole.OWNER).capacity == "maire"
    assert {(one.residence, one.unit): one.amount_cents for one in Rate.objects.all()} == {
        ("commune", "heure"): 1000,
        ("exterieur", "heure"): 2000,
        ("", "journee"): 8000,
    }


@pytest.mark.parametrize("javascript", [True, False])
def test_one_stops_and_comes_back(open_visitor, javascript):
    """What can wait is passed; the home page leads back; the answers given are said, not asked."""
    visitor = open_visitor(javascript=javascript)
    visitor.sign_in(UserFactory())
    visitor.go(reverse("desk:setup"))
    clerk = Clerk(visitor)
    clerk.fill(siret=SIRET, name="Mairie de Grenoble", commune="38000")
    clerk.press()
    clerk.press("Continuer sans attendre", role="link")
    describe(clerk)
    visitor.go("/")
    visitor.assert_accessible()
    clerk.press("Reprendre l’ouverture de votre lieu", role="link", exact=False)
    clerk.press("Ses horaires", role="link")
    assert "suit les horaires" in visitor.page.content()
    clerk.press("Continuer", role="link")
    for _ in range(4):
        clerk.press("Passer cette étape", role="link", exact=False)
    assert "La vérification manque" in visitor.page.content()
    assert not Space.objects.get().is_public


@pytest.mark.parametrize("javascript", [True, False])
def test_many_spaces_change_at_once(open_visitor, javascript):
    house = town()
    member = MembershipFactory(organization=house.room.place.owner)
    other = SpaceFactory(place=house.room.place, name="Petite salle", max_minutes=60)
    open_space(other)
    visitor = open_visitor(javascript=javascript)
    visitor.sign_in(member.user, member)
    visitor.go(reverse("desk:change_many"))
    clerk = Clerk(visitor)
    for one in (house.room, other):
        clerk.choose(f"{one.place.name} – {one.name}")
    clerk.choose("Changer : durée minimale")
    clerk.select("min_minutes", "120")
    clerk.press("Voir ce que cela changerait")
    assert "Ce changement ne peut pas se faire tel quel" in visitor.page.content()
    clerk.press("Revenir au choix")
    clerk.choose("Changer : durée maximale")
    clerk.select("max_minutes", "240")
    clerk.press("Voir ce que cela changerait")
    clerk.press("Confirmer ces changements")
    assert "C’est changé" in visitor.page.content()
    other.refresh_from_db()
    assert (other.min_minutes, other.max_minutes) == (120, 240)
