"""Closing a project and what came of it: who writes, who reads, what is asked."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Notification
from preau.projects.actions import asking, reviewing, states
from preau.projects.actions.reviewing import ReviewContent
from preau.projects.enums import AskKind, EventKind, ProjectRole, ProjectState
from preau.projects.models import ImpactAsk, ImpactReview, ProjectEvent, Recommendation
from tests.accounts.factories import MembershipFactory, sign_in
from tests.projects.factories import ProjectFactory, actor_for, member

pytestmark = pytest.mark.django_db
WHOLE = {
    "goals": "Rouvrir le marché couvert.",
    "results": "Il est rouvert depuis mai.",
    "difference": 2,
    "satisfaction": 5,
    "figures": [{"label": "Étals", "unit": "étals", "before": 0, "after": 24}],
}


@pytest.fixture
def project():
    return ProjectFactory(state=ProjectState.ACCOMPANIED)


@pytest.fixture
def mayor(project):
    return actor_for(
        MembershipFactory(
            organization=project.holder_organization, role=MembershipRole.ADMINISTRATOR
        )
    )


def content(**more):
    return ReviewContent(**(WHOLE | more))


def client_of(client, actor):
    return sign_in(client, actor.user, actor.membership)


def test_a_draft_is_read_by_its_side_only(client, project, mayor, agent):
    reviewing.write(project, content(results=""), actor=mayor)
    assert (
        "Rouvrir le marché"
        in client_of(client, mayor).get(f"/projets/{project.key}/bilan/ecrire/").text
    )
    for other in (agent, member(project), member(project, ProjectRole.OBSERVER)):
        client = client_of(client, other)
        for page in ("", "bilan/", "bilan/ecrire/"):
            found = client.get(f"/projets/{project.key}/{page}", follow=True)
            if other is not agent and "ecrire" in page:
                assert found.status_code == 403
            assert "Rouvrir le marché" not in found.text
    assert not ProjectEvent.objects.filter(kind=EventKind.REVIEW).exists()


def test_finished_it_is_on_the_sheet_and_the_pair_is_told(client, project, mayor, agent):
    reviewing.write(project, content(), actor=mayor, finish=True)
    client = client_of(client, member(project, ProjectRole.OBSERVER))
    page = client.get(f"/projets/{project.key}/").text
    for words in ("Il est rouvert depuis mai", "Étals", "se serait fait plus tard"):
        assert words in page
    assert "Corriger le bilan" not in page
    told = Notification.objects.filter(topic="projects.review")
    assert {one.user_id for one in told} == {project.in_charge_id}


@pytest.mark.parametrize("missing", ["goals", "results", "difference"])
def test_finishing_asks_for_what_counts(project, mayor, missing):
    empty = None if missing == "difference" else " "
    with pytest.raises(Refusal) as caught:
        reviewing.write(project, content(**{missing: empty}), actor=mayor, finish=True)
    assert caught.value.field == missing
    reviewing.write(project, content(**{missing: empty}), actor=mayor)
    review = ImpactReview.objects.get()
    if missing != "goals":
        with pytest.raises(IntegrityError), transaction.atomic():
            ImpactReview.objects.filter(pk=review.pk).update(
                finished_at=clock.now(), results="", difference=None
            )


def test_one_side_at_a_time_until_the_holder_is_asked(project, mayor, agent):
    reviewing.write(project, content(), actor=agent)
    with pytest.raises(Refusal) as caught:
        reviewing.write(project, content(), actor=mayor)
    assert caught.value.code == "other_side"
    reviewing.ask(project, actor=agent)
    written = reviewing.write(project, content(), actor=mayor, finish=True)
    assert written.side == "porteur"
    with pytest.raises(Refusal):
        reviewing.write(project, content(), actor=agent)
    assert ImpactAsk.objects.get().answered_at


def test_corrected_after_the_end_with_its_history(project, mayor, agent):
    reviewing.write(project, content(), actor=mayor, finish=True)
    reviewing.close(project, actor=agent)
    reviewing.write(project, content(results="Rouvert en juin."), actor=mayor)
    line = ProjectEvent.objects.filter(kind=EventKind.REVIEW).latest("pk")
    assert (line.before, line.after) == ("terminé", "modifié")
    assert "ce qui a été obtenu" in line.reason
    assert "ce que vous vouliez" not in line.reason
    count = ProjectEvent.objects.count()
    reviewing.write(project, content(results="Rouvert en juin."), actor=mayor)
    assert ProjectEvent.objects.count() == count
    with pytest.raises(Refusal):
        reviewing.write(project, content(goals=""), actor=mayor)


def test_only_recommendations_that_were_sent_helped(project, mayor):
    sent = Recommendation.objects.create(
        project=project,
        kind="lieu",
        title="A",
        rationale="b",
        state="proposee",
        sent_at=clock.now(),
    )
    draft = Recommendation.objects.create(project=project, kind="lieu", title="B", rationale="")
    review = reviewing.write(project, content(helped_by=[sent, draft]), actor=mayor)
    assert list(review.helped_by.all()) == [sent]


@pytest.mark.parametrize(
    "move", [reviewing.close, lambda one, actor: states.move(one, ProjectState.CLOSED, actor=actor)]
)
def test_closing_without_a_review_asks_for_it_from_whatever_page(project, mayor, agent, move):
    move(project, actor=agent)
    assert ImpactAsk.objects.get().kind == AskKind.REVIEW
    told = Notification.objects.get(topic="projects.review")
    assert told.user == mayor.user
    assert told.url == f"/projets/{project.key}/bilan/"


def test_closing_with_a_review_asks_nothing(project, mayor, agent):
    reviewing.write(project, content(), actor=agent, finish=True)
    reviewing.close(project, actor=agent)
    assert not ImpactAsk.objects.exists()


def test_asked_once_then_reminded_once(project, mayor, agent):
    start = clock.now()
    reviewing.ask(project, actor=agent)
    with pytest.raises(Refusal) as caught:
        reviewing.ask(project, actor=agent)
    assert caught.value.code == "asked"
    with clock.frozen(start + timedelta(days=13)):
        assert asking.remind() == 0
    with clock.frozen(start + timedelta(days=15)):
        assert asking.remind() == 1
        assert asking.remind() == 0
    titles = list(Notification.objects.order_by("pk").values_list("title", flat=True))
    assert [title.startswith("Rappel") for title in titles] == [False, True]


def test_no_reminder_while_paused_or_once_written(project, mayor, agent):
    start = clock.now()
    reviewing.ask(project, actor=agent)
    states.pause(project, until=None, reason="", actor=agent)
    with clock.frozen(start + timedelta(days=20)):
        assert asking.remind() == 0
        states.resume(project, actor=agent)
        reviewing.write(project, content(), actor=mayor, finish=True)
        assert asking.remind() == 0


def test_nobody_to_ask_is_said(project, agent):
    with pytest.raises(Refusal) as caught:
        reviewing.ask(project, actor=agent)
    assert caught.value.code == "nobody"
    reviewing.close(project, actor=agent)  # does not stop


def test_who_may_not_write(project, mayor):
    for who in (member(project, ProjectRole.OBSERVER), member(project), member(ProjectFactory())):
        with pytest.raises(Forbidden):
            reviewing.write(project, content(), actor=who)
        with pytest.raises(Forbidden):
            reviewing.close(project, actor=who)
    with pytest.raises(Forbidden):
        reviewing.ask(project, actor=mayor)


def test_too_early(mayor):
    young = ProjectFactory(holder_organization=mayor.organization)
    with pytest.raises(Refusal) as caught:
        reviewing.write(young, content(), actor=mayor)
    assert caught.value.code == "too_early"


def test_the_form_keeps_rows_and_says_which_is_wrong(client, project, mayor):
    client = client_of(client, mayor)
    url = f"/projets/{project.key}/bilan/ecrire/"
    typed = {
        "goals": "Un but",
        "results": "",
        "ligne0-label": "Étals",
        "ligne0-before": "3,5",
        "ligne0-after": "douze",
        "ligne2-after": "4",
    }
    page = client.post(url, typed | {"keep": "1"}).text
    assert "Chiffre n° 1" in page
    assert "Chiffre n° 3" in page
    assert "3,5" in page
    client.post(url, typed | {"keep": "1", "ligne0-after": "12", "ligne2-label": "Jours"})
    review = ImpactReview.objects.get()
    assert review.figures == [
        {"label": "Étals", "unit": "", "before": 3.5, "after": 12},
        {"label": "Jours", "unit": "", "before": None, "after": 4},
    ]
    assert client.get(url).text.count("ligne4-label")
    page = client.post(url, {"goals": "Un but", "finish": "1"}).text
    assert "Écrivez ce qui a été obtenu." in page
    assert ImpactReview.objects.get().finished_at is None


def test_the_page_of_closing(client, project, mayor, agent):
    client = client_of(client, agent)
    url = f"/projets/{project.key}/clore/"
    assert "Demander d’abord le bilan" in client.get(url).text
    client.post(url, {"ask": "1", "seen_state": "en_accompagnement"})
    assert "Le bilan est demandé" in client.get(url).text
    client.post(url, {"close": "1", "seen_state": "qualifie"})
    project.refresh_from_db()
    assert project.state == ProjectState.ACCOMPANIED
    client.post(url, {"close": "1", "seen_state": "en_accompagnement"})
    project.refresh_from_db()
    assert project.state == ProjectState.CLOSED
    assert "ne peut pas être clos" in client.get(url).text
