"""The neighbourhood that composts, from a kit to a funded campaign: every step by a browser.

What stands before the first click is a town, its market square and its shared hall, a State pair
and people with an account; everything else is done on pages.
"""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.availability import opening_index
from preau.availability.index import index_space
from preau.booking.models import Booking
from preau.core import clock
from preau.initiatives.kit_files import load_kits
from preau.initiatives.models import Campaign, Flow, KitUse, Listing, Partnership, Workshop
from preau.initiatives.queries.kits import supported
from preau.notifications.models import Email
from preau.places.enums import PlaceKind, SpaceKind
from preau.projects.enums import ProjectState
from preau.projects.models import Project, Step
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.availability.factories import open_space
from tests.booking.test_series import reloaded
from tests.booking.test_series_plan import first_day
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.projects.factories import pair
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
GO = "Enregistrer et continuer"


@pytest.fixture
def town(monkeypatch):
    """Grenoble: its pair, its town hall, a shared hall and the market square."""
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=230))
    load_kits()
    commune = CommuneFactory()
    pair(commune.departement)
    town = OrganizationFactory(kind=OrganizationKind.COMMUNE, verified=True, name="Ville")
    for kind, name, space in (
        (PlaceKind.MAISON_ASSOCIATIONS, "Maison des Prés", SpaceKind.SALLE_ACTIVITES),
        (PlaceKind.PLACE_PUBLIQUE, "Place du Marché", SpaceKind.PLACE_PUBLIQUE),
    ):
        made = SpaceFactory(
            place=PlaceFactory(owner=town, name=name, kind=kind), name=name, kind=space, capacity=80
        )
        open_space(made)
        index_space(reloaded(made))
    return town


def look(visitor):
    visitor.check()
    if visitor.javascript:
        visitor.assert_accessible()


def check(visitor, *labels):
    for label in labels:
        visitor.page.get_by_label(label, exact=True).first.check(force=True)


def begin_with_a_kit(sarah):
    """The kit, the page of support, a project filed with what the kit gave."""
    sarah.go(reverse("initiatives:kits"))
    sarah.press("Installer un composteur collectif", role="link", exact=False)
    look(sarah)
    sarah.press("Utiliser ce kit", role="link")
    sarah.fill("Nom du nouveau projet", "Le compost des Prés")
    sarah.press("Commencer")
    sarah.press("Ouvrir une page de soutien", role="link")
    sarah.fill("Ce que vous dites aux habitants", "Un bac au pied de nos immeubles.")
    sarah.press("Mettre la page en ligne")
    look(sarah)


def file_the_project(sarah):
    project = Project.objects.get()
    sarah.go(reverse("projects:file_who", args=[project.key]))
    sarah.press(GO)
    sarah.fill("Pourquoi ce projet ?", "Un tiers de nos poubelles est fait de restes de repas.")
    sarah.page.get_by_text("Idée : ").click()
    sarah.press(GO)
    sarah.fill("Ajouter une commune", "Grenoble")
    sarah.press("Ajouter cette commune")
    while not sarah.page.url.endswith("/contact/"):
        sarah.press(GO)
    sarah.fill("Prénom et nom", "Sarah Haddad")
    sarah.fill("Adresse électronique", "sarah@compost.example")
    sarah.press(GO)
    look(sarah)
    sarah.press("Déposer le projet")
    project.refresh_from_db()
    assert project.state == ProjectState.DEPOSITED
    return project


def neighbours_support(open_visitor, javascript):
    use = KitUse.objects.get()
    for name in ("Ana", "Lou"):
        neighbour = open_visitor(javascript=javascript)
        neighbour.go(reverse("initiatives:support_page", args=[use.key]))
        neighbour.fill("Votre prénom", name)
        neighbour.fill("Votre commune", "Grenoble")
        neighbour.fill("Votre adresse électronique", f"{name}@example.org")
        neighbour.press("Soutenir ce projet")
        neighbour.go(path_in(f"{name}@example.org", r"https?://[^/]+(/\S+)"))
        neighbour.press("Confirmer mon soutien")
        look(neighbour)
    assert supported(use).count == 2


def path_in(address, pattern):
    letter = Email.objects.filter(recipient__iexact=address).latest("pk")
    return re.search(pattern, letter.text)[1]


