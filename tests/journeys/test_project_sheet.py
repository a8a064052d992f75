"""A project's sheet in a browser: all its pages seen by those who work on it, script or not."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.core import clock
from preau.projects.actions import assessments, files, states, steps, threads
from preau.projects.actions.steps import Wanted
from preau.projects.enums import ProjectRole, Visibility
from preau.projects.models import ProjectCommune
from tests.documents.pictures import picture
from tests.permissions.samples import World
from tests.projects.factories import blockage
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OF_PROJECT = (
    "sheet", "edit", "pause", "people", "invite", "leave", "steps", "step_add", "threads",
    "thread_begin", "files", "file_add", "file_from_vault", "past", "links", "assessments",
)  # fmt: skip


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return World(projects=True)


@pytest.fixture
def project(world):
    """Full of what a year of work leaves."""
    one = world.project
    one.name = "Une halle couverte pour le marché, le cinéma d’été et les associations du bourg"
    one.purpose = "Le marché se tient sous la pluie.\n\nLes associations n’ont plus de salle."
    one.description = "Couvrir la place, refaire le sol, poser l’électricité."
    one.themes, one.budget_cents = ["centre_ville", "vie_associative"], 480_000_00
    one.contact_name, one.contact_email = "Ana Silva", "mairie@exemple.fr"
    one.starts_on, one.ends_on = date(2027, 3, 1), date(2028, 6, 30)
    one.save()
    for code in ("38001", "38002"):
        place = CommuneFactory(code=code, name=f"Lieu {code}", latitude=45.3, longitude=5.6)
        ProjectCommune.objects.create(project=one, commune=place)
    mayor, agent = actor(world, "mayor"), actor(world, "ddt_agent")
    blockage(one, title="Le plan de financement ne tient pas")
    late = clock.today() - timedelta(days=3)
    steps.add(one, Wanted("Demander trois devis", owner=mayor.user, due_on=late), actor=agent)
    done = steps.add(one, Wanted("Délibérer", owner_name="Le conseil"), actor=mayor)
    steps.move(done, "faite", actor=mayor)
    for visibility, title in ((Visibility.MEMBERS, "Le toit"), (Visibility.STATE, "Avis réservé")):
        threads.open_conversation(
            one,
            title=title,
            body="Bonjour,\nqu’en pensez-vous ?",
            visibility=visibility,
            idempotency_key=uuid4(),
            actor=agent,
        )
        files.add(one, picture(), title=f"Pièce : {title}", visibility=visibility, actor=agent)
    assessments.fill(
        world.assessment,
        {"note": "Oui"},
        {"note": "À revoir"},
        seen={},
        seen_comments={},
        actor=mayor,
    )
    states.pause(one, until=None, reason="Attente du permis", actor=mayor)
    return one


def actor(world, name):
    return Actor(*world.people[name])


def visit(visitor, addresses):
    for address in addresses:
        visitor.go(address)
        visitor.assert_accessible()


def addresses_of(world, project):
    """Every page of the sheet that a writer may open."""
    internal = project.threads.get(visibility=Visibility.STATE)
    return [
        *(reverse(f"projects:{name}", args=[project.key]) for name in OF_PROJECT),
        reverse("projects:thread", args=[internal.pk]),
        reverse("projects:member_role", args=[world.project_member.pk]),
        reverse("projects:member_remove", args=[world.project_member.pk]),
        reverse("projects:step_edit", args=[world.project_step.pk]),
        reverse("projects:step_drop", args=[world.project_step.pk]),
        reverse("projects:file_replace", args=[world.project_file.pk]),
        reverse("projects:file_remove", args=[world.project_file.pk]),
        reverse("projects:assessment", args=[world.assessment.pk]),
        reverse("projects:assessment_fill", args=[world.assessment.pk]),
        reverse("projects:assessment_join", args=[world.assessment.pk]) + "?question=note",
    ]


def test_every_page_of_the_sheet(world, project, open_visitor):
    agent = open_visitor()
    agent.sign_in(*world.people["ddt_agent"])
    visit(agent, addresses_of(world, project))


def test_the_holder_and_an_observer(world, project, open_visitor):
    mayor = open_visitor()
    mayor.sign_in(*world.people["mayor"])
    visit(mayor, [reverse("projects:sheet", args=[project.key])])
    mayor.screenshot("maire")
    assert "Avis réservé" not in mayor.page.content()
    watcher = open_visitor()
    watcher.sign_in(*world.people["observer"])
    visit(watcher, [reverse("projects:sheet", args=[project.key])])
    watcher.screenshot("observateur")
    assert watcher.page.get_by_role("main").locator("form").count() == 0


def test_work_goes_on_without_script(world, project, open_visitor):
    mayor = open_visitor(javascript=False)
    mayor.sign_in(*world.people["mayor"])
    sheet = reverse("projects:sheet", args=[project.key])
    mayor.go(sheet)
    mayor.press("Modifier la fiche", role="link")
    mayor.fill("Nom du projet", "La halle")
    mayor.press("Enregistrer la fiche")
    mayor.press("Ajouter une action", role="link")
    mayor.fill("Ce qu’il y a à faire", "Poser le toit")
    mayor.press("Enregistrer l’action")
    mayor.press("C’est fait")
    mayor.go(sheet)
    mayor.press("Ouvrir une conversation", role="link")
    mayor.fill("De quoi s’agit-il", "Le sol")
    mayor.fill("Votre message", "Quel pavage ?")
    mayor.press("Ouvrir la conversation")
    mayor.fill("Votre message", "Du grès ?")
    mayor.press("Envoyer le message")
    assert "Du grès ?" in mayor.page.content()
    mayor.go(reverse("projects:invite", args=[project.key]))
    mayor.fill("Adresse électronique", "ana@exemple.fr")
    mayor.page.get_by_role("main").get_by_text("Appui :").click()
    mayor.press("Envoyer l’invitation")
    assert project.invitations.get(email="ana@exemple.fr").role == ProjectRole.SUPPORT
    mayor.go(reverse("projects:links", args=[project.key]))
    mayor.fill("Pour qui", "Conseil")
    mayor.press("Créer le lien")
    link = mayor.page.locator(".projects-address a").inner_text()
    stranger = open_visitor(javascript=False)
    stranger.go("/" + link.split("/", 3)[3])
    stranger.assert_fits()
    assert "Lecture seule" in stranger.page.content()
    assert "Du grès" not in stranger.page.content()
