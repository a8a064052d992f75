"""A charter from its text to a label: written, opened, signed by both, confirmed a year later, left."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.agreements.enums import AgreementState
from preau.agreements.loading import load_national_models
from preau.agreements.models import Clause
from preau.agreements.queries import draft
from preau.charters import tasks
from preau.charters.enums import AdhesionState, CharterState
from preau.charters.models import Charter, CharterAdhesion
from preau.directory.models import Label
from preau.notifications.models import Notification
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.journeys import parties, towns
from tests.journeys.steps import days_pass, follow, look, press, reads, silent, tick
from tests.mediation.factories import sheet_of
from tests.places.factories import PlaceFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NAME = "Lieux partagés du pays"


@pytest.fixture
def house(settings, tmp_path):
    """A town's place, in the directory; the national texts are there to start from."""
    settings.MEDIA_ROOT = tmp_path / "files"
    towns.empty_queue()
    load_national_models()
    town = OrganizationFactory(verified=True, town=True, name="Ville des Prés")
    place = PlaceFactory(owner=town, name="Maison des Prés")
    sheet_of(place)
    yield place
    towns.empty_queue()


def enter(open_visitor, javascript, organization):
    membership = MembershipFactory(organization=organization, role=MembershipRole.ADMINISTRATOR)
    one = open_visitor(javascript=javascript)
    one.sign_in(membership.user, membership)
    return one, membership


def write(clerk):
    """The presentation, then the text, of which one clause is the keeper's own."""
    clerk.go(reverse("charters:mine"))
    look(clerk)
    follow(clerk, "Créer une charte")
    clerk.fill("Nom de la charte", NAME)
    clerk.fill("À quoi elle sert", "Des lieux qui s’ouvrent à plusieurs.")
    clerk.fill("Label affiché", "Lieu partagé")
    clerk.fill("Territoire de la charte", "Atlantide")
    press(clerk, "Créer la charte")
    assert not Charter.objects.exists()
    clerk.fill("Territoire de la charte", "Isère")
    press(clerk, "Créer la charte")
    charter = Charter.objects.get()
    press(clerk, "Ouvrir aux adhésions")  # its text is not published
    assert reads(clerk, "Relisez et publiez d’abord le texte de la charte")
    follow(clerk, "ouvrir le texte")
    publish(clerk, draft(charter.model), "Chacun dit ses heures creuses.", "Première version")
    return charter


def publish(clerk, version, sentence, note):
    """One clause says it now; the version is published."""
    clause = Clause.objects.filter(version=version).exclude(text="").latest("position")
    follow(clerk, f"Modifier la clause {clause.title}")
    clerk.fill("Texte", sentence)
    press(clerk, "Enregistrer la clause")
    clerk.fill("Ce qui change dans cette version", note)
    press(clerk, "Publier cette version")
    version.refresh_from_db()
    assert version.is_published


def name_who_signs(visitor, organization, name, email, capacity):
    visitor.go(reverse("agreements:signatories", args=[organization.pk]))
    look(visitor)
    visitor.fill("Prénom et nom", name)
    visitor.fill("Adresse électronique", email)
    visitor.fill("Qualité, comme elle sera écrite", capacity)
    press(visitor, "Désigner")
    assert reads(visitor, name)


def join(owner, charter):
    owner.go(reverse("charters:all"))
    look(owner)
    follow(owner, NAME)
    assert reads(owner, "Chacun dit ses heures creuses.")
    follow(owner, "Faire adhérer un lieu")
    owner.page.get_by_label("Quel lieu adhère ?").select_option(index=0)
    press(owner, "Préparer la charte à signer")
    assert reads(owner, "La charte attend ses signatures")
    towns.worker()
    return CharterAdhesion.objects.get(charter=charter)


def sign(open_visitor, javascript, adhesion):
    for name, capacity in (("president", "président"), ("maire", "maire")):
        person = open_visitor(javascript=javascript)  # signed out, on their own machine
        parties.sign(person, f"{name}@example.org", capacity, look=capacity == "maire")
        person.check()
        towns.worker()
    adhesion.refresh_from_db()
    assert adhesion.state == AdhesionState.ACTIVE
    assert adhesion.agreement.state == AgreementState.SIGNED


