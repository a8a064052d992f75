"""A commune files its project, stops, takes it up elsewhere; each page with axe, or no script."""

import re

import pytest

from preau.core import clock
from preau.notifications.models import Email
from preau.projects.enums import ProjectState, QuestionKind
from preau.projects.models import ProgrammePerimeter, Project
from tests.accounts.factories import UserFactory
from tests.projects.factories import pair, programme
from tests.projects.filing import asked_by, commune

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
GO = "Enregistrer et continuer"


@pytest.fixture
def villages():
    place = commune()
    pair(place.departement)
    made = programme(name="Villages d’avenir", is_national=False)
    ProgrammePerimeter.objects.create(programme=made, commune=place, since=clock.today())
    asked_by(made, ("chef", QuestionKind.YES_NO, True), ("axe", QuestionKind.CHOICES))
    return made


def look(visitor):
    visitor.check()
    visitor.assert_accessible()


def up_to_money(visitor):
    """From the first page to the budget, an error on the way."""
    page = visitor.page
    visitor.go("/projets/deposer/")
    look(visitor)
    visitor.press("Commencer")
    visitor.press(GO)
    look(visitor)  # with its error
    page.get_by_label("Nature de la structure").select_option("commune")
    visitor.fill("Commune de la structure", "Voiron 38500")
    visitor.press(GO)
    visitor.fill("Nom du projet", "Rénover l’école")
    visitor.fill("Pourquoi ce projet ?", "Le chauffage est hors d’âge.")
    page.get_by_text("Étude : nous").click()
    page.get_by_text("Transition énergétique").click()
    look(visitor)
    visitor.press(GO)
    visitor.fill("Ajouter une commune", "Coublevie")
    visitor.press("Ajouter cette commune")
    look(visitor)
    visitor.press(GO)
    look(visitor)
    visitor.press(GO)
    assert page.url.endswith("/budget/")


def after_money(visitor):
    visitor.fill("Budget prévisionnel", "1,2 M€")
    visitor.press(GO)
    visitor.press(GO)
    look(visitor)  # a required question was left
    visitor.page.get_by_text("Oui", exact=True).click()
    visitor.press(GO)
    visitor.fill("Prénom et nom", "Jeanne Martin")
    visitor.fill("Adresse électronique", "jeanne@voiron.example")
    look(visitor)
    visitor.press(GO)
    look(visitor)
    assert visitor.page.url.endswith("/recapitulatif/")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_commune_files_and_resumes_elsewhere(open_visitor, villages, javascript):
    commune("Coublevie", "38133", "38500")
    first = open_visitor(javascript=javascript)
    up_to_money(first)
    first.press("Finir plus tard")
    first.fill("Votre adresse électronique", "jeanne@voiron.example")
    look(first)
    first.press("Recevoir le lien")
    link = re.search(r"/projets/reprendre/[^/\s]+/", Email.objects.get().text)[0]

    second = open_visitor(javascript=javascript)
    second.go(link)
    look(second)
    second.press("Reprendre le dépôt")
    assert second.page.url.endswith("/budget/")
    after_money(second)
    second.page.go_back()
    second.page.go_forward()
    second.page.reload()
    project = Project.objects.get()
    person = UserFactory(email="jeanne@voiron.example")
    Project.objects.filter(pk=project.pk).update(holder_user=person, visitor_key="")
    second.sign_in(person)  # the code by e-mail is test_accounts' business
    second.go(f"/projets/{project.key}/deposer/recapitulatif/")
    look(second)
    second.press("Déposer le projet")
    look(second)
    assert "vous répond" in second.page.get_by_role("main").inner_text()
    project.refresh_from_db()
    assert project.state == ProjectState.DEPOSITED
    second.go("/projets/mes-projets/")
    look(second)
