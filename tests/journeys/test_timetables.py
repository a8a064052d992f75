"""A coordinator composes the week of two towns and publishes it; the other town accepts."""

import pytest
from django.urls import reverse

from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.timetables.actions import composing
from preau.timetables.models import Hosting, Run, Timetable
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.availability.factories import open_space
from tests.journeys.world import letter
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.territories.factories import CommuneFactory
from tests.timetables.factories import WORKING, season

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


class Land:
    """An intercommunal coordinator with a house of services; another town with a town hall, too
    far for its inhabitants to be served from the first: every best grid sits in both."""

    def __init__(self):
        self.commune = CommuneFactory(population=16000)
        self.other = CommuneFactory(
            code="38563", name="Voiron", latitude=45.3642, longitude=5.5906,
            postcodes=["38500"], population=16000,
        )  # fmt: skip
        self.coordinator = self._member(self.commune, "Mairie de Grenoble")
        self.neighbour = self._member(self.other, "Mairie de Voiron")
        for membership, name in (
            (self.coordinator, "Maison des services"),
            (self.neighbour, "Mairie annexe"),
        ):
            town = membership.organization
            place = PlaceFactory(owner=town, name=name, commune=town.commune)
            open_space(SpaceFactory(place=place, name="Bureau", capacity=8), WORKING)

    @staticmethod
    def _member(commune, name):
        town = OrganizationFactory(verified=True, town=True, name=name, commune=commune)
        return MembershipFactory(organization=town)


@pytest.fixture
def land(db):
    return Land()


def create(coordinator, days):
    coordinator.go(reverse("timetables:list"))
    coordinator.assert_accessible()
    coordinator.press("Composer une grille", role="link", exact=False)
    coordinator.assert_accessible()
    coordinator.page.locator("#id_name").fill("Permanences d’hiver")
    coordinator.page.locator("#id_first_day").fill(days["first_day"].isoformat())
    coordinator.page.locator("#id_last_day").fill(days["last_day"].isoformat())
    for name in ("in_school_holidays", "on_public_holidays"):
        box = coordinator.page.locator(f"#id_{name}")
        box.press("Space")  # under a drawn box: a click there depends on where it stands
        assert box.is_checked()
    assert coordinator.page.locator("#id_area_key").input_value().startswith("Grenoble")
    coordinator.page.locator("#id_area_key").fill("")
    coordinator.press("Créer la grille")
    assert coordinator.page.locator("#erreurs").is_visible()  # no territory yet
    coordinator.assert_accessible()
    coordinator.page.locator("#id_area_key").fill("Isère")
    coordinator.press("Créer la grille")
    coordinator.assert_accessible()


def add_service(coordinator, label, sessions):
    coordinator.press("Ajouter un service", role="link")
    coordinator.page.locator("#id_label").fill(label)
    coordinator.page.locator("#id_provider_name").fill("CAF de l’Isère")
    coordinator.page.locator("#id_sessions").fill(str(sessions))
    coordinator.assert_accessible()
    coordinator.press("Enregistrer le service")


def send_a_table(coordinator):
    coordinator.press("Envoyer un tableau", role="link")
    coordinator.assert_accessible()
    wrong = "Service;Structure;Permanences;Durée en minutes\nConciliateur;Tribunal;deux;120\n"
    for content in (wrong, wrong.replace("deux", "1")):
        coordinator.page.locator("#id_file").set_input_files(
            {"name": "services.csv", "mimeType": "text/csv", "buffer": content.encode()}
        )
        coordinator.press("Envoyer le tableau")
        coordinator.assert_accessible()
        if content == wrong:
            assert "n’est pas un nombre" in coordinator.page.content()


def keep_spaces(coordinator):
    coordinator.press("Choisir les lieux", role="link")
    coordinator.assert_accessible()
    for name in ("Maison des services", "Mairie annexe"):
        coordinator.press(f"Retenir {name}, Bureau")
    coordinator.assert_accessible()


def compose(coordinator):
    coordinator.press("Grille", role="link")
    coordinator.assert_accessible()
    coordinator.press("Composer")
    text = coordinator.page.locator("main").inner_text()
    assert "mieux" in text
    assert "Ce qui n’est pas placé" not in text
    coordinator.assert_accessible()
    for view in ("Par service", "Par médiateur", "Par lieu"):
        coordinator.press(view, role="link")
        coordinator.assert_accessible()


def move_by_hand(coordinator):
    """Across the closing hour: shown at once; then back to a good hour."""
    coordinator.leave_by(coordinator.page.locator("main table a").first)
    coordinator.assert_accessible()
    coordinator.page.locator("#id_start").fill("17:00")
    coordinator.press("Déplacer")
    assert "Ne tient pas ainsi" in coordinator.page.content()
    coordinator.assert_accessible()
    coordinator.press("Ne plus épingler")
    coordinator.press("Recomposer")
    assert "Ce qui ne tient pas" not in coordinator.page.content()


def improve(coordinator):
    coordinator.press("Améliorer")
    assert "Calcul en cours" in coordinator.page.content()
    coordinator.assert_accessible()
    coordinator.press("Arrêter et garder la meilleure")
    composing.work(Run.objects.get(ended_at=None).pk)
    coordinator.go(reverse("timetables:show", args=[Timetable.objects.get().key]))
    coordinator.press("Versions", role="link")
    coordinator.page.locator("#a").select_option("1")
    coordinator.page.locator("#b").select_option("2")
    coordinator.press("Comparer")
    coordinator.assert_accessible()


def publish(coordinator):
    coordinator.press("Grille", role="link")
    coordinator.press("Publier", role="link")
    coordinator.assert_accessible()
    assert "une demande leur est envoyée" in coordinator.page.content()
    coordinator.press("Publier la grille")
    assert "La grille est publiée" in coordinator.page.content()
    coordinator.assert_accessible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_coordinator_composes_and_publishes_a_week(open_visitor, land, javascript):
    coordinator, neighbour = (open_visitor(javascript=javascript) for _ in range(2))
    coordinator.sign_in(land.coordinator.user, land.coordinator)
    create(coordinator, season(area_key=""))
    add_service(coordinator, "Aide aux démarches", 3)
    send_a_table(coordinator)
    keep_spaces(coordinator)
    compose(coordinator)
    move_by_hand(coordinator)
    improve(coordinator)
    publish(coordinator)
    taken = Occupancy.objects.filter(kind=OccupancyKind.RESIDENCY, released_at=None)
    before = taken.count()
    hosting = Hosting.objects.get(state="demandee")
    assert "Voiron" in str(hosting.place.owner)
    assert letter(land.neighbour.user.email, "permanence")
    neighbour.sign_in(land.neighbour.user, land.neighbour)
    neighbour.go(reverse("timetables:hosting", args=[hosting.pk]))
    neighbour.assert_accessible()
    neighbour.press("Accepter ces permanences")
    neighbour.assert_accessible()
    assert taken.count() > before
    neighbour.go(reverse("desk:planning", args=[hosting.place_id]))
    neighbour.go(reverse("find:place", args=[hosting.place.slug]))
    assert "Permanences" in neighbour.page.content()
    coordinator.go(reverse("timetables:show", args=[Timetable.objects.get().key]))
    coordinator.press("Arrêter ces permanences", role="link")
    coordinator.assert_accessible()
    coordinator.page.locator("#id_reason").fill("Le financement s’arrête.")
    coordinator.press("Arrêter les permanences")
    assert not taken.exists()
    for visitor in (coordinator, neighbour):
        visitor.check()
