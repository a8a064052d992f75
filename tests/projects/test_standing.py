"""What one is to a project: one project asked, a list asked, a line of audience: one answer."""

import random

import pytest

from preau.accounts.actors import ANONYMOUS, Actor
from preau.accounts.enums import MembershipRole, Role
from preau.accounts.perms import allowed
from preau.conversations import perms as threads
from preau.conversations.actions import open_thread
from preau.core import clock
from preau.core.errors import Forbidden
from preau.projects import perms, standing
from preau.projects.enums import (
    AssignmentState,
    ProjectRole,
    ProjectState,
    ServiceKind,
    Visibility,
)
from preau.projects.models import Assignment, Project, ProjectMember
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.projects.factories import (
    ProjectFactory,
    actor_for,
    agent_of,
    assigned,
    holder,
    member,
    pair_of,
    service,
)
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db


def elsewhere():
    drome = DepartementFactory(code="26", name="Drôme")
    return CommuneFactory(code="26362", name="Valence", departement=drome)


def roles(actor, project):
    standing.forget(actor)
    return standing.roles_on_project(actor, project.permission_scope)


def test_the_pair_reads_its_territory_and_no_other():
    here, there = ProjectFactory(), ProjectFactory(lead_commune=elsewhere())
    agent = agent_of(pair_of(here.lead_commune).prefecture)
    assert roles(agent, here) == {Role.AGENT, Role.STATE}
    assert roles(agent, there) == set()
    assert list(standing.visible_to(agent)) == [here]


def test_a_draft_is_its_holders_alone():
    mayor = holder()
    draft = ProjectFactory(
        state=ProjectState.DRAFT, holder_organization=mayor.organization, holder_user=mayor.user
    )
    agent = agent_of(pair_of(draft.lead_commune).ddt)
    assert roles(mayor, draft) == {Role.HOLDER}
    assert roles(agent, draft) == set()
    assert roles(member(draft), draft) == set()
    assert list(standing.visible_to(agent)) == []


def test_who_left_the_organisation_holds_no_more():
    mayor = holder()
    project = ProjectFactory(holder_organization=mayor.organization, holder_user=mayor.user)
    assert roles(Actor(user=mayor.user), project) == set()
    assert roles(actor_for(MembershipFactory(user=mayor.user)), project) == set()


def test_who_left_a_service_keeps_nothing_of_what_they_were_set_to():
    project = ProjectFactory()
    other, agent = service(kind=ServiceKind.OTHER)
    assigned(project, other, user=agent.user)
    alone = Actor(user=agent.user)
    assert roles(agent, project) == roles(alone, project) == {Role.STATE}
    agent.user.memberships.update(ended_at=clock.now())
    assert roles(alone, project) == set()
    assert list(standing.visible_to(alone)) == list(standing.state_side_to(alone)) == []


def test_an_explicit_observer_is_nothing_else():
    project = ProjectFactory()
    agent = agent_of(pair_of(project.lead_commune).ddt)
    ProjectMember.objects.create(project=project, user=agent.user, role=ProjectRole.OBSERVER)
    assert roles(agent, project) == {Role.OBSERVER}
    with pytest.raises(Forbidden, match="pas y écrire"):
        perms.require(agent, "project.contribute", project)


def test_the_region_follows_and_takes_over_what_was_escalated():
    project = ProjectFactory()
    region, agent = service(kind=ServiceKind.REGION, region=project.lead_commune.departement.region)
    assert roles(agent, project) == {Role.STATE_READER}
    Project.objects.filter(pk=project.pk).update(escalated_at=clock.now())
    assert Role.AGENT in roles(agent, project)
    assert region.active


def test_roles_are_read_anew_before_writing():
    project = ProjectFactory()
    actor = member(project)
    perms.require(actor, "project.contribute", project)
    ProjectMember.objects.update(ended_at=clock.now())
    assert allowed(actor, "project.contribute", project)  # as the page was read
    with pytest.raises(Forbidden, match="copiez-le"):
        perms.require(actor, "project.contribute", project)


@pytest.mark.parametrize(
    ("visibility", "readers", "writers"),
    [
        (Visibility.MEMBERS, "holder partner observer state reader", "holder partner state"),
        (Visibility.STATE, "state reader", "state"),
    ],
)
def test_threads_follow(visibility, readers, writers):
    mayor = holder()
    project = ProjectFactory(holder_organization=mayor.organization)
    pair = pair_of(project.lead_commune)
    other, agent = service(kind=ServiceKind.OTHER)
    assigned(project, other, ProjectRole.OBSERVER)
    people = {
        "holder": mayor,
        "partner": member(project),
        "observer": member(project, ProjectRole.OBSERVER),
        "state": agent_of(pair.ddt),
        "reader": agent,
        "stranger": Actor(user=UserFactory()),
        "anonymous": ANONYMOUS,
    }
    thread = open_thread(
        subject="Le toit",
        audiences=[standing.writers(project, visibility)],
        readers=[standing.audience(project, visibility)],
        actor=mayor,
    )
    assert {name for name, one in people.items() if threads.can_read(one, thread)} == set(
        readers.split()
    )
    assert {name for name, one in people.items() if threads.can_write(one, thread)} == set(
        writers.split()
    )


def test_a_list_and_a_project_say_the_same():
    """Three hundred people and projects drawn at random."""
    draw = random.Random(7)
    communes = [CommuneFactory(), elsewhere()]
    kinds = [ServiceKind.DDT, ServiceKind.SUB_PREFECTURE, ServiceKind.REGION]
    services = [pair_of(commune).ddt for commune in communes]
    services += [
        service(communes[0].departement, kinds[1])[0],
        service(kind=kinds[2], region=communes[0].departement.region)[0],
        service(kind=ServiceKind.NATIONAL)[0],
        service(kind=ServiceKind.OTHER)[0],
    ]
    actors = [holder() for _ in range(3)] + [agent_of(one) for one in services]
    actors += [Actor(user=UserFactory()) for _ in range(3)]
    actors += [Actor(user=actors[0].user), ANONYMOUS]
    people = [one for one in actors if one.user]
    projects = []
    for _ in range(40):
        who = draw.choice(actors[:3])
        project = ProjectFactory(
            lead_commune=draw.choice(communes),
            state=draw.choice([*ProjectState]),
            holder_organization=draw.choice([who.organization, None]),
            holder_user=draw.choice([who.user, actors[-3].user]),
            escalated_at=draw.choice([None, clock.now()]),
        )
        for actor in draw.sample(people, draw.randint(0, 3)):
            ProjectMember.objects.get_or_create(
                project=project,
                user=actor.user,
                ended_at=draw.choice([None, clock.now()]),
                defaults={"role": draw.choice([*ProjectRole])},
            )
        for one in draw.sample(services, draw.randint(0, 2)):
            state = draw.choice([AssignmentState.ACCEPTED, AssignmentState.ENDED])
            Assignment.objects.create(
                project=project, service=one, role=ProjectRole.SUPPORT, state=state
            )
        projects.append(project)
    for actor in actors:
        listed = set(standing.visible_to(actor).values_list("pk", flat=True))
        asked = {one.pk for one in projects if allowed(actor, "project.read", one)}
        assert listed == asked, actor


def test_the_administrator_of_a_service_is_no_more_on_projects():
    project = ProjectFactory()
    made, agent = service(kind=ServiceKind.OTHER, role=MembershipRole.ADMINISTRATOR)
    assert roles(agent, project) == set()
    assert made.pk
