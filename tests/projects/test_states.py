"""From state to state, with its dates, its reasons and its line of history."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.projects.actions import states
from preau.projects.enums import ENDED, TRANSITIONS, EventKind, ProjectState
from preau.projects.history import note
from preau.projects.models import Project, ProjectEvent
from preau.projects.telling.sheet import is_paused
from tests.projects.factories import ProjectFactory, agent_of, holder, member, pair_of

pytestmark = pytest.mark.django_db
S = ProjectState


def agent(project):
    return agent_of(pair_of(project.lead_commune).ddt)


@pytest.mark.parametrize(("before", "to"), list(itertools.product(S, S)))
def test_the_table_is_the_law(before, to):
    project = ProjectFactory(state=before)
    actor = agent(project)
    asked = {"reason": "Parce que.", "redirected_to": "La région"}
    if before != S.DRAFT and to in TRANSITIONS[before]:
        moved = states.move(project, to, actor=actor, **asked)
        assert moved.state == to
        assert (moved.ended_at is not None) == (to in ENDED)
        [event] = project.events.filter(kind=EventKind.STATE)
        assert (event.before, event.after, event.user) == (before, to, actor.user)
    else:
        with pytest.raises(Refusal):
            states.move(project, to, actor=actor, **asked)
        assert Project.objects.get(pk=project.pk).state == before


@pytest.mark.parametrize("month", [1, 7])
def test_a_pause_ends_at_midnight_of_the_place(month):
    """Half an hour before and after it, UTC says the same day twice: the former one."""
    mayor = holder()
    project = ProjectFactory(holder_organization=mayor.organization)
    late = datetime(2027, month, 13, 23, 30, tzinfo=clock.PARIS).astimezone(UTC)
    past_midnight = late + timedelta(hours=1)
    with clock.frozen(late):
        assert clock.today() == date(2027, month, 13)
        states.pause(project, until=date(2027, month, 14), reason="", actor=mayor)
    with clock.frozen(past_midnight):
        assert clock.today() == date(2027, month, 14)
        with pytest.raises(Refusal, match="à venir"):
            states.pause(project, until=date(2027, month, 14), reason="", actor=mayor)
        Project.objects.update(paused_until=date(2027, month, 13))
        assert not is_paused(Project.objects.get())


def test_no_needs_a_reason():
    project = ProjectFactory()
    with pytest.raises(Refusal, match="motif"):
        states.move(project, S.REFUSED, actor=agent(project), reason="  ")


def test_who_decided_on_an_old_page_is_told():
    project = ProjectFactory()
    actor = agent(project)
    states.move(project, S.ACKNOWLEDGED, actor=actor)
    with pytest.raises(Refusal, match="entre-temps") as said:
        states.move(project, S.REFUSED, actor=actor, reason="Non.", seen_state=S.DEPOSITED)
    assert said.value.code == "moved"


def test_the_holder_and_partners_do_not_triage():
    mayor = holder()
    project = ProjectFactory(holder_organization=mayor.organization)
    for actor in (mayor, member(project)):
        with pytest.raises(Forbidden):
            states.move(project, S.ACKNOWLEDGED, actor=actor)


def test_a_live_project_always_has_one_in_charge():
    project = ProjectFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(in_charge=None)


def test_history_is_not_rewritten():
    project = ProjectFactory()
    event = note(project, EventKind.STEP, actor=agent(project), about="Voir le notaire")
    for change in ({"reason": "autre"}, {"after": "faite"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProjectEvent.objects.filter(pk=event.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        event.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        project.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(state=S.DRAFT, deposited_at=None)


def test_a_draft_can_be_thrown_away_with_its_history():
    project = ProjectFactory(state=S.DRAFT)
    note(project, EventKind.IDENTITY, actor=holder())
    project.delete()
    assert not ProjectEvent.objects.exists()
