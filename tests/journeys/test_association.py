"""An association finds a class room for a term evening and books it; the college answers."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from preau.availability import opening_index
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from tests.journeys.world import ASSOCIATION, TUESDAY, college, letter, term_evening

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(db, monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", opening_index.HORIZON / 5)
    return college()


def find(ines, day):
    """From the home page to the slot."""
    ines.go("/")
    ines.assert_accessible()
    ines.fill("Où ?", "Saint-Egreve")
    ines.fill("Quel jour ?", day.isoformat())
    ines.fill("Combien de personnes ?", "25")
    ines.press("Voir les lieux libres")
    ines.assert_accessible()
    ines.page.locator("#id_debut").fill("18:00")
    ines.page.locator("#id_fin").fill("20:00")
    ines.press("Chercher")
    ines.page.wait_for_url(re.compile("debut=18"))
    assert ines.page.get_by_role("heading", name="Collège Jean-Moulin").is_visible()
    ines.assert_accessible()
    ines.press("Salle de musique", role="link")
    ines.assert_accessible()
    ines.page.go_back()
    ines.page.wait_for_load_state("load")
    ines.press("Réserver ce créneau", role="link", exact=False)


def sign_in_on_the_way(ines, email):
    ines.assert_accessible()
    ines.fill("Adresse électronique", email)
    ines.press("Recevoir un code")
    ines.assert_accessible()
    ines.fill("Code reçu", letter(email, "code").subject[:9])
    ines.press("Me connecter")


def ask(ines, day):
    ines.assert_accessible()
    ines.press("Retenir ce créneau et continuer")
    sign_in_on_the_way(ines, "presidente@example.org")
    ines.assert_accessible()
    ines.page.get_by_label(ASSOCIATION).check(force=True)
    ines.fill("Objet", "Répétition de la chorale")
    ines.fill("Nombre de personnes attendues", "25")
    ines.fill("Son téléphone", "04 76 00 00 00")
    ines.press("Continuer")
    ines.assert_accessible()
    ines.page.get_by_label("J’ai lu le règlement").check(force=True)
    ines.press("Envoyer la demande")
    ines.assert_accessible()
    main = ines.page.get_by_role("main").inner_text()
    assert "Votre demande est envoyée" in main
    assert re.search(r"Département de l’Isère a jusqu’au .+ pour répondre", main)
    assert f"{day.day}" in main
    return Booking.objects.get()


def address_in(mail):
    """The button of an e-mail."""
    return urlsplit(re.search(r"https?://\S+", mail.text)[0]).path


def accept_from_the_desk(helene, booking):
    mail = letter("principale@example.org", "Salle de musique")
    assert ASSOCIATION in mail.text
    helene.go(address_in(mail))
    helene.assert_accessible()
    assert helene.page.get_by_text("À vous de répondre").is_visible()
    helene.go(reverse("desk:today"))
    helene.assert_accessible()
    helene.press("Accepter")
    helene.assert_accessible()
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED


def talk(ines, helene, booking):
    page = reverse("booking:page", args=[booking.reference])
    ines.go(page)
    ines.fill("Votre message", "Pourrons-nous utiliser le piano ?")
    ines.press("Envoyer le message")
    ines.assert_accessible()
    helene.go(page)
    assert helene.page.get_by_text("Pourrons-nous utiliser le piano ?").is_visible()
    helene.fill("Votre message", "Oui, il est accordé.")
    helene.press("Envoyer le message")
    ines.go(page)
    assert ines.page.get_by_text("Oui, il est accordé.").is_visible()
    ines.assert_accessible()


def cancel(ines, booking):
    ines.press("Annuler la réservation", role="link")
    ines.assert_accessible()
    ines.fill("Motif", "Notre cheffe de chœur est malade.")
    ines.press("Annuler la réservation")
    ines.assert_accessible()
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert "malade" in letter("principale@example.org", "Annulation").text


@pytest.mark.parametrize("javascript", [True, False])
def test_a_class_room_for_a_term_evening(open_visitor, school, javascript):
    ines, helene = (open_visitor(javascript=javascript) for _ in range(2))
    helene.sign_in(school.head)
    day = term_evening(school.room.place, TUESDAY)
    find(ines, day)
    booking = ask(ines, day)
    assert booking.organization == school.association
    accept_from_the_desk(helene, booking)
    mail = letter("presidente@example.org", "accept")
    assert "BEGIN:VCALENDAR" in mail.calendar
    ines.go(address_in(mail))
    ines.assert_accessible()
    talk(ines, helene, booking)
    cancel(ines, booking)
    slot = f"?debut={booking.period.start.isoformat()}".replace("+", "%2B")
    ines.go(reverse("booking:start", args=[school.room.pk]) + slot)
    assert ines.page.get_by_role("heading", name="Ce créneau est libre").is_visible()


def test_on_a_school_morning_another_time_is_offered(visitor, school):
    day = term_evening(school.room.place)
    visitor.go(f"/trouver/?ou=38120&jour={day}&debut=10:00&fin=12:00&personnes=25")
    visitor.assert_accessible()
    assert visitor.page.get_by_role("link", name="Réserver ce créneau").first.is_visible()


def test_back_and_forward_after_a_quick_search(visitor, school):
    page = visitor.go("/trouver/?ou=Saint-Egreve")
    visitor.fill("Combien de personnes ?", "12")
    visitor.press("Chercher")
    page.get_by_role("heading", name="Collège Jean-Moulin").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Collège Jean-Moulin").wait_for()
    assert not page.get_by_label("Combien de personnes ?").input_value()
    pin = page.get_by_role("button", name="1. Collège Jean-Moulin")
    pin.press("Enter")
    page.locator(".leaflet-popup").get_by_role("link", name="Salle de musique").wait_for()
    page.go_forward()
    page.wait_for_url(re.compile("personnes=12"))
    visitor.check()
