"""A manager's day in a browser: hours, requests, planning, closure; and the caretaker's."""

import pytest
from django.urls import reverse

from preau.availability.enums import When
from preau.availability.models import OpeningCalendar
from preau.availability.opening import RuleData
from preau.core import clock
from preau.desk.actions.planning import close, take_for_own_use
from preau.places.enums import PlaceRoleKind
from tests.accounts.factories import UserFactory
from tests.availability.factories import open_space
from tests.booking.factories import booking, details, evening, people
from tests.places.factories import PlaceFactory, PlaceRoleFactory, SpaceFactory, hall_in_thirds
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here():
    place = PlaceFactory(
        name="Collège Jean-Moulin, site de la rue des Écoles-Réunies de Saint-Égrève"
    )
    return people(place=place, name="Salle Olympe-de-Gouges")


@pytest.fixture
def place(here):
    return here.space.place


@pytest.fixture
def manager(place):
    return PlaceRoleFactory(place=place, role=PlaceRoleKind.OWNER).user


@pytest.fixture
def busy(here, place):
    """A week with a bit of everything."""
    hall = hall_in_thirds(place)
    open_space(hall)
    long = "Assemblée générale extraordinaire de la fédération des associations du canton"
    waiting = here.book(days=3, typed=details(purpose=long, contact_phone=""))
    here.book(days=0, start=23, end=24, confirmed=True) if clock.now().hour < 20 else None
    here.book(days=4, confirmed=True)
    booking(hall.parts.first(), days=4)
    take_for_own_use(hall, evening(hall, days=5), "Conseil municipal", actor=here.manager)
    close(
        [here.space], evening(here.space, days=6, start=8), "Travaux", kept=[], actor=here.manager
    )
    return waiting


def week_of(period, place):
    return f"?semaine={period.start.astimezone(place.zone).date().isoformat()}"


def pages(place, waiting):
    week = week_of(waiting.period, place)
    day = waiting.period.start.astimezone(place.zone).date().isoformat()
    calendar = OpeningCalendar.objects.filter(place=place).first()
    planning = reverse("desk:planning", args=[place.pk])
    hours = reverse("availability:place", args=[place.pk])
    return [
        reverse("desk:today"),
        reverse("desk:requests"),
        reverse("desk:requests") + "?etat=refusee",
        planning + week,
        planning + week + "&vue=liste",
        reverse("desk:day", args=[place.pk]) + f"?jour={day}",
        reverse("desk:own_use", args=[place.pk]),
        reverse("desk:close", args=[place.pk]),
        reverse("desk:exports"),
        *(
            reverse(f"booking:{name}", args=[waiting.reference])
            for name in ("page", "refuse", "ask_change", "reschedule")
        ),
        hours,
        reverse("availability:choose", args=[place.pk]),
        reverse("availability:new", args=[place.pk]) + "?modele=classe",
        reverse("availability:edit", args=[calendar.pk]),
        reverse("availability:saved", args=[calendar.pk]),
        reverse("availability:exceptions", args=[calendar.pk]),
        reverse("availability:school_holidays", args=[place.pk]),
        reverse("places:detail", args=[place.pk]),
    ]


def test_every_page_is_accessible_wide_and_narrow(visitor, manager, place, busy):
    visitor.sign_in(manager)
    for address in pages(place, busy):
        visitor.go(address)
        visitor.assert_accessible()


def test_hours_are_entered_line_by_line_without_javascript(plain_visitor, manager, place):
    room = SpaceFactory(place=place, name="Salle de musique")
    plain_visitor.sign_in(manager)
    plain_visitor.go(reverse("availability:choose", args=[place.pk]))
    plain_visitor.press("Classe de collège", role="link")
    plain_visitor.fill("Nom de ces horaires", "Musique")
    before = plain_visitor.page.get_by_role("group", name="Ligne").count()
    plain_visitor.press("Ajouter une ligne")
    plain_visitor.page.locator(f"#id_ligne{before}-weekdays_6").check(force=True)
    plain_visitor.page.locator(f"#id_ligne{before}-start").fill("10:00")
    plain_visitor.press("Voir les quatre prochaines semaines")
    plain_visitor.page.get_by_text("Indiquez une heure.").first.wait_for()
    plain_visitor.page.locator(f"#id_ligne{before}-end").fill("02:00")
    plain_visitor.press("Voir les quatre prochaines semaines")
    plain_visitor.page.get_by_text("2 h le lendemain").first.wait_for()
    plain_visitor.assert_accessible()
    plain_visitor.press("Enregistrer ces horaires")
    plain_visitor.page.get_by_text("Les horaires sont enregistrés").first.wait_for()
    assert OpeningCalendar.objects.get(name="Musique").followers.get().space == room


def test_the_preview_is_accessible(visitor, manager, place, here, busy):
    calendar = here.space.opening.calendar
    visitor.sign_in(manager)
    visitor.go(reverse("availability:edit", args=[calendar.pk]))
    visitor.page.locator("#id_ligne0-weekdays_0").uncheck(force=True)
    visitor.page.locator("#id_ligne0-start").fill("08:00")
    visitor.page.locator("#id_ligne0-end").fill("12:00")
    visitor.press("Voir les quatre prochaines semaines")
    visitor.page.get_by_text("Des réservations seraient hors de ces horaires").first.wait_for()
    visitor.assert_accessible()
    visitor.screenshot("apercu")
    visitor.press("Enregistrer ces horaires")
    visitor.assert_accessible()


def test_the_caretaker_reads_the_day_without_javascript(plain_visitor, place, busy):
    caretaker = PlaceRoleFactory(place=place, user=UserFactory()).user
    plain_visitor.sign_in(caretaker)
    day = busy.period.start.astimezone(place.zone).date().isoformat()
    plain_visitor.go(reverse("desk:day", args=[place.pk]) + f"?jour={day}")
    plain_visitor.assert_accessible()
    plain_visitor.press("Lendemain", role="link")
    plain_visitor.assert_accessible()
    plain_visitor.go(reverse("desk:today"))
    plain_visitor.assert_accessible()


def test_overseas_the_manager_is_told_to_enter_school_holidays(visitor):
    departement = DepartementFactory(
        code="974", name="La Réunion", school_zone="REUNION", time_zone="Indian/Reunion"
    )
    commune = CommuneFactory(code="97411", name="Saint-Denis", departement=departement)
    place = PlaceFactory(commune=commune, name="Maison de quartier")
    open_space(SpaceFactory(place=place), [RuleData([0], 480, 960, when=When.TERM)])
    visitor.sign_in(PlaceRoleFactory(place=place, role=PlaceRoleKind.OPERATOR).user)
    visitor.go(reverse("availability:place", args=[place.pk]))
    visitor.page.get_by_text("Les vacances scolaires sont à saisir").first.wait_for()
    visitor.assert_accessible()
    visitor.press("Saisir les vacances scolaires", role="link")
    visitor.fill("Nom", "Été austral")
    visitor.fill("Premier jour sans classe", "2026-12-19")
    visitor.fill("Dernier jour sans classe", "2027-01-25")
    visitor.press("Ajouter ces vacances")
    visitor.page.get_by_text("Été austral").first.wait_for()
    visitor.assert_accessible()