def record_the_currency(sarah, project):
    sarah.go(reverse("initiatives:currency_add", args=[project.key]))
    sarah.fill("Nom de la monnaie", "Le Grain")
    sarah.fill("Commerces et structures partenaires", "Épicerie\nBoulangerie\nLibrairie")
    sarah.fill("Depuis le", clock.today().isoformat())
    sarah.press("Enregistrer")
    look(sarah)
    assert Partnership.objects.get().project == project


def hold_a_workshop(clerk, sarah, project):
    """The town's cell gathers donors and farms; what is decided becomes an action."""
    clerk.go(reverse("initiatives:workshop_desk"))
    clerk.press("Annoncer un atelier", role="link", exact=False)
    clerk.fill("Titre de l’atelier", "Boucler nos circuits de déchets alimentaires")
    clerk.fill("Territoire", "Isère")
    clerk.page.locator("#id_day").fill((clock.now() + timedelta(days=4)).date().isoformat())
    clerk.page.locator("#id_start").fill("18:00")
    clerk.page.locator("#id_end").fill("20:00")
    clerk.fill("Où", "Maison des Prés")
    clerk.fill("Ordre du jour", "Ce qui existe (20 min)\nQui donne, qui prend")
    clerk.press("Enregistrer")
    clerk.press("Inviter", role="link")
    clerk.fill("Personnes à inviter", "ferme@sources.example ; Luc Roux ; Ferme des Sources")
    clerk.press("Inviter")
    look(clerk)
    now = clock.now()  # four days pass
    Workshop.objects.update(starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1))
    workshop = Workshop.objects.get()
    clerk.go(reverse("initiatives:workshop", args=[workshop.key]))
    clerk.press("Écrire le compte rendu", role="link")
    clerk.fill("Compte rendu", "La ferme prend le compost mûr et livre ses légumes au retour.")
    clerk.press("Enregistrer le compte rendu")
    clerk.press("Ajouter une conclusion", role="link")
    clerk.fill("Ce qui est décidé", "Suivre la friche derrière le marché")
    clerk.fill("Qui s’en charge", "La cellule")
    clerk.fill("Pour le", (now + timedelta(days=90)).date().isoformat())
    clerk.press("Ajouter")
    clerk.press("Clore et envoyer les conclusions")
    look(clerk)


def offer_and_need(sarah, farm, project):
    """Compost offered, scraps needed; the farm answers and the flow is written."""
    place_listing(
        sarah,
        side="proposez quelque chose",
        title="Compost mûr",
        text="Au pied des immeubles, le samedi.",
        quantity="80 kg par mois",
        project=project.name,
    )
    place_listing(
        farm,
        side="cherchez quelque chose",
        title="Compost pour nos planches",
        text="Nous venons le chercher.",
        quantity="100 kg par mois",
    )
    offer = Listing.objects.get(side="offre")
    sarah.go(f"/mes-annonces/{offer.key}/")
    assert sarah.page.get_by_text("Compost pour nos planches").first.is_visible()
    look(sarah)
    sarah.press("Conclure", role="link")
    sarah.fill("Quelqu’un d’autre", "Ferme des Sources")
    sarah.press("Conclure")
    flow = Flow.objects.get()
    assert (flow.receiver_name, flow.project) == ("Ferme des Sources", project)
    sarah.go(f"/projets/{project.key}/flux/")
    assert sarah.page.get_by_text("Ferme des Sources").first.is_visible()
    look(sarah)


def place_listing(visitor, *, side, title, text, quantity, project=""):
    visitor.go("/mes-annonces/nouvelle/")
    check(visitor, side, "Régulièrement")
    visitor.page.get_by_label("Catégorie").select_option("denrees")
    visitor.fill("Titre", title)
    visitor.fill("Précisions", text)
    visitor.fill("Commune", "Grenoble")
    visitor.page.get_by_label("Quantité").fill(quantity)
    if project:
        visitor.page.get_by_label("Pour un projet").select_option(label=project)
    visitor.press("Enregistrer")
    visitor.press("Publier l’annonce")
    look(visitor)


