"""A company rents an auditorium for two days with options and a deposit; a second one comes late."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.agreements.enums import LegalCase
from preau.booking.enums import BookingState
from preau.core import clock
from tests.journeys import parties, towns

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
#: Two days at 700 €, three microphones at 10 €, the screen at 60 € a day, the cleaning.
TOTAL_CENTS = 2 * 70_000 + 3 * 1_000 + 2 * 6_000 + 8_000


@pytest.fixture
def house(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    towns.empty_queue()
    yield towns.auditorium()
    towns.empty_queue()


def two_days(place):
    """A Tuesday and the Wednesday after it, two months ahead: no week-end price comes in."""
    day = clock.today(place.zone) + timedelta(days=60)
    day += timedelta(days=(1 - day.weekday()) % 7)
    return day, day + timedelta(days=1)


def hold(visitor, space):
    """From the page of the space, a slot typed over two days."""
    first, last = two_days(space.place)
    visitor.go(reverse("booking:start", args=[space.pk]))
    visitor.fill("Jour", first.isoformat())
    visitor.page.locator("#id_de").fill("09:00")
    visitor.page.locator("#id_a").fill("18:00")
    visitor.fill("Dernier jour", last.isoformat())
    visitor.press("Vérifier ce créneau")
    visitor.assert_accessible()
    visitor.press("Retenir ce créneau et continuer")
    return last


def describe(visitor, membership, until):
    parties.describe(
        visitor,
        membership.organization,
        purpose="Séminaire annuel",
        people=25,
        also={"Votre qualité": "gérant"},
    )
    parties.hand_in_insurance(visitor, until)


def choose(visitor, options):
    for name, quantity in options.items():
        visitor.fill(name, str(quantity))
    visitor.press("Continuer")


def ask(paul, house):
    """Options with their quantities; the price is explained line by line and is what is owed."""
    last = hold(paul, house.hall)
    paul.assert_accessible()
    describe(paul, house.company, last)
    paul.assert_accessible()
    choose(paul, {"Micro sans fil": 7})
    assert "Il y en a 6 en tout." in paul.page.content()
    paul.assert_accessible()
    choose(paul, {"Micro sans fil": 3, "Écran de 6 mètres": 1, "Ménage": 1})
    paul.assert_accessible()
    paul.screenshot("20-prix")
    said = paul.page.get_by_role("main").inner_text().replace("\u202f", " ").replace("\xa0", " ")
    for line in (
        "Location, 2 journées",
        "Tarif « Auditoriums », entreprises",
        "1 400,00 €",
        "Micro sans fil",
        "30,00 €",
        "120,00 €",
        "80,00 €",
        "1 630,00 €",
        "Caution : 1 000,00 €",
    ):
        assert line in said, f"{line} is not in\n{said}"
    booking = parties.send(paul)
    assert booking.price.total_cents == TOTAL_CENTS
    assert booking.price.deposit_cents == 100_000
    assert sum(one["amount_cents"] for one in booking.price.lines) == TOTAL_CENTS
    return booking


def come_too_late(rival, house):
    """The other hall is free, the screen is not any more: which one, and how to go on."""
    last = hold(rival, house.studio)
    describe(rival, house.rival, last)
    choose(rival, {"Écran de 6 mètres": 1})
    for box in rival.page.get_by_role("main").get_by_role("checkbox").all():
        box.check(force=True)
    rival.press("Envoyer la demande")
    rival.assert_accessible()
    rival.screenshot("21-option-prise")
    said = rival.page.get_by_role("main").inner_text()
    assert "Il ne reste plus assez de «\xa0Écran de 6 mètres\xa0»" in said
    choose(rival, {"Écran de 6 mètres": 0, "Micro sans fil": 3})
    return parties.send(rival)


def sign_both(open_visitor, booking, javascript):
    towns.worker()
    booking.refresh_from_db()
    assert booking.agreement.version.model.case == LegalCase.PUBLIC_DOMAIN
    for email, capacity in (
        ("ateliers@example.org", "gérant"),
        ("culture@example.org", "adjointe"),
    ):
        person = open_visitor(javascript=javascript)
        parties.sign(person, email, capacity)
        person.check()
    towns.worker()
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_two_days_with_options_and_a_deposit(open_visitor, house, javascript):
    paul, rival, sofia = (open_visitor(javascript=javascript) for _ in range(3))
    paul.sign_in(house.company.user, house.company)
    booking = ask(paul, house)
    rival.sign_in(house.rival.user, house.rival)
    second = come_too_late(rival, house)
    assert second.state == BookingState.REQUESTED
    sofia.sign_in(house.agent.user, house.agent)
    sofia.go(reverse("booking:page", args=[booking.reference]))
    sofia.assert_accessible()
    sofia.screenshot("22-demande-agent")
    sofia.press("Accepter")
    sofia.assert_accessible()
    sign_both(open_visitor, booking, javascript)
    paul.go(reverse("agreements:show", args=[booking.agreement.number]))
    paul.assert_accessible()
    paul.screenshot("23-convention")
    assert "1 630,00" in paul.page.content().replace("\u202f", " ").replace("\xa0", " ")
    for person in (paul, rival, sofia):
        person.check()
