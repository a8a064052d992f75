"""Opened columns: who changed what, who decides, and what Grist says by itself."""

import json

import pytest
from django.urls import reverse

from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.mirrors import queries
from preau.mirrors.actions import conflicts, hooks, mirrors, runs
from preau.mirrors.actions.mirrors import Choice
from preau.mirrors.enums import ConflictKind, ConflictState, RunKind, RunState
from preau.mirrors.models import Conflict, Hint, MirroredTable
from preau.mirrors.syncing import rereading, schema, sending
from preau.mirrors.syncing.settling import print_of
from preau.projects.actions.triage import prioritise
from preau.projects.enums import FundingState
from preau.projects.models import FundingRequest, Project, ProjectEvent
from tests.mirrors.factories import calls, ddt, opened, person, sync, there, work
from tests.projects.factories import ProjectFactory, agent_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db):
    return ProjectFactory()


@pytest.fixture
def actor(project):
    return ddt(project.lead_commune)


@pytest.fixture
def mirror(actor, grist):
    made = opened(actor, grist, groups=("priorite",))
    assert work(made).state == RunState.DONE
    return made


def row(url):
    return there(url)[0]


def decide(verb, actor, shown=None):
    """On the page as it is, unless an older one is given."""
    conflict = Conflict.objects.get()
    return verb(conflict, seen=shown or print_of(conflict), actor=actor)


def told(mirror, url, client, **more):
    """Deliver what waits at the fake, as Grist would; the answer's status."""
    table = mirror.tables.get()
    header = more.get("header", schema.authorization(table))
    body = more.get("body", json.dumps([{"id": row(url).id, "priorite": "n’importe quoi"}]))
    token = more.get("token", table.hook_secret)
    return client.post(
        reverse("mirrors:hook", args=[token]),
        body,
        content_type="application/json",
        headers={"authorization": header} if header is not None else {},
    ).status_code


def test_what_is_changed_there_is_written_here_by_its_verb(mirror, grist, project, actor, client):
    person(grist, row(grist).id, priorite="Haute", motif_priorite="Toit en péril")
    assert told(mirror, grist, client) == 200
    assert hooks.follow(mirror.tables.get().pk) == 1
    project.refresh_from_db()
    assert (project.priority, project.priority_reason) == ("haute", "Toit en péril")
    event = ProjectEvent.objects.filter(project=project).latest("pk")
    assert event.user == actor.user  # the keeper's own act, in the history
    assert not Hint.objects.exists()
    assert sync(mirror, actor).sent <= 1  # nothing comes and goes for ever
    assert sync(mirror, actor).sent == 0


def test_our_own_writing_told_back_changes_nothing(mirror, grist, project, actor, client):
    prioritise(project, "haute", reason="Urgent", actor=actor)
    sync(mirror, actor)
    assert row(grist).fields["priorite"] == "Haute"
    before = ProjectEvent.objects.count()
    assert told(mirror, grist, client) == 200
    assert hooks.follow(mirror.tables.get().pk) == 0
    assert ProjectEvent.objects.count() == before
    assert not Conflict.objects.exists()


def test_both_changed_is_listed_and_neither_is_overwritten(mirror, grist, project, actor):
    person(grist, row(grist).id, priorite="Basse", motif_priorite="Peut attendre")
    prioritise(project, "haute", reason="Urgent", actor=actor)
    run = sync(mirror, actor)
    conflict = Conflict.objects.get()
    assert conflict.kind == ConflictKind.BOTH
    project.refresh_from_db()
    assert (project.priority, row(grist).fields["priorite"]) == ("haute", "Basse")
    # Again and again: nothing moves until somebody decides.
    for _ in range(2):
        run = sync(mirror, actor)
        assert (run.state, row(grist).fields["priorite"]) == (RunState.DONE, "Basse")
    assert Conflict.objects.count() == 1


def test_ours_is_kept_when_somebody_says_so(mirror, grist, project, actor):
    person(grist, row(grist).id, priorite="Basse", motif_priorite="Peut attendre")
    prioritise(project, "haute", reason="Urgent", actor=actor)
    sync(mirror, actor)
    decide(conflicts.keep, actor)
    work(mirror)
    assert row(grist).fields["priorite"] == "Haute"
    with pytest.raises(Refusal):
        decide(conflicts.keep, actor)


