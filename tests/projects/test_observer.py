"""An observer writes nothing, anywhere: every verb, every address."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.perms import MATRIX
from preau.core import clock
from preau.core.errors import Forbidden
from preau.projects.actions import (
    answers,
    assessments,
    files,
    identity,
    invitations,
    links,
    people,
    states,
    steps,
    threads,
)
from preau.projects.actions.steps import Wanted
from preau.projects.enums import ProjectRole, ProjectState, StepState, Visibility
from preau.projects.models import ProjectEvent
from tests.documents.factories import document
from tests.documents.pictures import picture
from tests.permissions.samples import World
from tests.permissions.walker import addresses, arguments, ask, cookies_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return World(projects=True)


def tomorrow() -> date:
    return (clock.now() + timedelta(days=1)).date()


#: Every verb of the sheet, as somebody tries it.
VERBS = {
    "edit": lambda w, a: identity.edit(
        w.project, {"name": "x"}, actor=a, seen=identity.values_of(w.project)
    ),
    "move": lambda w, a: states.move(w.project, ProjectState.CLOSED, actor=a),
    "pause": lambda w, a: states.pause(w.project, until=None, reason="x", actor=a),
    "resume": lambda w, a: states.resume(w.project, actor=a),
    "invite": lambda w, a: invitations.invite(
        w.project, email="x@exemple.fr", role=ProjectRole.OBSERVER, actor=a
    ),
    "send_again": lambda w, a: invitations.send_again(w.project_invitation, actor=a),
    "revoke_invitation": lambda w, a: invitations.revoke(w.project_invitation, actor=a),
    "change_role": lambda w, a: people.change_role(w.project_member, ProjectRole.OBSERVER, actor=a),
    "remove": lambda w, a: people.remove(w.project_member, reason="x", actor=a),
    "add_step": lambda w, a: steps.add(w.project, Wanted("x"), actor=a),
    "edit_step": lambda w, a: steps.edit(w.project_step, Wanted("x"), actor=a),
    "move_step": lambda w, a: steps.move(w.project_step, StepState.DONE, actor=a),
    "open_thread": lambda w, a: threads.open_conversation(
        w.project, title="x", body="x", idempotency_key=uuid4(), actor=a
    ),
    "open_internal": lambda w, a: threads.open_conversation(
        w.project,
        title="x",
        body="x",
        visibility=Visibility.STATE,
        idempotency_key=uuid4(),
        actor=a,
    ),
    "write": lambda w, a: threads.write(
        w.project_thread, body="x", idempotency_key=uuid4(), actor=a
    ),
    "close_thread": lambda w, a: threads.close(w.project_thread, actor=a),
    "reopen_thread": lambda w, a: threads.reopen(w.project_thread, actor=a),
    "add_file": lambda w, a: files.add(w.project, picture(), title="x", actor=a),
    "take_file": lambda w, a: files.take(w.project, document(owner_user=a.user), actor=a),
    "replace_file": lambda w, a: files.replace(w.project_file, picture(), actor=a),
    "pin_file": lambda w, a: files.pin(w.project_file, pinned=True, actor=a),
    "remove_file": lambda w, a: files.remove(w.project_file, actor=a),
    "begin": lambda w, a: assessments.begin(w.project, w.assessment.version, actor=a),
    "fill": lambda w, a: assessments.fill(
        w.assessment, {"note": "x"}, {}, seen={}, seen_comments={}, actor=a
    ),
    "save_answers": lambda w, a: answers.save_answers(w.assessment, {"note": "x"}, actor=a),
    "finish": lambda w, a: assessments.finish(w.assessment, actor=a),
    "join": lambda w, a: assessments.answer_to_join(w.assessment, "note", actor=a),
    "create_link": lambda w, a: links.create(
        w.project, label="x", last_day=tomorrow(), zone="Europe/Paris", actor=a
    ),
    "revoke_link": lambda w, a: links.revoke(w.share_link, actor=a),
}


def actor_of(world, name):
    return Actor(*world.people[name])


def settle(world):
    """Make what the verbs are tried on."""
    for name in (
        "project_invitation",
        "project_member",
        "project_step",
        "project_thread",
        "project_file",
        "assessment",
        "share_link",
    ):
        getattr(world, name)


@pytest.mark.parametrize("who", ["observer", "follower", "foreign_agent"])
def test_no_verb_is_for_them(world, who):
    settle(world)
    before = ProjectEvent.objects.count()
    actor = actor_of(world, who)
    for name, verb in VERBS.items():
        try:
            verb(world, actor)
        except Forbidden:
            continue
        pytest.fail(f"{who} could {name}.")
    assert ProjectEvent.objects.count() == before


#: What an observer does to nobody but themself, or as anybody: not writing on the project.
THEIRS = {"project.leave", "project.mine", "project.file", "project.by_link", "project.read"}


def test_every_address_that_writes_is_closed_to_them(world):
    """Each address of the room whose line of the matrix leaves observers out answers 403."""
    jar = cookies_of(world)["observer"]
    before = ProjectEvent.objects.count()
    closed = 0
    for name, pattern in addresses():
        asked = getattr(pattern.callback, "permission", None)
        if not name.startswith("projects:") or asked is None or asked.action in THEIRS:
            continue
        if not asked.action.startswith("project.") or Role.OBSERVER in MATRIX[asked.action]:
            continue
        given = arguments(name, pattern, world)
        if given is None:
            continue  # test_every_url asks for the sample
        before = ProjectEvent.objects.count()
        assert ask("post", reverse(name, kwargs=given), jar).status_code == 403, name
        assert ProjectEvent.objects.count() == before, name
        closed += 1
    assert closed >= 25


def test_reading_addresses_write_nothing(world):
    """Those that an observer opens leave the project as it was, posted or not."""
    settle(world)
    jar = cookies_of(world)["observer"]
    before = ProjectEvent.objects.count()
    for name, pattern in addresses():
        asked = getattr(pattern.callback, "permission", None)
        if not name.startswith("projects:") or asked is None or asked.action != "project.read":
            continue
        given = arguments(name, pattern, world)
        if given is None:
            continue
        url = reverse(name, kwargs=given)
        page = ask("get", url, jar)
        ask("post", url, jar)
        if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
            main = page.content.decode().split("<main")[1].split("</main>")[0]
            assert 'method="post"' not in main, name
    assert ProjectEvent.objects.count() == before
