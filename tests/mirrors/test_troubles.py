"""Bad days, in words: what somebody deleted, a key refused, a Grist that is away."""

import time

import pytest
from django.urls import reverse

from fakes.misbehaving import door
from preau.core.errors import Refusal
from preau.integrations.grist import Document, server
from preau.integrations.grist.cells import Column
from preau.mirrors.actions import closing, mirrors, runs
from preau.mirrors.enums import MirrorState, Problem, RunKind, RunState
from preau.mirrors.models import MirroredRow
from preau.mirrors.servers import Address, read_address
from preau.projects.actions.triage import prioritise
from preau.projects.models import Project
from tests.accounts.factories import sign_in
from tests.mirrors.factories import ddt, opened, sync, there, work
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(db):
    return ddt(ProjectFactory().lead_commune)


@pytest.fixture
def mirror(actor, grist):
    made = opened(actor, grist, groups=("priorite",))
    work(made)
    return made


def columns_left(url, *names):
    with server(url, "owner") as service:
        document = Document(service, "doc")
        kept = [one for one in document.columns("Projets") if one.id not in names]
        document.put_columns("Projets", kept, replace_all=True)


def page(client, mirror, actor):
    sign_in(client, actor.user, actor.membership)
    return client.get(reverse("mirrors:mirror", args=[mirror.key])).content.decode()


def test_a_deleted_column_is_told_and_made_again(mirror, grist, actor, client):
    prioritise(Project.objects.get(), "haute", reason="Toit", actor=actor)
    sync(mirror, actor)
    assert there(grist)[0].fields["priorite"] == "Haute"
    columns_left(grist, "epci", "priorite")
    run = sync(mirror, actor)
    mirror.refresh_from_db()
    assert (run.state, mirror.problem) == (RunState.FAILED, Problem.COLUMN)
    assert "« Intercommunalité »" in mirror.problem_text
    shown = page(client, mirror, actor)
    assert "Recréer ce qui manque" in shown
    assert runs.begin_all(RunKind.RECENT) == 0  # nobody tries meanwhile
    runs.repair(mirror, actor=actor)
    assert work(mirror).state == RunState.DONE
    # Nobody has emptied the priority: it was deleted with its column, and comes back.
    assert there(grist)[0].fields["priorite"] == "Haute"
    mirror.refresh_from_db()
    assert mirror.problem == Problem.NONE


def test_a_deleted_table_is_told_and_made_again(mirror, grist, actor):
    door(grist, "/_reset")
    run = sync(mirror, actor)
    mirror.refresh_from_db()
    assert (run.state, mirror.problem) == (RunState.FAILED, Problem.TABLE)
    runs.repair(mirror, actor=actor)
    assert work(mirror).state == RunState.DONE
    assert len(there(grist)) == 1


def test_a_taken_name_yields_another_table(actor, grist):
    with server(grist, "owner") as service:
        Document(service, "doc").create_table("Projets", [Column("autre")])
    made = opened(actor, grist)
    work(made)
    assert made.tables.get().remote == "Projets2"
    assert len(there(grist, "Projets2")) == 1
    assert there(grist, "Projets") == []


def test_a_table_whose_name_never_came_back_is_found(actor, grist):
    made = opened(actor, grist)
    door(grist, "/_mood/cut?times=1")
    assert work(made).state == RunState.WAITING
    assert work(made).state == RunState.DONE
    with server(grist, "owner") as service:
        assert Document(service, "doc").tables() == ("Table1", "Projets")


def test_a_refused_key_waits_for_another(mirror, grist, actor):
    place = Address(mirror.server, mirror.document)
    mirrors.change_document(mirror, mirror.name, place, "perdue", actor=actor)
    run = work(mirror)
    mirror.refresh_from_db()
    assert (run.state, mirror.problem) == (RunState.FAILED, Problem.KEY)
    # Another key has a circuit of its own: it is not made to wait for the first one's.
    mirrors.change_document(mirror, mirror.name, place, "owner", actor=actor)
    assert work(mirror).state == RunState.DONE