def book(sarah, project, space_name, rhythm, weekday, hours):
    """A recurring occupation for the project, from the search to the request."""
    booked = Booking.objects.count()
    first = first_day(reloaded_by(space_name), weekday)
    weeks = 9 if rhythm == "semaine" else 25
    asked = {
        "ou": "Grenoble",
        "projet": str(project.key),
        "jour": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")[weekday],
        "rythme": rhythm,
        "premier": first.isoformat(),
        "jusquau": (first + timedelta(weeks=weeks)).isoformat(),
        "de": f"{hours[0]}:00",
        "a": f"{hours[1]}:00",
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    sarah.go(f"{reverse('find:series')}?{query}")
    look(sarah)
    sarah.press(f"Voir les dates : {space_name}, {space_name}", role="link")
    sarah.press("Retenir ces dates et continuer")
    sarah.fill("Objet", "Don et vente d’invendus")
    sarah.fill("Nombre de personnes attendues", "40")
    sarah.fill("Son téléphone", "04 76 00 00 00")
    sarah.press("Continuer")
    sarah.page.get_by_label("J’ai lu le règlement").check(force=True)
    sarah.press("Envoyer la demande")
    look(sarah)
    assert Booking.objects.count() == booked + 1
    return Booking.objects.latest("pk")


def reloaded_by(name):
    from preau.places.models import Space

    return reloaded(Space.objects.get(name=name))


def accept_as_the_town(clerk, booking):
    clerk.go(reverse("booking:page", args=[booking.reference]))
    clerk.press("Accepter")
    look(clerk)


def fund_the_campaign(sarah, company, project):
    today = clock.today()
    sarah.go(f"/projets/{project.key}/collectes/nouvelle/")
    sarah.fill("Titre", "Déchets à partager !")
    sarah.fill("Présentation", "Relier ceux qui ont des restes et ceux qui ont des plantes.")
    sarah.fill("Premier jour", today.isoformat())
    sarah.fill("Dernier jour", (today + timedelta(days=40)).isoformat())
    sarah.page.get_by_label("Page de la collecte en argent").fill("https://www.dons.example/pres")
    sarah.press("Enregistrer")
    for kind, what, much in (
        ("Argent", "Le site", "1000"),
        ("Heures de savoir-faire", "Code", "20"),
    ):
        sarah.press("Ajouter un objectif", role="link")
        check(sarah, kind)
        sarah.fill("Quoi", what)
        sarah.fill("Combien", much)
        sarah.press("Enregistrer")
    sarah.press("Ouvrir la collecte")
    look(sarah)
    made = Campaign.objects.get()
    company.go(f"/collectes/{made.key}/")
    look(company)
    company.press("Promettre : Code", role="link")
    company.page.get_by_label("Combien", exact=False).first.fill("20")
    check(company, "Montrer mon nom parmi les remerciements sur la page")
    company.press("Promettre")
    sarah.go(f"/projets/collectes/{made.key}/")
    sarah.press("Confirmer", exact=False)
    sarah.press("Noter le montant collecté", role="link")
    sarah.fill("Montant collecté à ce jour, en euros", "1000")
    sarah.fill("Comment on le sait", "Page de la plateforme")
    Campaign.objects.update(opened_at=made.opened_at - timedelta(days=20))  # twenty days pass
    sarah.press("Enregistrer")
    assert sarah.page.get_by_text("Tout est trouvé en 20").first.is_visible()
    look(sarah)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_the_neighbourhood_closes_its_loops(open_visitor, town, javascript):
    holder = MembershipFactory(
        organization__name="Le Compost des voisins",
        organization__kind=OrganizationKind.ASSOCIATION,
        role=MembershipRole.ADMINISTRATOR,
    )
    hall = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    farmer = MembershipFactory(
        organization__name="Ferme des Sources", role=MembershipRole.ADMINISTRATOR
    )
    sarah, clerk, farm = (open_visitor(javascript=javascript) for _ in range(3))
    sarah.sign_in(holder.user, holder)
    clerk.sign_in(hall.user, hall)
    farm.sign_in(farmer.user, farmer)

    begin_with_a_kit(sarah)
    neighbours_support(open_visitor, javascript)
    project = file_the_project(sarah)
    record_the_currency(sarah, project)
    hold_a_workshop(clerk, sarah, project)
    assert not Step.objects.filter(project=project).exists()
    offer_and_need(sarah, farm, project)

    weekly = book(sarah, project, "Maison des Prés", "semaine", 3, (17, 19))
    accept_as_the_town(clerk, weekly)
    monthly = book(sarah, project, "Place du Marché", "mois", 6, (9, 13))
    accept_as_the_town(clerk, monthly)
    sarah.go(reverse("projects:sheet", args=[project.key]))
    for place in ("Maison des Prés", "Place du Marché"):
        assert sarah.page.get_by_text(place).first.is_visible()
    look(sarah)

    person = UserFactory(first_name="Marc")
    company = open_visitor(javascript=javascript)
    company.sign_in(person)
    fund_the_campaign(sarah, company, project)
    for one in (sarah, clerk, farm, company):
        one.check()
