"""Moving a card on the board: the rules of the sheet, without JavaScript."""

import pytest
from django.urls import reverse

from preau.projects.actions import states
from preau.projects.enums import ProjectRole, ProjectState
from preau.projects.models import ProjectEvent
from tests.portfolio.test_seeing import client_of
from tests.projects.factories import ProjectFactory, agent_of, holder, member, pair_of, service

pytestmark = pytest.mark.django_db
S = ProjectState


@pytest.fixture
def project():
    return ProjectFactory(state=S.DEPOSITED)


@pytest.fixture
def agent(project):
    return agent_of(pair_of(project.lead_commune).ddt)


def send(actor, project, to, **more):
    data = {"vers": to, "vu": project.state, "filtres": "?phase=idee"} | more
    return client_of(actor).post(reverse("portfolio:move", args=[project.key]), data)


def test_a_card_moves_and_its_history_says_so(project, agent):
    answer = send(agent, project, S.ACKNOWLEDGED)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("portfolio:board") + "?phase=idee#pris_en_compte"
    project.refresh_from_db()
    assert project.state == S.ACKNOWLEDGED
    assert ProjectEvent.objects.filter(project=project, after=S.ACKNOWLEDGED).exists()


def test_a_refusal_asks_for_its_reason_first_and_keeps_what_was_typed(project, agent):
    page = send(agent, project, S.REFUSED)
    assert page.status_code == 200
    assert "Motif" in page.content.decode()
    project.refresh_from_db()
    assert project.state == S.DEPOSITED
    page = send(agent, project, S.REFUSED, motif="  ")
    assert "Le porteur du projet le lira" in page.content.decode()
    page = send(agent, project, S.REDIRECTED, motif="Relève de la région.", vers_qui="")
    assert "Relève de la région." in page.content.decode()
    assert send(agent, project, S.REFUSED, motif="Hors du champ.").status_code == 302
    project.refresh_from_db()
    assert (project.state, project.end_reason) == (S.REFUSED, "Hors du champ.")


def test_a_stale_card_says_what_happened(project, agent):
    states.move(project, S.ACKNOWLEDGED, actor=agent)
    stale = {"vu": S.DEPOSITED, "filtres": ""}
    client = client_of(agent)
    url = reverse("portfolio:move", args=[project.key])
    answer = client.post(url, {"vers": S.ACKNOWLEDGED} | stale, follow=True)
    assert "a changé d’état entre-temps" in answer.content.decode()


def test_who_may_not_move_is_offered_nothing_and_stopped(project, agent):
    watching = member(project, ProjectRole.OBSERVER)
    mayor = holder()
    project.holder_organization = mayor.organization
    project.save(update_fields=["holder_organization"])
    _, region = service(kind="region", region=project.lead_commune.departement.region)
    for actor in (watching, mayor, region):
        board = client_of(actor).get(reverse("portfolio:board")).content.decode()
        assert project.name in board
        assert "Déplacer vers" not in board
        assert send(actor, project, S.ACKNOWLEDGED).status_code in {403, 404}
    assert "Déplacer vers" in client_of(agent).get(reverse("portfolio:board")).content.decode()
    project.refresh_from_db()
    assert project.state == S.DEPOSITED


def test_the_way_back_leads_nowhere_else(project, agent):
    data = {"vers": S.ACKNOWLEDGED, "vu": project.state, "filtres": "//evil.example/?a=b"}
    answer = client_of(agent).post(reverse("portfolio:move", args=[project.key]), data)
    assert answer["Location"].startswith(reverse("portfolio:board") + "?")