def test_an_unknown_document_is_told(grist, actor):
    made = opened(actor, grist)
    made.document = "parti"
    made.save()
    work(made)
    made.refresh_from_db()
    assert made.problem == Problem.DOCUMENT


@pytest.mark.parametrize("mood", ["500", "429", "html", "truncated", "slow"])
def test_a_bad_day_keeps_the_page_quick_and_the_run_waiting(
    mirror, grist, actor, client, mood, monkeypatch
):
    from preau.mirrors import servers

    monkeypatch.setattr(servers, "IN_WORKER", 0.3)
    monkeypatch.setattr(servers, "ON_CLICK", 0.3)
    ProjectFactory()
    door(grist, f"/_mood/{mood}")
    run = sync(mirror, actor)
    assert run.state == RunState.WAITING
    assert run.error
    began = time.monotonic()
    shown = page(client, mirror, actor)
    assert time.monotonic() - began < 1
    assert run.error.split(".")[0].replace("'", "’")[:30] in shown
    answer = client.post(reverse("mirrors:test", args=[mirror.key]), follow=True)
    assert "Grist" in answer.content.decode()
    door(grist, "/_mood/none")


def test_a_run_is_given_up_after_many_failures(mirror, grist, actor):
    door(grist, "/_mood/500")
    runs.ask(mirror, actor=actor)
    states = [work_any(mirror).state for _ in range(6)]
    assert states[-1] == RunState.FAILED
    mirror.refresh_from_db()
    assert mirror.problem == Problem.NONE  # the clock begins another
    door(grist, "/_mood/none")


def work_any(mirror):
    from preau.mirrors.syncing import running

    run = mirror.runs.latest("pk")
    running.work(run.pk)
    run.refresh_from_db()
    return run


def test_a_mirror_may_be_closed_without_grist(mirror, grist, actor):
    door(grist, "/_mood/500")
    closing.close(mirror, removes=True, actor=actor)
    work(mirror)
    closing.close_anyway(mirror, actor=actor)
    mirror.refresh_from_db()
    assert (mirror.state, mirror.sealed_key) == (MirrorState.CLOSED, "")
    assert not MirroredRow.objects.exists()
    door(grist, "/_mood/none")


# --- Which servers


@pytest.mark.parametrize(
    "text",
    [
        "https://grist.example/o/equipe/2Bx9abcdEFGH/Suivi/p/3",
        "https://grist.example/doc/2Bx9abcdEFGH",
        "https://grist.example/2Bx9abcdEFGH/Suivi?x=1",
    ],
)
def test_an_address_copied_from_a_browser_is_read(settings, text):
    settings.GRIST_HOSTS = ["grist.example"]
    assert read_address(text) == Address("https://grist.example", "2Bx9abcdEFGH")


@pytest.mark.parametrize(
    "text",
    [
        "https://ailleurs.example/doc/2Bx9abcdEFGH",
        "https://grist.example@ailleurs.example/doc/2Bx9abcdEFGH",
        "https://ailleurs.example/grist.example/2Bx9abcdEFGH",
        "http://grist.example/doc/2Bx9abcdEFGH",
        "https://127.0.0.1/doc/2Bx9abcdEFGH",
        "ftp://grist.example/doc/2Bx9abcdEFGH",
        "https://grist.example/",
        "https://grist.example:bad/doc/2Bx9abcdEFGH",
        "grist.example/doc/2Bx9abcdEFGH",
        "",
    ],
)
def test_no_other_server_is_called(settings, text):
    settings.GRIST_HOSTS = ["grist.example"]
    settings.IS_PRODUCTION = True
    with pytest.raises(Refusal):
        read_address(text)


def test_off_until_the_operator_names_a_server(settings):
    settings.GRIST_HOSTS = []
    with pytest.raises(Refusal) as no:
        read_address("https://grist.example/doc/2Bx9abcdEFGH")
    assert no.value.code == "off"
