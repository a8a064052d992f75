"""Several people on one sheet at the same instant: one after the other, and nothing lost."""

from uuid import uuid4

import pytest

from preau.core.errors import Refusal
from preau.projects.actions import files, identity, invitations, people, threads
from preau.projects.actions.identity import Conflict
from preau.projects.enums import EventKind, ProjectRole, ProjectState
from tests.concurrency.race import race
from tests.documents.pictures import picture
from tests.projects.factories import ProjectFactory, agent_of, holder, member, pair_of

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
PEOPLE = 6


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mayor():
    return holder()


@pytest.fixture
def project(mayor):
    return ProjectFactory(state=ProjectState.ACCOMPANIED, holder_organization=mayor.organization)


def agents(project):
    return [agent_of(pair_of(project.lead_commune).ddt) for _ in range(PEOPLE)]


def test_the_same_field_is_written_once_and_the_others_compare(project):
    seen = identity.values_of(project)

    def write(actor, number):
        return lambda _: identity.edit(
            project, seen | {"name": f"Nom {number}"}, actor=actor, seen=seen
        )

    [outcome] = race([write(actor, number) for number, actor in enumerate(agents(project))])
    assert [type(one) for one in outcome.errors] == [Conflict] * (PEOPLE - 1)
    line = project.events.get(kind=EventKind.IDENTITY)
    project.refresh_from_db()
    assert line.after == project.name != seen["name"]


def test_different_fields_are_all_kept(project):
    seen = identity.values_of(project)
    changes = {"name": "Halle", "purpose": "Abriter", "description": "Un toit", "phase": "etude"}
    runners = [
        lambda _, name=name, value=value, actor=actor: identity.edit(
            project, seen | {name: value}, actor=actor, seen=seen
        )
        for (name, value), actor in zip(changes.items(), agents(project), strict=False)
    ]
    [outcome] = race(runners)
    assert outcome.errors == []
    project.refresh_from_db()
    assert identity.values_of(project) == seen | changes


def test_one_invitation_an_address(project):
    runners = [
        lambda _, actor=actor: invitations.invite(
            project, email="ana@exemple.fr", role=ProjectRole.SUPPORT, actor=actor
        )
        for actor in agents(project)
    ]
    [outcome] = race(runners)
    assert {getattr(one, "code", repr(one)) for one in outcome.errors} == {"invited"}
    assert project.invitations.count() == 1


def test_removed_while_writing(project, mayor):
    """Whoever comes first: the message is written whole by a member, or not at all."""
    ana = member(project)
    conversation = threads.open_conversation(
        project, title="Le toit", body="Bonjour", idempotency_key=uuid4(), actor=mayor
    )
    row = project.members.get(user=ana.user)
    [outcome] = race(
        [
            lambda _: people.remove(row, reason="Fini", actor=mayor),
            lambda _: threads.write(
                conversation, body="Encore un mot", idempotency_key=uuid4(), actor=ana
            ),
        ]
    )
    assert all(isinstance(one, Refusal) for one in outcome.errors)
    row.refresh_from_db()
    assert row.ended_at
    assert conversation.thread.messages.count() == 2 - len(outcome.errors)


def test_a_file_is_replaced_once(project, mayor):
    one = files.add(project, picture(), title="Plan", actor=mayor)
    runners = [
        lambda _, actor=actor: files.replace(one, picture(), actor=actor)
        for actor in agents(project)
    ]
    [outcome] = race(runners)
    assert {getattr(error, "code", repr(error)) for error in outcome.errors} == {"removed"}
    assert project.files.filter(removed_at=None).count() == 1
