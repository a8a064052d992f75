"""What the home page tells whoever carries projects: what waits for them, and for whom they wait."""

import pytest
from django.test import RequestFactory

from preau.accounts.actors import Actor
from preau.projects import cards
from preau.projects.actions import recommendations, states
from preau.projects.actions.recommendations import Advice
from preau.projects.enums import ProjectState
from preau.projects.models import Project
from preau.resources.enums import HelpKind
from tests.projects.factories import ProjectFactory, blockage, holder

pytestmark = pytest.mark.django_db
MADE = (cards.to_reply, cards.held_back, cards.awaited)


def told(actor):
    request = RequestFactory().get("/")
    request.actor = actor
    return [card for make in MADE if (card := make(request))]


def test_advice_to_answer_a_blocked_project_and_one_that_waits(project, mayor, agent):
    assert told(mayor) == []
    draft = recommendations.draft(
        project, Advice(HelpKind.ENGINEERING, "Une étude", rationale="Pour voir."), actor=agent
    )
    assert told(mayor) == []  # a draft is not told
    recommendations.send([draft], actor=agent)
    blockage(project)
    waiting = ProjectFactory(holder_organization=mayor.organization, name="La place")
    reply, blocked, awaited = told(mayor)
    assert "recommandation à lire" in reply.title and "Une étude" in reply.text
    assert reply.href.endswith(f"/recommandations/{draft.pk}/")
    assert project.name in blocked.title and blocked.badge == ("error", "Bloqué")
    assert "La place" in awaited.title and str(waiting.service_in_charge) in awaited.text
    for stranger in (holder(), agent, Actor(user=mayor.user), Actor()):
        assert told(stranger) == []


def test_what_is_over_is_not_told(project, mayor, agent):
    blockage(project)
    states.move(project, ProjectState.CLOSED, actor=agent)
    assert told(mayor) == []
    assert Project.objects.get(pk=project.pk).state == ProjectState.CLOSED


def test_several_lead_to_the_list(mayor):
    for _ in range(2):
        blockage(
            ProjectFactory(state=ProjectState.ACCOMPANIED, holder_organization=mayor.organization)
        )
        ProjectFactory(holder_organization=mayor.organization)
    blocked, awaited = told(mayor)
    assert blocked.title == "2 de vos projets sont bloqués"
    assert awaited.title.startswith("2 projets attendent")