def labelled(passer_by, place, charter):
    """What the public reads on the three pages; they must say the same."""
    said = []
    for page in (
        reverse("directory:sheet", args=[place.sheet.slug]),
        reverse("find:place", args=[place.slug]),
    ):
        passer_by.go(page)
        look(passer_by)
        said.append(not silent(passer_by, "Lieu partagé"))
    passer_by.go(charter.get_absolute_url())
    look(passer_by)
    said.append(not silent(passer_by, place.name))
    assert len(set(said)) == 1, said
    return said[0]


def change_the_text(clerk, charter, adhesion):
    """Who has signed stays held by what they signed."""
    clerk.go(reverse("charters:manage", args=[charter.key]))
    look(clerk)
    follow(clerk, "Texte et versions")
    press(clerk, "Préparer une nouvelle version")
    publish(clerk, draft(charter.model), "Chacun dit aussi ses prix.", "Les prix")
    clerk.go(adhesion.get_absolute_url())
    look(clerk)
    assert reads(clerk, "Le texte de la charte a changé depuis la signature.")
    assert adhesion.agreement.version.number == 1


def confirm(owner, adhesion):
    owner.go(adhesion.get_absolute_url())
    look(owner)
    follow(owner, "Confirmer l’adhésion")
    press(owner, "Confirmer l’adhésion")  # nothing is ticked
    assert reads(owner, "Cochez la case pour confirmer")
    tick(owner, "Les engagements de la charte sont tenus dans ce lieu")
    owner.fill("Ce qui a changé depuis un an", "Une cuisine de plus.")
    press(owner, "Confirmer l’adhésion")
    assert reads(owner, "Une cuisine de plus.")


def leave(owner, adhesion):
    owner.go(adhesion.get_absolute_url())
    follow(owner, "Quitter la charte")
    press(owner, "Quitter la charte")  # without a reason
    adhesion.refresh_from_db()
    assert adhesion.state == AdhesionState.ACTIVE
    owner.fill("Motif", "La maison ferme pour travaux.")
    press(owner, "Quitter la charte")
    assert reads(owner, "La maison ferme pour travaux.")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_place_signs_bears_the_label_and_leaves(open_visitor, house, monkeypatch, javascript):
    pays = OrganizationFactory(verified=True, kind=OrganizationKind.EPCI, name="Pays des Prés")
    clerk, keeping = enter(open_visitor, javascript, pays)
    owner, hosting = enter(open_visitor, javascript, house.owner)
    passer_by = open_visitor(javascript=javascript)

    charter = write(clerk)
    name_who_signs(clerk, pays, "Ayoub Petit", "president@example.org", "président")
    name_who_signs(owner, house.owner, "Hélène Morel", "maire@example.org", "maire")
    clerk.go(reverse("charters:manage", args=[charter.key]))
    press(clerk, "Ouvrir aux adhésions")
    charter.refresh_from_db()
    assert charter.state == CharterState.OPEN

    adhesion = join(owner, charter)
    assert not labelled(passer_by, house, charter)
    sign(open_visitor, javascript, adhesion)
    assert labelled(passer_by, house, charter)
    change_the_text(clerk, charter, adhesion)

    days_pass(monkeypatch, timedelta(days=340))
    towns.run(tasks.look_after.func, 0)
    assert Notification.objects.filter(
        user=hosting.user, title__contains="Confirmez l’adhésion"
    ).exists()
    first_end = Label.objects.get().until
    confirm(owner, adhesion)
    assert Label.objects.get().until > first_end + timedelta(days=300)
    days_pass(monkeypatch, timedelta(days=60))  # past the day of the first year
    towns.run(tasks.look_after.func, 0)
    assert labelled(passer_by, house, charter)

    leave(owner, adhesion)
    adhesion.refresh_from_db()
    assert (adhesion.state, adhesion.reason) == (
        AdhesionState.ENDED,
        "La maison ferme pour travaux.",
    )
    assert not Label.objects.exists()
    assert not labelled(passer_by, house, charter)
    assert Notification.objects.filter(user=keeping.user, title__contains="quitte").exists()
    for one in (clerk, owner, passer_by):
        one.check()
