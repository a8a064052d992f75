"""An aid of the mirror: proposed with its reasons; its holder is told when it is no longer had."""

import pytest

from preau.notifications.models import Notification
from preau.projects.actions import recommendations
from preau.projects.enums import ProjectState, RecommendationState
from preau.projects.queries.recommendations import why_lapsed
from preau.projects.suggestions.decisions import left
from preau.projects.tasks.help import lapse_recommendations
from preau.resources.days import today
from preau.resources.enums import Source
from preau.resources.loading import load_aids
from preau.resources.models import Resource
from tests.projects.factories import ProjectFactory, blockage
from tests.resources.answers import aid, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        state=ProjectState.ACCOMPANIED,
        holder_organization=mayor.organization,
        filed_by=mayor.user,
        themes=["energie"],
    )


def _open(number):
    return aid(number, submission_deadline=None)


def _mirrored():
    return Resource.objects.get(source=Source.AIDES_TERRITOIRES, source_id="1")


def _suggested(project):
    standing = blockage(project, kind="financement")
    open_ones = left(standing, on=today()).open
    return standing, next(one for one in open_ones if one.resource_id == _mirrored().pk)


def test_it_is_proposed_with_the_reasons_why(project):
    load_aids([page(_open(1))])
    _, found = _suggested(project)
    assert "Elle porte sur : transition énergétique et bâtiments." in found.reasons
    assert any("département" in reason for reason in found.reasons)
    assert found.facts["source"] == Source.AIDES_TERRITOIRES


def test_gone_from_the_source_it_leaves_what_waits_and_the_holder_is_told(project, agent, mayor):
    load_aids([page(_open(1), _open(2))])
    standing, found = _suggested(project)
    sent = recommendations.send_as_is(standing, found, actor=agent)
    assert lapse_recommendations(0) == 0
    load_aids([page(_open(2))])
    assert lapse_recommendations(0) == 1
    sent.refresh_from_db()
    assert sent.state == RecommendationState.LAPSED
    assert "retirée de la bibliothèque" in why_lapsed(sent)
    told = Notification.objects.filter(user=mayor.user).values_list("title", flat=True)
    assert any("Recommandation retirée" in title for title in told)