def test_theirs_is_accepted_by_somebody_who_may(mirror, grist, project, actor):
    person(grist, row(grist).id, priorite="Basse", motif_priorite="Peut attendre")
    prioritise(project, "haute", reason="Urgent", actor=actor)
    sync(mirror, actor)
    reader = agent_of(project.service_in_charge)
    with pytest.raises(Forbidden):
        decide(conflicts.accept, reader)
    decide(conflicts.accept, actor)
    project.refresh_from_db()
    assert project.priority == "basse"
    assert Conflict.objects.get().state == ConflictState.ACCEPTED


@pytest.mark.parametrize("verb", [conflicts.keep, conflicts.accept])
@pytest.mark.parametrize("side", ["there", "here"])
def test_nobody_decides_between_values_they_have_not_seen(
    mirror, grist, project, actor, verb, side
):
    person(grist, row(grist).id, priorite="Basse", motif_priorite="Peut attendre")
    prioritise(project, "haute", reason="Urgent", actor=actor)
    sync(mirror, actor)
    shown = print_of(Conflict.objects.get())
    if side == "there":
        person(grist, row(grist).id, priorite="Moyenne", motif_priorite="À revoir")
        runs.begin_all(RunKind.CHECK)
        work(mirror)
    else:
        prioritise(project, "haute", reason="Très urgent", actor=actor)
    before = row(grist).fields["priorite"]
    with pytest.raises(Refusal, match="a changé depuis"):
        decide(verb, actor, shown)
    project.refresh_from_db()
    assert (project.priority, row(grist).fields["priorite"]) == ("haute", before)
    (one,) = queries.conflicts_of(mirror, actor)
    assert one.seen != shown
    new = {"there": ("Motif de la priorité", "Urgent", "À revoir")}
    new["here"] = ("Motif de la priorité", "Très urgent", "Peut attendre")
    assert new[side] in one.lines
    assert decide(verb, actor, one.seen).state != ConflictState.OPEN


def test_columns_that_are_closed_leave_nothing_to_decide(mirror, grist, project, actor):
    person(grist, row(grist).id, priorite="Basse", motif_priorite="Peut attendre")
    prioritise(project, "haute", reason="Urgent", actor=actor)
    sync(mirror, actor)
    columns = mirror.tables.get().columns
    mirrors.choose(mirror, {"projets": Choice(columns, ["priorite"])}, actor=actor)
    work(mirror)
    assert Conflict.objects.get().state == ConflictState.OPEN  # still opened, still to decide
    mirrors.choose(mirror, {"projets": Choice(columns)}, actor=actor)
    work(mirror)
    assert not Conflict.objects.exists()
    assert row(grist).fields["priorite"] == "Haute"


def test_copies_leave_with_the_row(mirror, grist, project):
    copy = {name: cell for name, cell in row(grist).fields.items() if name != "manualSort"}
    person(grist, None, **copy)
    assert len(there(grist)) == 2
    Project.objects.filter(pk=project.pk).update(departement_code="73", departement_codes=["73"])
    runs.begin_all(RunKind.RECENT)
    assert work(mirror).removed == 1
    assert there(grist) == []


def test_a_conflict_that_both_sides_settle_ends_by_itself(mirror, grist, project, actor):
    person(grist, row(grist).id, priorite="Basse", motif_priorite="Peut attendre")
    prioritise(project, "haute", reason="Urgent", actor=actor)
    sync(mirror, actor)
    prioritise(project, "basse", reason="Peut attendre", actor=actor)
    runs.begin_all(RunKind.CHECK)
    work(mirror)
    assert Conflict.objects.get().state == ConflictState.GONE


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ({"priorite": "Très haute", "motif_priorite": "x"}, "Haute"),
        ({"priorite": "Haute"}, "pourquoi"),
    ],
)
def test_what_is_refused_here_is_listed_with_why(mirror, grist, project, cells, word):
    person(grist, row(grist).id, **cells)
    runs.begin_all(RunKind.CHECK)
    assert work(mirror).state == RunState.DONE
    conflict = Conflict.objects.get()
    assert conflict.kind == ConflictKind.REFUSED
    assert word in conflict.reason
    project.refresh_from_db()
    assert project.priority == ""


def test_a_change_not_told_yet_is_seen_before_we_write(mirror, grist, project, actor):
    """The webhook is late; our row has changed elsewhere meanwhile."""
    person(grist, row(grist).id, priorite="Haute", motif_priorite="Toit")
    Project.objects.filter(pk=project.pk).update(name="Nouveau nom")
    sync(mirror, actor)
    fields = row(grist).fields
    assert (fields["nom"], fields["priorite"]) == ("Nouveau nom", "Haute")


