"""A project that is over: nothing blocks it, nobody works on it, what came of it is still told."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from preau.core.errors import Forbidden, Refusal
from preau.projects.actions import blockages, reviewing, states, triage
from preau.projects.enums import ENDED, BlockageState, ProjectState
from preau.projects.models import Project
from preau.projects.queries.blockages import blocked
from preau.projects.queries.sheet import identity_of
from tests.accounts.factories import sign_in
from tests.permissions.samples import World
from tests.permissions.walker import addresses, arguments, cookies_of
from tests.projects.factories import blockage, pair
from tests.projects.test_observer import VERBS, actor_of, settle
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
SENTENCE = "Ce projet est clos : reprenez-le d’abord."
#: What is still done once it is over: words exchanged, access taken back, a result shown.
STILL_DONE = {
    "move",
    "revoke_invitation",
    "remove",
    "open_thread",
    "open_internal",
    "write",
    "close_thread",
    "reopen_thread",
    "remove_file",
    "create_link",
    "revoke_link",
}


def over(project, state=ProjectState.CLOSED):
    from preau.core import clock

    Project.objects.filter(pk=project.pk).update(
        state=state, ended_at=clock.now(), end_reason="Fini."
    )
    project.refresh_from_db()


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    found = World(projects=True)
    settle(found)
    return found


# --- One rule for everything that is written


def test_every_verb_of_the_sheet_says_the_same(world):
    over(world.project)
    wrong = {}
    for name in VERBS.keys() - STILL_DONE:
        said = set()
        for who in ("mayor", "ddt_agent"):
            try:
                VERBS[name](world, actor_of(world, who))
                said.add("done")
            except Forbidden:
                continue
            except Refusal as refusal:
                said.add(refusal.sentence)
        if said != {SENTENCE}:
            wrong[name] = said
    assert not wrong


#: Addresses that stay open: they tell what came of it, or take it up again.
STILL_OPEN = {
    "accompany", "assignment_end", "close", "come_back", "file_remove", "funding_edit",
    "invitation_revoke", "leave", "link_revoke", "links", "member_remove", "qualify",
    "recommendation_answer", "redirect", "refuse", "review", "review_write", "thread_begin",
    "thread_close", "thread_write", "triage", "where", "acknowledge", "assignment",
}  # fmt: skip


def test_every_page_that_writes_says_it_and_no_page_leads_there(world):
    over(world.project)
    closed = set()
    jars = cookies_of(world)
    for name, pattern in addresses():
        asked = getattr(pattern.callback, "permission", None)
        short = name.removeprefix("projects:")
        if short == name or asked is None or not asked.action.startswith("project."):
            continue
        if asked.action in {"project.file", "project.by_link", "project.mine"}:
            continue
        if asked.action.startswith("project.read") or short in STILL_OPEN:
            continue
        given = arguments(name, pattern, world)
        if given is None:
            continue
        url = reverse(name, kwargs=given)
        assert said_by(jars, url), short
        closed.add(url)
    assert len(closed) >= 35
    for who in ("mayor", "ddt_agent"):
        client = client_of(jars, who)
        for section in ("sheet", "steps", "files", "people", "blockages", "recommendations",
                        "funding", "assessments"):  # fmt: skip
            page = client.get(reverse(f"projects:{section}", args=[world.project.key]))
            main = page.content.decode().split("<main")[1].split("</main>")[0]
            led = set(re.findall(r'(?:href|action)="(/projets/[^"?#]+)', main))
            assert not led & closed, (who, section)


def client_of(jars, who):
    client = Client()
    client.cookies = jars[who]
    return client


def said_by(jars, url):
    """Whether somebody who may do it reads the sentence, looking or pressing."""
    for who in ("mayor", "ddt_agent"):
        client = client_of(jars, who)
        for send in (client.get, client.post):
            response = send(url, follow=True)
            if response.status_code == 200 and SENTENCE in response.content.decode():
                return True
    return False


# --- « Bloqué » is never said of what is over


@pytest.mark.parametrize("state", sorted(ENDED))
def test_nothing_blocks_what_is_over(project, state):
    blockage(project)
    over(project, state)  # as if it had been written otherwise
    assert not Project.objects.filter(blocked()).exists()
    assert identity_of(project).blockages == 0


def test_closing_asks_what_becomes_of_each(project, agent):
    lifted, left = blockage(project, title="Le terrain"), blockage(project, title="L’argent")
    client = sign_in(Client(), agent.user, agent.membership)
    url = reverse("projects:close", args=[project.key])
    page = client.get(url).content.decode()
    assert "2 blocages tiennent encore" in page and "Le terrain" in page and "L’argent" in page
    data = {"seen_state": project.state, "close": "1", f"blockage_{lifted.pk}": "leve"}
    page = client.post(url, data).content.decode()
    assert "Dites ce que devient ce blocage" in page
    client.post(url, data | {f"blockage_{left.pk}": "abandonne"})
    project.refresh_from_db()
    assert project.state == ProjectState.CLOSED
    lifted.refresh_from_db()
    left.refresh_from_db()
    assert (lifted.state, left.state) == (BlockageState.LIFTED, BlockageState.ABANDONED)
    assert "Terminé avec le projet" in left.end_reason
    # Taken up again, what had ended with it may come back.
    states.move(project, ProjectState.ACCOMPANIED, actor=agent, reason="Il repart.")
    blockages.reopen(left, reason="L’argent manque encore.", actor=agent)


def test_a_blockage_said_meanwhile_is_not_ended_unseen(project, agent):
    with pytest.raises(Refusal) as refused:
        blockage(project)
        reviewing.close(project, actor=agent, lifted={})
    assert refused.value.code == "blockages"


def test_however_it_ends_what_blocked_ends_but_another_pair_takes_it_as_it_is(project, agent):
    one = blockage(project)
    drome = DepartementFactory(code="26", name="Drôme")
    pair(drome)
    CommuneFactory(departement=drome)
    triage.pass_to_pair(project, drome, reason="C’est chez eux.", actor=agent)
    one.refresh_from_db()
    assert one.state == BlockageState.OPEN
    Project.objects.filter(pk=project.pk).update(
        state=ProjectState.ACCOMPANIED, departement_code="38", departement_codes=["38"]
    )
    states.move(
        Project.objects.get(pk=project.pk), ProjectState.CLOSED, actor=agent, reason="Fini."
    )
    one.refresh_from_db()
    assert one.state == BlockageState.ABANDONED


def test_a_closed_project_is_taken_up_from_its_sheet(project, agent):
    over(project)
    client = sign_in(Client(), agent.user, agent.membership)
    page = client.get(reverse("projects:sheet", args=[project.key])).content.decode()
    assert "Reprendre le projet" in page
    url = reverse("projects:accompany", args=[project.key])
    assert "Pourquoi le reprendre" in client.get(url).content.decode()
    client.post(url, {"seen_state": project.state, "reason": "Les travaux reprennent."})
    project.refresh_from_db()
    assert project.state == ProjectState.ACCOMPANIED
