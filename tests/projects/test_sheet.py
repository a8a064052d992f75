"""The sheet: what each reader finds at its top."""

import pytest
from django.urls import reverse

from preau.core.formats import euros
from preau.projects.enums import ProjectRole, ProjectState
from tests.accounts.factories import sign_in
from tests.projects.factories import ProjectFactory, blockage, member, programme

pytestmark = pytest.mark.django_db


def client_of(client, actor):
    return sign_in(client, actor.user, actor.membership)


def page_of(project):
    return reverse("projects:sheet", args=[project.key])


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        state=ProjectState.ACCOMPANIED,
        holder_organization=mayor.organization,
        purpose="Rouvrir le marché.",
        budget_cents=12_000_00,
    )


def test_it_says_who_what_where_and_who_answers(client, project, mayor):
    made = programme(name="Villages d’avenir")
    project.programmes.create(programme=made, since="2026-01-01")
    found = client_of(client, mayor).get(page_of(project)).content.decode()
    for words in (
        project.name,
        project.reference,
        "Rouvrir le marché.",
        euros(12_000_00),
        "Villages d’avenir",
        project.in_charge.full_name,
        project.in_charge.email,
        project.lead_commune.name,
    ):
        assert words in found
    assert "Bloqué" not in found


def test_blocked_is_what_stands_in_the_way(client, project, mayor):
    blockage(project)
    assert "Bloqué" in client_of(client, mayor).get(page_of(project)).content.decode()


def test_an_observer_is_told_so_and_sees_no_form(client, project):
    actor = member(project, ProjectRole.OBSERVER)
    found = client_of(client, actor).get(page_of(project)).content.decode()
    assert "Vous suivez ce projet en lecture" in found
    assert "Modifier la fiche" not in found
    main = found.split("<main")[1].split("</main>")[0]
    assert "<form" not in main


def test_a_draft_has_no_sheet_yet(client, mayor):
    draft = ProjectFactory(state=ProjectState.DRAFT, holder_organization=mayor.organization)
    assert client_of(client, mayor).get(page_of(draft)).status_code == 302


def test_what_is_empty_is_folded_under_one_heading(client, project, mayor):
    answer = client_of(client, mayor).get(page_of(project))
    folded = {panel.title for _, panel in answer.context["folded"]}
    assert {"Fichiers", "État des lieux", "Financements", "Bilan", "Recommandations"} <= folded
    shown = [panel.title for _, panel in answer.context["panels"]]
    assert {"Blocages", "Actions", "Conversations", "Personnes", "Historique"} <= set(shown)
    page = answer.content.decode()
    assert page.index("Aller plus loin</h2>") < page.index('<section id="fichiers"')
    project.funding_requests.create(label="DETR", state="envisagee")
    answer = client_of(client, mayor).get(page_of(project))
    assert "Financements" in {panel.title for _, panel in answer.context["panels"]}