def test_what_is_not_opened_is_put_back_at_night(mirror, grist, project):
    person(grist, row(grist).id, nom="Écrasé")
    runs.begin_all(RunKind.CHECK)
    assert work(mirror).sent == 1
    assert row(grist).fields["nom"] == project.name


def test_a_row_deleted_there_is_sent_again_at_night(mirror, grist, project):
    from preau.integrations.grist import Document, server

    with server(grist, "owner") as service:
        Document(service, "doc").delete("Projets", [row(grist).id])
    runs.begin_all(RunKind.CHECK)
    assert work(mirror).sent == 1
    assert row(grist).fields["nom"] == project.name


def test_a_copied_row_changes_nothing_here(mirror, grist, project, client):
    original = row(grist)
    copy = {name: cell for name, cell in original.fields.items() if name != "manualSort"}
    made = person(grist, None, **copy | {"priorite": "Haute", "motif_priorite": "Copie"})
    body = json.dumps([{"id": made}])
    assert told(mirror, grist, client, body=body) == 200
    assert hooks.follow(mirror.tables.get().pk) == 0
    project.refresh_from_db()
    assert project.priority == ""


# --- What comes without being asked


def test_a_delivery_without_its_secrets_is_nothing(mirror, grist, client):
    assert told(mirror, grist, client, header=None) == 404
    assert told(mirror, grist, client, header="Bearer autre") == 404
    assert told(mirror, grist, client, token="x" * 43) == 404
    assert told(mirror, grist, client, body="{}") == 400
    assert not Hint.objects.exists()


def test_the_webhook_is_installed_once_and_removed_with_the_mirror(mirror, grist, actor):
    table = mirror.tables.get()
    assert table.hook
    sync(mirror, actor)
    assert len(calls(grist, "POST")) == 2  # the table, the webhook
    from preau.mirrors.actions import closing

    closing.close(mirror, removes=True, actor=actor)
    assert work(mirror).state == RunState.DONE
    mirror.refresh_from_db()
    assert (mirror.state, mirror.sealed_key) == ("ferme", "")
    assert there(grist) == []
    assert [one["path"] for one in calls(grist, "DELETE")] == [
        f"/api/docs/doc/webhooks/{table.hook}"
    ]


def test_a_key_that_owns_nothing_still_mirrors(grist, actor):
    made = opened(actor, grist, groups=("priorite",), key="editor")
    run = work(made)
    assert (run.state, run.error) == (RunState.DONE, "")
    assert made.tables.get().hook_problem == schema.REFUSED
    person(grist, row(grist).id, priorite="Haute", motif_priorite="Toit")
    assert sync(made, actor).applied == 1  # read again, since nothing is told


def test_hints_told_again_while_they_are_read_stay(mirror, grist, monkeypatch):
    table = mirror.tables.get()
    Hint.objects.create(table=table, remote_id=row(grist).id)
    real = rereading._row_of

    def meanwhile(work, record):
        Hint.objects.filter(remote_id=record.id).update(at=clock.now() + sending.OVERLAP)
        return real(work, record)

    monkeypatch.setattr(rereading, "_row_of", meanwhile)
    hooks.follow(table.pk)
    assert Hint.objects.count() == 1


# --- The financial follow-up


def test_amounts_come_back_together(grist, project, actor):
    request = FundingRequest.objects.create(project=project, label="DETR", created_by=actor.user)
    made = opened(actor, grist, sources=("financements",), groups=("suivi",))
    work(made)
    (there_row,) = there(grist, "Financements")
    person(
        grist,
        there_row.id,
        "Financements",
        etat="Déposée",
        demande=12500.5,
        deposee=(clock.now().timestamp() - 5 * 86400) // 86400 * 86400,
    )
    runs.begin_all(RunKind.CHECK)
    run = work(made)
    request.refresh_from_db()
    assert (run.applied, list(Conflict.objects.values_list("reason", flat=True))) == (1, [])
    assert (request.state, request.asked_cents) == (FundingState.ASKED, 1_250_050)


def test_half_of_a_decision_is_refused(grist, project, actor):
    FundingRequest.objects.create(project=project, label="DETR")
    made = opened(actor, grist, sources=("financements",), groups=("suivi",))
    work(made)
    (there_row,) = there(grist, "Financements")
    person(grist, there_row.id, "Financements", etat="Accordée")
    runs.begin_all(RunKind.CHECK)
    work(made)
    assert Conflict.objects.get().kind == ConflictKind.REFUSED
    assert MirroredTable.objects.get().source == "financements"
