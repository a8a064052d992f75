"""Every Tuesday of a school year in a collège: asked, agreed by two, signed by three, amended."""

import pytest
from django.urls import reverse

from preau.agreements.enums import AgreementState
from preau.agreements.models import Agreement
from preau.booking.enums import BookingState, DateState
from tests.journeys import parties, towns
from tests.journeys.world import letter

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def college(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    towns.empty_queue()
    yield towns.college()
    towns.empty_queue()


def look_for(ines, college):
    """« Toutes les semaines », from the search page to the dates of the room."""
    ines.go(reverse("find:search"))
    ines.press("Toutes les semaines", role="link", exact=False)
    ines.fill("Où ?", "Grenoble")
    ines.fill("Combien de personnes ?", "25")
    ines.page.get_by_label("Quel jour ?").select_option(label="Mardi")
    ines.page.locator("#id_de").fill("18:00")
    ines.page.locator("#id_a").fill("20:00")
    ines.fill("À partir du", college.first.isoformat())
    ines.fill("Jusqu’au", college.last.isoformat())
    ines.page.get_by_label("Sauf vacances scolaires").check(force=True)
    ines.press("Chercher")
    ines.assert_accessible()
    ines.screenshot("01-recherche-semaines")
    ines.press("Voir les dates : Salle de musique, Collège Jean-Moulin", role="link")
    ines.assert_accessible()
    ines.screenshot("02-dates")


def choose(ines):
    """Holidays are set aside with their names; the date taken goes to the other room."""
    page = ines.page
    page.get_by_text("Jours écartés du rythme").click()
    assert page.get_by_text("Vacances de la Toussaint").count() >= 2
    page.get_by_label("Salle d’arts plastiques, à la même heure (30 personnes)").check(force=True)
    ines.press("Retenir ces dates et continuer")
    ines.assert_accessible()


def ask(ines, college):
    ines.screenshot("03-demande")
    parties.describe(
        ines,
        college.president.organization,
        purpose="Répétition de la chorale",
        people=25,
        also={"Votre qualité": "présidente"},
    )
    ines.assert_accessible()
    ines.screenshot("04-pieces")
    assert ines.page.get_by_text("À déposer maintenant").first.is_visible()
    parties.hand_in_insurance(ines, college.last)
    ines.assert_accessible()
    ines.press("Continuer")
    ines.assert_accessible()
    ines.screenshot("05-recapitulatif")
    assert ines.page.get_by_text("Gratuité, associations de la commune").is_visible()
    assert ines.page.get_by_label("contrat d’engagement républicain").count()
    booking = parties.send(ines)
    ines.assert_accessible()
    ines.screenshot("06-envoyee")
    return booking


def accept(visitor, booking, name):
    visitor.go(reverse("booking:page", args=[booking.reference]))
    visitor.assert_accessible()
    visitor.screenshot(f"07-{name}")
    visitor.press("Accepter")
    visitor.assert_accessible()
    booking.refresh_from_db()


def agree(open_visitor, ines, college, booking, javascript):
    """The head of school, then the département; the agreement is drawn up by the worker."""
    page = reverse("booking:page", args=[booking.reference])
    head, clerk = (open_visitor(javascript=javascript) for _ in range(2))
    head.sign_in(college.head)
    accept(head, booking, "principale")
    assert booking.state == BookingState.REQUESTED
    clerk.sign_in(college.clerk.user, college.clerk)
    accept(clerk, booking, "departement")
    assert booking.state == BookingState.TO_COMPLETE
    towns.worker()
    ines.go(page)
    ines.assert_accessible()
    ines.screenshot("08-a-completer")
    assert ines.page.get_by_text("C’est à Inès Favre de signer").is_visible()
    booking.refresh_from_db()
    return clerk


def sign_all(open_visitor, booking, javascript):
    capacities = {
        "presidente@example.org": "présidente",
        "principale@example.org": "principale",
        "education@example.org": "directeur de l’éducation",
    }
    for rank, (email, capacity) in enumerate(capacities.items()):
        person = open_visitor(javascript=javascript)  # signed out, on their own machine
        parties.sign(person, email, capacity, look=rank == 0)
        person.check()
    towns.worker()
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED
    assert "BEGIN:VCALENDAR" in letter("presidente@example.org", "confirmée").calendar


def keep_the_copy(ines, booking, tmp_path):
    """The booking page leads to the agreement, the vault keeps it, anybody can check it."""
    ines.go(reverse("booking:page", args=[booking.reference]))
    ines.assert_accessible()
    ines.screenshot("10-confirmee")
    ines.go(reverse("agreements:show", args=[booking.agreement.number]))
    ines.assert_accessible()
    ines.screenshot("11-convention")
    ines.go(reverse("documents:vault"))
    ines.assert_accessible()
    ines.screenshot("12-coffre")
    copy = parties.download(ines, f"{booking.agreement.title}, exemplaire signé", tmp_path)
    assert copy.read_bytes().startswith(b"%PDF")
    parties.verify(ines, copy)
    ines.screenshot("13-verifier")
    for name in ("Inès Favre", "Hélène Roche", "Marc Perrin"):
        assert ines.page.get_by_role("rowheader", name=name).count()


def give_one_back(ines, booking):
    """One date is cancelled: the agreement is amended, the booking stands."""
    date = booking.dates.order_by("occupancy__period")[9]
    ines.go(reverse("booking:date_cancel", args=[date.pk]))
    ines.assert_accessible()
    ines.screenshot("14-annuler-une-date")
    ines.press("Annuler ces dates")
    towns.worker()
    date.refresh_from_db()
    assert date.state == DateState.CANCELLED
    amendment = Agreement.objects.get(amends=booking.agreement)
    assert amendment.state == AgreementState.SIGNING
    ines.go(reverse("booking:page", args=[booking.reference]))
    ines.assert_accessible()
    ines.screenshot("15-avenant")
    assert ines.page.get_by_text("Signature de l’avenant", exact=True).is_visible()
    ines.go(reverse("agreements:show", args=[amendment.number]))
    ines.assert_accessible()
    ines.screenshot("16-avenant-page")
    assert ines.page.get_by_text("Ce que l’avenant change").is_visible()
    assert letter("presidente@example.org", "À signer").text.count(amendment.number)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_every_tuesday_of_a_school_year(open_visitor, college, tmp_path, javascript):
    ines = open_visitor(javascript=javascript)
    ines.sign_in(college.president.user, college.president)
    look_for(ines, college)
    choose(ines)
    booking = ask(ines, college)
    dates = booking.dates.select_related("occupancy")
    assert 30 <= dates.count() <= 38
    assert dates.get(occupancy__space=college.other).period.start.date() == college.taken
    clerk = agree(open_visitor, ines, college, booking, javascript)
    sign_all(open_visitor, booking, javascript)
    keep_the_copy(ines, booking, tmp_path)
    give_one_back(ines, booking)
    for person in (ines, clerk):
        person.check()
