"""A mediator's week: visits counted, a file followed and handed over, a training, the agenda."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.mediation.enums import EventState, FileState
from preau.mediation.models import (
    FollowUpFile,
    FollowUpStep,
    Mandate,
    PlaceEvent,
    Training,
    Visit,
)
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.journeys.steps import choose, follow, look, press, reads, silent, tick
from tests.mediation.factories import sheet_of
from tests.places.factories import PlaceFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])


@pytest.fixture
def town(db):
    return OrganizationFactory(verified=True, town=True)


@pytest.fixture
def sheet(town):
    return sheet_of(PlaceFactory(owner=town, name="Maison des services"))


def enter(open_visitor, javascript, organization, name, role=MembershipRole.MEMBER):
    """A member of a structure, in front of their browser."""
    user = UserFactory(first_name=name, last_name="Diallo")
    membership = MembershipFactory(user=user, organization=organization, role=role)
    one = open_visitor(javascript=javascript)
    one.sign_in(membership.user, membership)
    return one


def status(visitor, address):
    """What the address answers to this person, without leaving their page."""
    return visitor.page.request.get(visitor.origin + address, max_redirects=0).status


@SCRIPTS
def test_visits_are_counted_once(open_visitor, sheet, town, javascript):
    nadia = enter(open_visitor, javascript, town, "Nadia")
    nadia.go(reverse("mediation:mine"))
    look(nadia)
    follow(nadia, "Compter une visite")
    press(nadia, "Compter")  # nothing is ticked
    assert reads(nadia, "Cochez au moins un thème.")
    tick(nadia, "Aide au numérique", "Impôts")
    nadia.fill("Personnes", "2")
    nadia.fill("Commune d’où l’on vient", sheet.commune.name)
    sent = nadia.page.locator("main form").first.evaluate(
        "form => new URLSearchParams(new FormData(form)).toString()"
    )
    press(nadia, "Compter")
    assert reads(nadia, "2 personnes comptées")
    again = nadia.page.request.post(
        nadia.page.url,
        data=sent,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": nadia.page.url,
        },
    )
    assert again.ok
    visit = Visit.objects.get()
    assert (visit.people, set(visit.themes)) == (2, {"numerique", "impots"})
    assert visit.origin == sheet.commune

    tick(nadia, "Santé, assurance maladie")
    press(nadia, "Compter")
    press(nadia, "Retirer")  # the last one was a mistake
    assert Visit.objects.get() == visit
    follow(nadia, "Voir les chiffres")
    assert reads(nadia, "Aide au numérique")
    assert reads(nadia, sheet.commune.name)
    nadia.check()


def open_a_file(nadia):
    nadia.go(reverse("mediation:files"))
    look(nadia)
    follow(nadia, "Ouvrir un dossier")
    nadia.fill("Comment la personne veut être nommée", "Madame D.")
    nadia.fill("Comment la joindre", "06 00 00 00 00")
    choose(nadia, "Thème principal", "Logement, énergie")
    tick(nadia, "Signé sur papier, gardé par la structure")
    press(nadia, "Ouvrir le dossier")  # she was not told
    assert reads(nadia, "Sans cet accord éclairé, aucun dossier ne s’ouvre.")
    assert not FollowUpFile.objects.exists()
    tick(nadia, "Je lui ai dit ce qui est noté, qui le lit, et qu’elle peut tout faire effacer")
    press(nadia, "Ouvrir le dossier")
    return FollowUpFile.objects.get()


def follow_it_up(nadia, today):
    follow(nadia, "Noter un mandat")
    nadia.fill("Démarches confiées", "Demande d’allocation logement en ligne")
    nadia.fill("Jusqu’au", (today + timedelta(days=90)).isoformat())
    press(nadia, "Enregistrer")
    follow(nadia, "Noter une démarche")
    nadia.fill("Ce qui a été fait", "Dossier d’allocation logement envoyé")
    nadia.fill("À revoir le", (today + timedelta(days=14)).isoformat())
    press(nadia, "Enregistrer")
    press(nadia, "C’est fait")
    assert reads(nadia, "Revue le")


@SCRIPTS
def test_a_file_is_followed_handed_over_closed_and_erased(open_visitor, sheet, town, javascript):
    nadia = enter(open_visitor, javascript, town, "Nadia")
    marc = enter(open_visitor, javascript, town, "Marc")
    elsewhere = OrganizationFactory(verified=True)
    sheet_of(PlaceFactory(owner=elsewhere))
    stranger = enter(open_visitor, javascript, elsewhere, "Inès", MembershipRole.ADMINISTRATOR)
    file = open_a_file(nadia)
    follow_it_up(nadia, clock.today(sheet.zone))
    address = reverse("mediation:file", args=[file.key])
    assert [status(one, address) for one in (nadia, marc, stranger)] == [200, 403, 403]

    follow(nadia, "Confier à un collègue")
    choose(nadia, "À qui ?", "Marc Diallo")
    press(nadia, "Enregistrer")
    assert reads(nadia, "Aucun dossier")
    assert [status(one, address) for one in (nadia, marc, stranger)] == [403, 200, 403]

    marc.go(reverse("mediation:files"))
    look(marc)
    follow(marc, file.reference)
    assert reads(marc, "Dossier d’allocation logement envoyé")
    assert reads(marc, "Demande d’allocation logement en ligne")
    follow(marc, "Clore le dossier")
    press(marc, "Clore le dossier")
    file.refresh_from_db()
    assert file.state == FileState.CLOSED
    assert not marc.page.get_by_role("link", name="Noter une démarche").count()

    follow(marc, "Tout effacer")
    press(marc, "Effacer définitivement")
    file.refresh_from_db()
    assert (file.state, file.name, file.contact) == (FileState.ERASED, "", "")
    assert not FollowUpStep.objects.exists()
    assert not Mandate.objects.exists()
    assert status(marc, address) == 404
    stranger.go(reverse("mediation:files"))
    look(stranger)
    assert silent(stranger, file.reference)
    for one in (nadia, marc, stranger):
        one.check()


@SCRIPTS
def test_a_training_is_registered(open_visitor, sheet, town, javascript):
    nadia = enter(open_visitor, javascript, town, "Nadia")
    head = enter(open_visitor, javascript, town, "Luce", MembershipRole.ADMINISTRATOR)
    head.go(reverse("mediation:mine"))
    follow(head, "Registre des formations de la structure")
    choose(head, "Personne", "Nadia Diallo")
    head.page.locator("#id_title").fill("Aidants Connect")
    head.fill("Suivie le", (clock.today(sheet.zone) - timedelta(days=30)).isoformat())
    press(head, "Inscrire")  # its length is missing
    assert not Training.objects.exists()
    head.fill("Durée, en heures", "14")
    press(head, "Inscrire")
    made = Training.objects.get()
    assert (made.title, made.hours, made.person.first_name) == ("Aidants Connect", 14, "Nadia")
    nadia.go(reverse("mediation:trainings"))
    look(nadia)
    assert reads(nadia, "Aidants Connect")
    assert not nadia.page.get_by_role("button", name="Inscrire").count()
    for one in (nadia, head):
        one.check()


def draft_a_workshop(head, today):
    head.go(reverse("mediation:mine"))
    follow(head, "Agenda")
    follow(head, "Ajouter un rendez-vous")
    head.fill("Titre", "Réparer son vélo")
    head.fill("De quoi il s’agit", "Apportez le vôtre.")
    head.page.locator("#id_day").fill((today + timedelta(days=3)).isoformat())
    head.page.locator("#id_start").fill("20:00")
    head.page.locator("#id_end").fill("18:00")
    head.page.get_by_label("Annoncer tout de suite").uncheck(force=True)
    press(head, "Enregistrer")  # it ends before it begins
    assert not PlaceEvent.objects.exists()
    head.page.locator("#id_start").fill("18:00")
    head.page.locator("#id_end").fill("20:00")
    press(head, "Enregistrer")
    return PlaceEvent.objects.get()


@SCRIPTS
def test_an_event_is_drafted_announced_and_cancelled(open_visitor, sheet, town, javascript):
    head = enter(open_visitor, javascript, town, "Luce", MembershipRole.MANAGER)
    passer_by = open_visitor(javascript=javascript)
    event = draft_a_workshop(head, clock.today(sheet.zone))
    feed = reverse("mediation:place_feed", args=[sheet.slug])
    assert status(passer_by, event.get_absolute_url()) == 404
    passer_by.go(reverse("mediation:agenda"))
    look(passer_by)
    assert silent(passer_by, "Réparer son vélo")
    assert "VEVENT" not in passer_by.page.request.get(passer_by.origin + feed).text()

    press(head, "Annoncer")
    passer_by.go(reverse("mediation:agenda"))
    look(passer_by)
    follow(passer_by, "Réparer son vélo")
    assert reads(passer_by, "Apportez le vôtre.")
    assert not passer_by.page.get_by_role("link", name="Annuler ce rendez-vous").count()
    calendar = passer_by.page.request.get(passer_by.origin + feed).text()
    assert "SUMMARY:Réparer son vélo" in calendar
    assert "STATUS:CONFIRMED" in calendar

    follow(head, "Annuler ce rendez-vous")
    press(head, "Annuler le rendez-vous")  # without a reason
    event.refresh_from_db()
    assert event.state == EventState.PUBLISHED
    head.fill("Motif", "L’animateur est souffrant.")
    press(head, "Annuler le rendez-vous")
    event.refresh_from_db()
    assert (event.state, event.reason) == (EventState.CANCELLED, "L’animateur est souffrant.")
    passer_by.go(event.get_absolute_url())
    look(passer_by)
    assert reads(passer_by, "L’animateur est souffrant.")
    calendar = passer_by.page.request.get(passer_by.origin + feed).text()
    assert "STATUS:CANCELLED" in calendar
    for one in (head, passer_by):
        one.check()
