"""Two agents decide at once; somebody is removed while they write."""

import pytest

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.projects.actions import assigning, triage
from preau.projects.enums import STANDING, EventKind, ProjectRole, ProjectState, ServiceKind
from preau.projects.models import Assignment, Project
from tests.concurrency.race import race
from tests.projects.factories import ProjectFactory, agent_of, pair_of, service

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
S = ProjectState


def again(actor):
    """The same person in another request: nothing kept from this one."""
    membership = Membership.objects.select_related("user", "organization").get(
        pk=actor.membership.pk
    )
    return Actor(membership.user, membership)


def two_agents(project):
    pair = pair_of(project.lead_commune)
    return agent_of(pair.ddt), agent_of(pair.prefecture)


def test_two_assign_at_once_one_wins_and_the_other_reads_who():
    projects = [ProjectFactory() for _ in range(6)]
    first, second = two_agents(projects[0])
    others = [service(kind=ServiceKind.OTHER)[0] for _ in range(2)]

    def lead(actor, other):
        return lambda number: assigning.assign(
            projects[number], other, role=ProjectRole.PILOT, actor=again(actor)
        )

    outcomes = race([lead(first, others[0]), lead(second, others[1])], rounds=6)
    for project, outcome in zip(projects, outcomes, strict=True):
        [error] = outcome.errors
        assert isinstance(error, Refusal) and error.code == "taken", error
        standing = Assignment.objects.get(project=project, state__in=STANDING)
        assert str(standing.created_by) in error.sentence
        assert str(standing.service) in error.sentence
        assert project.events.filter(kind=EventKind.ASSIGNMENT).count() == 1


def test_two_hand_over_at_once_the_second_reads_whose_it_is():
    projects = [ProjectFactory() for _ in range(6)]
    first, second = two_agents(projects[0])
    pair = pair_of(projects[0].lead_commune)
    chosen = [agent_of(pair.ddt).user, agent_of(pair.ddt).user]

    def give(actor, user):
        return lambda number: triage.hand_over(
            projects[number],
            user,
            service=pair.ddt,
            reason="Elle connaît la commune.",
            seen=projects[number].in_charge_id,
            actor=again(actor),
        )

    outcomes = race([give(first, chosen[0]), give(second, chosen[1])], rounds=6)
    for project, outcome in zip(projects, outcomes, strict=True):
        [error] = outcome.errors
        assert isinstance(error, Refusal) and error.code == "handed_over", error
        project.refresh_from_db()
        assert f"vient de confier ce projet à {project.in_charge}" in error.sentence
        assert project.events.filter(kind=EventKind.IN_CHARGE).count() == 1


def test_taken_into_account_or_refused_never_both():
    projects = [ProjectFactory() for _ in range(6)]
    first, second = two_agents(projects[0])
    outcomes = race(
        [
            lambda number: triage.acknowledge(
                projects[number], actor=again(first), seen_state=S.DEPOSITED
            ),
            lambda number: triage.refuse(
                projects[number],
                reason="Hors du champ.",
                actor=again(second),
                seen_state=S.DEPOSITED,
            ),
        ],
        rounds=6,
    )
    for project, outcome in zip(projects, outcomes, strict=True):
        [error] = outcome.errors
        assert isinstance(error, Refusal) and error.code == "moved", error
        assert project.events.filter(kind=EventKind.STATE).count() == 1


def test_an_agent_removed_while_writing_is_stopped_or_was_in_time():
    projects = [ProjectFactory() for _ in range(6)]
    pair = pair_of(projects[0].lead_commune)
    agents = [agent_of(pair.ddt) for _ in projects]

    def remove(number):
        Membership.objects.filter(pk=agents[number].membership.pk).update(ended_at=clock.now())

    def write(number):
        return triage.acknowledge(projects[number], actor=agents[number])

    outcomes = race([remove, write], rounds=6)
    for project, agent, outcome in zip(projects, agents, outcomes, strict=True):
        assert all(isinstance(error, Forbidden) for error in outcome.errors), outcome.errors
        done = Project.objects.get(pk=project.pk).state == S.ACKNOWLEDGED
        assert done is not bool(outcome.errors)
        with pytest.raises(Forbidden):  # with the very hat that the page was opened with
            triage.prioritise(project, "haute", reason="Oui.", actor=agent)
