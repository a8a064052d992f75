"""Follow-up by e-mail: at the rhythm chosen, never empty, never twice, never what is not theirs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Email
from preau.projects import history
from preau.projects.actions import follow_up
from preau.projects.enums import (
    EventKind,
    Interval,
    ProjectRole,
    ProjectState,
    RecommendationState,
    Visibility,
)
from preau.projects.models import (
    FollowUp,
    FollowUpIssue,
    Project,
    ProjectMember,
    Recommendation,
    Step,
)
from preau.projects.queries import follow_up as queries
from preau.projects.tasks import pair as tasks_pair
from tests.projects.factories import ProjectFactory, agent_of, assigned, blockage, holder, pair_of
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2027, 3, 8, 8, tzinfo=UTC)  # 9 o'clock in Paris
S = ProjectState


@pytest.fixture
def pair():
    return pair_of(CommuneFactory())


def run(at=MONDAY):
    with clock.frozen(at):
        return tasks_pair.write_follow_ups(timestamp=0)


def letters(user):
    return list(Email.objects.filter(recipient=user.email).order_by("pk"))


def accompanied(mayor, **more):
    return ProjectFactory(
        **{
            "state": S.ACCOMPANIED,
            "holder_organization": mayor.organization,
            "filed_by": mayor.user,
            **more,
        }
    )


def recommended(project, **more):
    state = more.pop("state", RecommendationState.SENT)
    return Recommendation.objects.create(
        project=project,
        kind="financement",
        title="Le fonds vert",
        rationale="Il finance ce que vous faites.",
        state=state,
        sent_at=None if state == RecommendationState.DRAFT else clock.now(),
        **more,
    )


@pytest.mark.parametrize(
    ("interval", "weekday", "today", "expected"),
    [
        (Interval.DAILY, 0, date(2027, 3, 10), date(2027, 3, 10)),
        (Interval.DAILY, 0, date(2027, 3, 13), None),
        (Interval.WEEKLY, 0, date(2027, 3, 8), date(2027, 3, 8)),
        (Interval.WEEKLY, 0, date(2027, 3, 10), date(2027, 3, 8)),
        (Interval.WEEKLY, 0, date(2027, 3, 11), None),
        (Interval.WEEKLY, 6, date(2027, 3, 8), date(2027, 3, 7)),
        (Interval.MONTHLY, 3, date(2027, 3, 1), date(2027, 3, 1)),
        (Interval.MONTHLY, 3, date(2027, 3, 6), None),
        (Interval.NEVER, 0, date(2027, 3, 8), None),
    ],
)
def test_what_is_due(interval, weekday, today, expected):
    assert follow_up.period_of(interval, weekday, today) == expected


def test_one_letter_for_all_projects_once_a_week(pair, mayor):
    projects = [accompanied(mayor) for _ in range(3)]
    for one in projects:
        recommended(one)
    assert run() == 1
    [letter] = letters(mayor.user)
    assert all(one.name in letter.text for one in projects)
    assert "en attente de votre réponse" in letter.text
    assert "/projets/suivi/" in letter.text
    for at in (MONDAY, MONDAY + timedelta(hours=3), MONDAY + timedelta(days=2)):
        assert run(at) == 0
    assert run(MONDAY + timedelta(days=7)) == 1  # still unanswered


def test_nothing_leaves_at_night_nor_when_there_is_nothing_to_say(pair, mayor):
    accompanied(mayor)
    assert run(datetime(2027, 3, 8, 5, 59, tzinfo=UTC)) == 0
    assert not FollowUpIssue.objects.exists()
    assert run() == 0
    assert FollowUpIssue.objects.filter(user=mayor.user, lines=0).count() == 1
    assert letters(mayor.user) == []


def test_the_rhythm_is_each_one_s_own(pair, mayor):
    recommended(accompanied(mayor))
    follow_up.choose(mayor.user, None, interval=Interval.NEVER, weekday=0, actor=mayor)
    assert run() == 0
    follow_up.choose(mayor.user, None, interval=Interval.WEEKLY, weekday=4, actor=mayor)
    assert run() == 0
    assert run(MONDAY + timedelta(days=4)) == 1
    assert FollowUp.objects.count() == 1
    with pytest.raises(Forbidden):
        follow_up.choose(mayor.user, None, interval=Interval.DAILY, weekday=0, actor=holder())
    with pytest.raises(Refusal):
        follow_up.choose(mayor.user, None, interval="heure", weekday=0, actor=mayor)


def test_a_pause_is_silent(pair, mayor):
    project = accompanied(mayor, paused_at=MONDAY)
    recommended(project)
    assert run() == 0
    Project.objects.filter(pk=project.pk).update(paused_until=MONDAY.date() + timedelta(days=2))
    assert run(MONDAY + timedelta(days=7)) == 1


def test_what_is_new_is_said_once(pair, mayor):
    project = accompanied(mayor)
    agent = agent_of(pair.ddt)
    with clock.frozen(MONDAY - timedelta(days=2)):
        history.note(project, EventKind.STEP, actor=agent, about="Voir le notaire")
    run()
    [letter] = letters(mayor.user)
    assert "Nouveau : action" in letter.text
    run(MONDAY + timedelta(days=7))
    assert letters(mayor.user) == [letter]


def test_nothing_of_the_state_s_own_reaches_a_holder(pair, mayor):
    project = accompanied(mayor)
    agent = agent_of(pair.ddt)
    recommended(project, state=RecommendationState.DRAFT)
    with clock.frozen(MONDAY - timedelta(days=1)):
        history.note(
            project,
            EventKind.PRIORITY,
            actor=agent,
            reason="Le préfet n’y croit pas.",
            visibility=Visibility.STATE,
        )
    run()
    assert letters(mayor.user) == []
    [letter] = letters(pair.ddt.referent)
    assert "priorité" in letter.text and "croit" not in letter.text


def test_whoever_was_removed_receives_nothing_more(pair, mayor):
    project = accompanied(mayor)
    guest = holder()
    row = ProjectMember.objects.create(project=project, user=guest.user, role=ProjectRole.SUPPORT)
    recommended(project)
    assert run() == 2
    row.ended_at = clock.now()
    row.save()
    mayor.membership.ended_at = clock.now()
    mayor.membership.save()
    assert run(MONDAY + timedelta(days=7)) == 0
    assert len(letters(guest.user)) == len(letters(mayor.user)) == 1


def test_an_observer_is_not_asked_to_answer(pair, mayor):
    project = accompanied(mayor)
    guest = holder()
    ProjectMember.objects.create(project=project, user=guest.user, role=ProjectRole.OBSERVER)
    recommended(project)
    run()
    assert letters(guest.user) == [] and len(letters(mayor.user)) == 1


def test_agents_hear_of_their_own_and_referents_of_the_whole_service(pair):
    late = ProjectFactory(acknowledge_by=MONDAY - timedelta(days=1))
    stuck = ProjectFactory(state=S.ACCOMPANIED)
    blockage(stuck)
    ProjectFactory(state=S.CLOSED, acknowledge_by=MONDAY - timedelta(days=1))
    bystander, helper = agent_of(pair.ddt), agent_of(pair.prefecture)
    assigned(stuck, pair.prefecture, user=helper.user)
    assert run() == 2
    [letter] = letters(pair.ddt.referent)
    assert "1 en retard" in letter.subject
    assert late.name in letter.text and "1\u00a0blocage sans conseil" in letter.text
    [letter] = letters(helper.user)
    assert stuck.name in letter.text and late.name not in letter.text
    assert letters(bystander.user) == []


def test_steps_that_end_are_said_to_their_owner_only(pair, mayor):
    project = accompanied(mayor)
    stranger = holder()
    for owner in (mayor.user, stranger.user):
        Step.objects.create(
            project=project, title="Voir le notaire", owner=owner, due_on=date(2027, 3, 10)
        )
        Step.objects.create(project=project, title="Le devis", owner=owner, due_on=date(2027, 3, 7))
        Step.objects.create(
            project=project, title="Plus tard", owner=owner, due_on=date(2027, 3, 20)
        )
    with clock.frozen(MONDAY):
        assert tasks_pair.remind_steps(timestamp=0) == 1
        assert tasks_pair.remind_steps(timestamp=0) == 0
    [letter] = letters(mayor.user)
    assert "Voir le notaire" in letter.text and "Le devis" in letter.text
    assert "Plus tard" not in letter.text
    assert letters(stranger.user) == []


def test_a_letter_costs_the_same_whatever_the_number_of_projects(
    pair, mayor, django_assert_max_num_queries
):
    for _ in range(12):
        recommended(accompanied(mayor))
    _, others = queries.hats_of(mayor.user)
    with django_assert_max_num_queries(30):
        content = queries.of_person(others, since=0, days=7)
    assert len(content.lines) == 12
