"""A town's agent opens a new room, answers requests, closes a week; the caretaker reads the day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.availability import opening_index
from preau.booking.enums import BookingState
from preau.core import clock
from preau.places.models import Space
from tests.booking.factories import booking
from tests.journeys.world import letter, town

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", opening_index.HORIZON / 2)
    return town()


def create_space(agent, place):
    agent.go(reverse("places:list"))
    agent.assert_accessible()
    agent.press(place.name, role="link", exact=False)
    agent.assert_accessible()
    agent.press("Ajouter un espace", role="link", exact=False)
    agent.assert_accessible()
    agent.press("Créer l’espace")
    assert agent.page.locator("#erreurs").is_visible()
    agent.assert_accessible()
    agent.fill("Nom de l’espace", "Salle de danse")
    agent.page.get_by_label("Nature de l’espace").select_option("salle_activites")
    agent.fill("Nombre de personnes", "30")
    agent.press("Créer l’espace")
    agent.assert_accessible()
    return Space.objects.get(name="Salle de danse")


def give_hours(agent):
    """Term: Monday to Friday 18–22, Saturday all day; holidays 8–22; closed in August."""
    assert "Cet espace n’est jamais ouvert" in agent.page.content()
    agent.press("Lui donner des horaires", role="link")
    agent.assert_accessible()
    agent.press("Créer d’autres horaires", role="link")
    agent.assert_accessible()
    agent.press("Classe de collège", role="link")
    agent.fill("Nom de ces horaires", "Danse")
    agent.page.locator("#id_ligne1-start").fill("00:00")
    agent.page.locator("#id_ligne1-end").fill("00:00")
    agent.assert_accessible()
    agent.press("Voir les quatre prochaines semaines")
    agent.assert_accessible()
    preview = agent.page.locator("#apercu").inner_text()
    assert "18 h – 22 h" in preview.replace("\u00a0", " ")
    assert "août" in preview
    agent.press("Enregistrer ces horaires")
    agent.assert_accessible()
    assert "Les horaires sont enregistrés" in agent.page.content()


def publish(agent, space):
    agent.go(reverse("places:space_detail", args=[space.pk]))
    agent.assert_accessible()
    assert "suit les horaires « Danse »" in agent.page.content()
    agent.press("Publier l’espace", role="link")
    agent.assert_accessible()
    agent.press("Publier")
    agent.assert_accessible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_new_room_is_found_by_the_public(open_visitor, house, javascript):
    agent, passer_by = (open_visitor(javascript=javascript) for _ in range(2))
    agent.sign_in(house.agent.user, house.agent)
    space = create_space(agent, house.place)
    give_hours(agent)
    publish(agent, space)
    passer_by.go("/trouver/?ou=Grenoble&jours=lundi&jours=mardi&duree=120")
    passer_by.assert_accessible()
    passer_by.press("Salle de danse", role="link")
    passer_by.assert_accessible()
    text = passer_by.page.get_by_role("main").inner_text().replace("\u00a0", " ")
    assert "18 h" in text
    assert "vacances" in text


def requests(house):
    """Two requests to answer and two bookings of one week, three weeks ahead."""
    monday = clock.today(house.place.zone)
    ahead = 21 - monday.weekday()
    asked = [booking(house.room, actor=house.occupant, days=days) for days in (10, 11)]
    sure = [
        booking(house.room, actor=house.occupant, days=ahead + n, confirmed=True) for n in (1, 3)
    ]
    return asked, sure, monday + timedelta(days=ahead)


def answer(agent):
    agent.go(reverse("desk:today"))
    agent.assert_accessible()
    agent.press("Accepter")
    assert "est acceptée" in agent.page.content()
    agent.go(reverse("desk:requests"))
    agent.assert_accessible()
    agent.press("Refuser…", role="link")
    agent.assert_accessible()
    agent.press("Refuser la demande")
    assert agent.page.locator("#erreurs").is_visible()
    agent.assert_accessible()
    agent.fill("Pourquoi refusez-vous ?", "La salle est prise par le bureau de vote.")
    agent.press("Refuser la demande")
    agent.assert_accessible()


def close_the_week(agent, house, monday):
    agent.go(reverse("desk:close", args=[house.place.pk]))
    agent.assert_accessible()
    agent.page.get_by_label("Salle Olympe-de-Gouges").check(force=True)
    agent.fill("Du", monday.isoformat())
    agent.fill("Au (inclus)", (monday + timedelta(days=6)).isoformat())
    agent.fill("Motif", "Réfection du parquet")
    agent.press("Continuer")
    agent.assert_accessible()
    agent.page.get_by_label("La garder").first.check(force=True)
    agent.page.get_by_label("L’annuler").last.check(force=True)
    agent.press("Fermer et appliquer ces décisions")
    agent.assert_accessible()


def reopen(agent):
    agent.press("Réfection du parquet", role="link", exact=False)
    agent.assert_accessible()
    agent.press("Rouvrir")
    agent.assert_accessible()
    assert "C’est rendu" in agent.page.content()


@pytest.mark.parametrize("javascript", [True, False])
def test_requests_are_answered_and_a_week_closed(open_visitor, house, javascript):
    agent = open_visitor(javascript=javascript)
    agent.sign_in(house.agent.user, house.agent)
    asked, sure, monday = requests(house)
    answer(agent)
    close_the_week(agent, house, monday)
    for one in (*asked, *sure):
        one.refresh_from_db()
    assert [one.state for one in asked] == [BookingState.CONFIRMED, BookingState.REFUSED]
    assert [one.state for one in sure] == [BookingState.CONFIRMED, BookingState.CANCELLED]
    assert "bureau de vote" in letter(house.occupant.user.email, "n’est pas acceptée").text
    assert "parquet" in letter(house.occupant.user.email, "est annulée").text
    planning = reverse("desk:planning", args=[house.place.pk])
    agent.go(f"{planning}?semaine={monday}")
    agent.assert_accessible()
    table = agent.page.get_by_role("table").inner_text()
    assert "Karim Benali" in table
    assert "Réfection du parquet" in table
    reopen(agent)


def test_the_caretaker_reads_the_day_on_a_phone(open_visitor, house):
    sure = booking(house.room, actor=house.occupant, days=2, confirmed=True)
    day = sure.period.start.astimezone(house.place.zone).date()
    caretaker = open_visitor()
    caretaker.page.set_viewport_size({"width": 320, "height": 640})
    caretaker.sign_in(house.caretaker.user, house.caretaker)
    caretaker.go(reverse("desk:today"))
    caretaker.assert_accessible()
    caretaker.press("la journée de Maison des habitants", role="link")
    caretaker.go(reverse("desk:day", args=[house.place.pk]) + f"?jour={day}")
    caretaker.assert_accessible()
    assert caretaker.page.get_by_role("link", name="04 76 00 00 00").is_visible()
    caretaker.press("Voir la réservation", role="link", exact=False)
    caretaker.assert_accessible()
    assert not caretaker.page.get_by_role("link", name="Annuler").count()
