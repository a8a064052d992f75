"""A town calls; an association answers; a jury scores; the answer becomes a project that books."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from preau.availability import index
from preau.booking.models import Booking
from preau.core import clock
from preau.initiatives.models import CallForInitiatives, Submission
from preau.projects.enums import ProjectState
from preau.projects.models import Project
from tests.accounts.factories import UserFactory
from tests.availability.factories import open_space
from tests.initiatives.factories_calls import association, keeper
from tests.journeys.world import letter
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.projects.factories import pair_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
JURY = "jury@example.org"


@pytest.fixture
def town(db):
    """A commune with a hall that is open, and its pair of services."""
    town = keeper()
    pair_of(town.organization.commune)
    place = PlaceFactory(
        owner=town.organization, commune=town.organization.commune, name="La Halle"
    )
    room = SpaceFactory(place=place, name="Grande salle", capacity=60)
    open_space(room)
    index.index_space(room)
    return town


def look(visitor):
    visitor.check()
    if visitor.javascript:
        visitor.assert_accessible()


def link_in(mail):
    return urlsplit(re.search(r"https?://\S+", mail.text)[0]).path


def prepare(clerk):
    """From an empty page to a published call."""
    day = clock.today()
    clerk.go(reverse("initiatives:call_desk"))
    look(clerk)
    clerk.press("Préparer un appel", role="link", exact=False)
    clerk.press("Enregistrer")  # nothing typed: said, nothing lost
    look(clerk)
    clerk.fill("Titre de l’appel", "Faire vivre la Halle")
    clerk.fill("Territoire", "Isère")
    clerk.fill("Ce que vous cherchez, et pour qui", "Des ateliers ouverts à tous.")
    clerk.page.locator("#id_opens_on").fill((day - timedelta(days=1)).isoformat())
    clerk.page.locator("#id_closes_on").fill((day + timedelta(days=9)).isoformat())
    clerk.press("Enregistrer")
    look(clerk)
    clerk.press("Modifier", role="link")
    clerk.page.get_by_label("La Halle, Grande salle").check(force=True)
    clerk.press("Enregistrer")
    clerk.press("Critères", role="link")
    look(clerk)
    clerk.fill("Critère", "Utile aux habitants")
    clerk.press("Ajouter le critère")
    clerk.press("Revenir à l’appel", role="link")
    clerk.press("Questions", role="link")
    clerk.fill("Question", "Qui s’en occupe ?")
    clerk.press("Ajouter la question")
    look(clerk)
    clerk.press("Revenir à l’appel", role="link")
    clerk.press("Inviter ou retirer quelqu’un", role="link")
    clerk.fill("Adresse électronique", JURY)
    clerk.press("Envoyer l’invitation")
    look(clerk)
    clerk.press("Revenir à l’appel", role="link")
    clerk.press("Publier l’appel", role="link")
    look(clerk)
    clerk.press("Publier l’appel")
    look(clerk)
    return CallForInitiatives.objects.get()


def answer(ines):
    """Stopped on the way, taken up again, sent."""
    ines.go(reverse("initiatives:calls"))
    look(ines)
    ines.press("Faire vivre la Halle", role="link", exact=False)
    look(ines)
    ines.press("Répondre à cet appel", role="link")
    look(ines)
    ines.press("Commencer")
    ines.press("Enregistrer et continuer")
    look(ines)  # with its errors
    ines.fill("Nom de votre initiative", "Repair café du samedi")
    ines.fill("En quoi elle consiste", "On répare ensemble, une fois par mois.")
    ines.fill("Commune où elle se passerait", "Grenoble")
    ines.press("Enregistrer et continuer")
    look(ines)
    ines.press("Finir plus tard", role="link")
    look(ines)
    ines.press("Repair café du samedi", role="link")
    ines.fill("Qui s’en occupe ?", "Six bénévoles.")
    ines.press("Enregistrer et continuer")
    look(ines)
    ines.press("Envoyer ma candidature")
    look(ines)
    return Submission.objects.get()


def judge(judge_of_it, clerk, call):
    """Joined by the letter, scored after the closing, decided."""
    judge_of_it.go(link_in(letter(JURY, "jury")))
    look(judge_of_it)
    judge_of_it.press("Accepter")
    look(judge_of_it)
    now = clock.now()
    CallForInitiatives.objects.update(
        opens_at=now - timedelta(days=30), closes_at=now - timedelta(minutes=1)
    )
    clerk.go(reverse("initiatives:call_manage", args=[call.key]))
    clerk.press("Ouvrir l’examen")
    look(clerk)
    judge_of_it.go(reverse("initiatives:jury", args=[call.key]))
    look(judge_of_it)
    judge_of_it.press("Repair café du samedi", role="link")
    look(judge_of_it)
    judge_of_it.page.get_by_label("Utile aux habitants : note sur 5").select_option("4")
    judge_of_it.press("Envoyer mon avis")
    look(judge_of_it)
    clerk.go(reverse("initiatives:call_manage", args=[call.key]))
    look(clerk)
    clerk.press("Décider", role="link", exact=False)
    look(clerk)
    clerk.page.get_by_label("Retenue", exact=True).check(force=True)
    clerk.fill("Motif", "Utile à tout le quartier.")
    clerk.press("Noter la décision")
    clerk.press("Relire et envoyer les décisions", role="link")
    look(clerk)
    clerk.press("Envoyer les décisions")
    clerk.press("Proposer d’en faire un projet")
    look(clerk)


def book(ines):
    """The project's first slot, for the project, in the hall that was offered."""
    ines.press("La Halle, Grande salle", role="link")
    look(ines)
    ines.leave_by(ines.page.locator(".find-next a").first)
    ines.press("Retenir ce créneau et continuer")
    look(ines)
    ines.fill("Objet", "Première séance")
    ines.fill("Nombre de personnes attendues", "20")
    ines.fill("Son téléphone", "04 76 00 00 00")
    ines.press("Continuer")
    for box in ines.page.locator("main input[type=checkbox]").all():
        box.check(force=True)
    ines.leave_by(ines.page.locator("main form button[type=submit]").last)
    look(ines)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_an_answer_becomes_a_project_that_books(open_visitor, town, javascript):
    clerk = open_visitor(javascript=javascript)
    clerk.sign_in(town.user, town.membership)
    call = prepare(clerk)
    people, member = association(), UserFactory()
    ines, judge_of_it = open_visitor(javascript=javascript), open_visitor(javascript=javascript)
    ines.sign_in(people.user, people.membership)
    judge_of_it.sign_in(member)
    submission = answer(ines)
    judge(judge_of_it, clerk, call)

    ines.go(link_in(letter(people.user.email, "propose de faire un projet")))
    look(ines)
    ines.press("En faire un projet")
    look(ines)
    project = Project.objects.get()
    assert (project.state, project.name) == (ProjectState.DEPOSITED, submission.title)
    book(ines)
    assert Booking.objects.get().cause == f"projet:{project.key}"
    ines.go(reverse("projects:sheet", args=[project.key]))
    look(ines)
    assert ines.page.get_by_role("heading", name="Candidature").is_visible()
