"""Reminders, the region told, somebody who left: with the clock in hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from preau.core import clock
from preau.notifications.models import Notification
from preau.projects import working_days
from preau.projects.actions import deadlines, triage
from preau.projects.enums import EventKind, ProjectState
from preau.projects.models import Absence, Project
from preau.projects.tasks import pair as tasks_pair
from preau.projects.telling import pair as telling_pair
from tests.projects.factories import ProjectFactory, agent_of, assigned, pair_of
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
S = ProjectState


@pytest.fixture
def pair():
    return pair_of(CommuneFactory())


def filed(at, pair, **more):
    """A project filed at an instant, with its delay."""
    with clock.frozen(at):
        until = working_days.deadline(pair.departement, pair.acknowledge_days)
        return ProjectFactory(deposited_at=at, acknowledge_by=until, **more)


def run(task, at):
    with clock.frozen(at):
        return task(timestamp=int(at.timestamp()))


def titles(user):
    return list(Notification.objects.filter(user=user).values_list("title", flat=True))


@pytest.mark.parametrize(
    "at",
    [
        datetime(2027, 3, 25, 10, tzinfo=UTC),  # the clocks go forward on the 28th
        datetime(2027, 10, 28, 10, tzinfo=UTC),  # and back on the 31st
        datetime(2027, 5, 4, 10, tzinfo=UTC),  # two holidays in the delay
    ],
)
def test_each_moment_is_said_once_whatever_the_clocks_do(pair, at):
    project = filed(at, pair)
    half, eve = working_days.reminders(pair.departement, project.acknowledge_by, 5)
    until = project.acknowledge_by
    assert until.astimezone(PARIS).hour == 18
    said = []
    moment = at
    while moment < until + timedelta(days=2):
        said += [("remind", moment)] * run(tasks_pair.remind, moment)
        said += [("escalate", moment)] * run(tasks_pair.escalate, moment)
        moment += timedelta(minutes=30)
    assert [name for name, _ in said] == ["remind", "remind", "escalate"]
    due = [half, eve, until]
    assert all(
        0 <= (when - one).total_seconds() < 1800 for (_, when), one in zip(said, due, strict=True)
    )
    project.refresh_from_db()
    assert project.escalated_at is not None
    assert project.events.filter(kind=EventKind.ESCALATION).count() == 1
    region = pair.escalates_to.referent
    [late] = Notification.objects.filter(user=region, title__startswith="En retard")
    for told in (project.deposited_at, until):  # when it was filed, and until when
        assert telling_pair.moment(project, told) in late.body
    assert len(titles(pair.ddt.referent)) == 3


def test_a_batch_that_is_late_all_at_once(pair):
    at = datetime(2027, 3, 1, 10, tzinfo=UTC)
    late = [filed(at, pair).pk for _ in range(5)]
    quiet = filed(at, pair, paused_at=at)
    taken = filed(at, pair, state=S.ACKNOWLEDGED)
    resumed = filed(at, pair, paused_at=at, paused_until=date(2027, 3, 2))
    after = datetime(2027, 3, 20, 10, tzinfo=UTC)
    assert run(tasks_pair.escalate, after) == 6
    assert run(tasks_pair.escalate, after) == 0
    escalated = set(Project.objects.exclude(escalated_at=None).values_list("pk", flat=True))
    assert escalated == {*late, resumed.pk}
    assert quiet.pk not in escalated and taken.pk not in escalated
    assert run(tasks_pair.remind, after) == 0  # what is late is no longer recalled


def test_one_that_fails_does_not_keep_the_others(pair, monkeypatch):
    at = datetime(2027, 3, 1, 10, tzinfo=UTC)
    first, second = filed(at, pair), filed(at, pair)
    told = deadlines.telling_pair.tell_escalated

    def break_once(project, pair):
        if project.pk == first.pk:
            raise RuntimeError("the mail is down")
        told(project, pair)

    monkeypatch.setattr(deadlines.telling_pair, "tell_escalated", break_once)
    assert run(tasks_pair.escalate, at + timedelta(days=20)) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.escalated_at, bool(second.escalated_at)) == (None, True)


def test_the_region_may_act_once_it_is_told(pair):
    project = ProjectFactory(acknowledge_by=clock.now() - timedelta(hours=1))
    region = agent_of(pair.escalates_to)
    with pytest.raises(Exception, match="lire ce projet"):
        triage.acknowledge(project, actor=region)
    deadlines.escalate(project.pk)
    assert triage.acknowledge(project, actor=region).state == S.ACKNOWLEDGED
    assert not deadlines.escalate(project.pk)


def test_whoever_replaces_is_reminded_too(pair):
    at = datetime(2027, 3, 1, 10, tzinfo=UTC)
    project = filed(at, pair)
    stands_in = agent_of(pair.ddt).user
    Absence.objects.create(
        service=pair.ddt,
        user=project.in_charge,
        first_day=date(2027, 3, 2),
        last_day=date(2027, 3, 30),
        replaced_by=stands_in,
    )
    run(tasks_pair.remind, datetime(2027, 3, 5, 9, tzinfo=UTC))
    assert len(titles(stands_in)) == len(titles(project.in_charge)) == 1


def test_somebody_who_left_answers_for_nothing(pair):
    project = ProjectFactory()
    assert deadlines.left_alone() == []
    gone = project.in_charge
    gone.memberships.update(ended_at=clock.now())
    assert run(tasks_pair.replace_gone, clock.now()) == 0  # nobody else is there: the name stays
    stays = agent_of(pair.ddt).user
    named = assigned(project, pair.ddt, user=gone)
    assert run(tasks_pair.replace_gone, clock.now()) == 1
    assert run(tasks_pair.replace_gone, clock.now()) == 0
    project.refresh_from_db()
    named.refresh_from_db()
    assert project.in_charge == named.user == stays
    assert project.events.get(kind=EventKind.IN_CHARGE).after == str(stays)
    assert titles(gone) == [] and len(titles(stays)) == 1
