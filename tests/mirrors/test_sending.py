"""What goes to Grist: once, what changed, nothing that its readers may not read here."""

from datetime import date

import pytest

from fakes.misbehaving import door
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core import clock
from preau.integrations.grist.cells import read_date
from preau.mirrors.actions import runs
from preau.mirrors.enums import Problem, RunKind, RunState
from preau.mirrors.models import Mirror, MirroredRow, MirroredTable
from preau.mirrors.syncing import progress, running, sending
from preau.projects.enums import Priority, ProjectRole, ProjectState
from preau.projects.models import FundingRequest, Project, ProjectMember, Recommendation
from tests.accounts.factories import MembershipFactory
from tests.mirrors.factories import calls, ddt, opened, sync, there, work
from tests.mirrors.interrupting import spoil_body
from tests.projects.factories import ProjectFactory, actor_for, member
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db


def elsewhere():
    return CommuneFactory(
        code="73065", name="Chambéry", departement=DepartementFactory(code="73", name="Savoie")
    )


def names(url):
    return sorted(one.fields["nom"] for one in there(url))


def test_a_document_receives_what_the_organisation_reads_and_nothing_else(grist):
    here = ProjectFactory(name="Halle")
    ProjectFactory(name="Brouillon", lead_commune=here.lead_commune, state=ProjectState.DRAFT)
    ProjectFactory(name="Ailleurs", lead_commune=elsewhere())
    actor = ddt(here.lead_commune)
    # What its keeper was invited to for themself is theirs, not the organisation's.
    invited = ProjectFactory(name="Personnel", lead_commune=elsewhere())
    member(invited, ProjectRole.SUPPORT, user=actor.user)
    run = work(opened(actor, grist))
    assert (run.state, run.error) == (RunState.DONE, "")
    (row,) = there(grist)
    assert row.fields["nom"] == "Halle"
    assert row.fields["reference"] == here.reference
    assert row.fields["preau_suivi"] == "Oui"
    assert "courriel" not in row.fields  # personal: not chosen unless asked


def test_lists_dates_and_amounts_arrive_as_such(grist):
    project = ProjectFactory(
        themes=["logement", "mobilites"], starts_on=date(2027, 3, 1), budget_cents=1_234_550
    )
    work(opened(ddt(project.lead_commune), grist))
    (row,) = there(grist)
    assert row.fields["themes"][0] == "L"
    assert len(row.fields["themes"]) == 3
    assert read_date(row.fields["debut"]) == date(2027, 3, 1)
    assert row.fields["budget"] == 12345.5


def test_a_second_run_sends_what_changed(grist):
    first = ProjectFactory()
    for _ in range(9):
        ProjectFactory(lead_commune=first.lead_commune)
    actor = ddt(first.lead_commune)
    mirror = opened(actor, grist)
    assert work(mirror).sent == 10
    assert sync(mirror, actor).sent == 0
    Project.objects.filter(pk=first.pk).update(name="Nouveau nom")
    run = sync(mirror, actor)
    assert (run.sent, run.looked) == (1, 10)
    assert "Nouveau nom" in names(grist)
    assert len(there(grist)) == 10


def test_recent_runs_look_at_what_moved_alone(grist):
    old, new = ProjectFactory(), None
    new = ProjectFactory(lead_commune=old.lead_commune)
    mirror = opened(ddt(old.lead_commune), grist)
    work(mirror)
    Project.objects.filter(pk=old.pk).update(updated_at=clock.now() - sending.OVERLAP * 3)
    Project.objects.filter(pk=new.pk).update(name="Vient de changer")
    runs.begin_all(RunKind.RECENT)
    run = work(mirror)
    assert (run.looked, run.sent) == (1, 1)


@pytest.mark.parametrize("mood", ["cut", "500", "truncated", "html"])
def test_an_interruption_in_the_middle_of_a_batch_doubles_nothing(grist, monkeypatch, mood):
    monkeypatch.setattr(sending, "ROWS", 4)
    first = ProjectFactory()
    for _ in range(10):
        ProjectFactory(lead_commune=first.lead_commune)
    actor = ddt(first.lead_commune)
    mirror = opened(actor, grist)
    spoiled = spoil_body(monkeypatch, grist, mood, at=2)
    run = work(mirror)
    assert run.state == RunState.WAITING
    assert run.error
    assert MirroredRow.objects.exclude(sent_hash="").count() == 4
    again = work(mirror)
    assert (again.pk, again.state) == (run.pk, RunState.DONE)
    assert (again.looked, again.sent) == (11, 11)
    assert spoiled
    assert len(there(grist)) == 11
    assert len({one.fields["preau_id"] for one in there(grist)}) == 11
    assert sync(mirror, actor).sent == 0


def test_a_worker_killed_after_a_body_is_replaced(grist, monkeypatch):
    monkeypatch.setattr(sending, "ROWS", 3)
    first = ProjectFactory()
    for _ in range(7):
        ProjectFactory(lead_commune=first.lead_commune)
    mirror = opened(ddt(first.lead_commune), grist)
    real, seen = sending._record, []

    class Killed(BaseException):
        """Nothing catches it, as nothing catches SIGKILL."""

    def record(*args):
        seen.append(1)
        if len(seen) == 2:
            raise Killed
        return real(*args)

    monkeypatch.setattr(sending, "_record", record)
    run = mirror.runs.get()
    with pytest.raises(Killed):
        running.work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert runs.go_on() == 0  # it may still be at it
    with clock.frozen(clock.now() + progress.SILENCE * 2):
        assert runs.go_on() == 1
        running.work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert len(there(grist)) == 8


def test_two_workers_do_not_share_a_run(grist):
    project = ProjectFactory()
    mirror = opened(ddt(project.lead_commune), grist)
    run = mirror.runs.get()
    first = progress.Progress.take(run.pk)
    assert progress.Progress.take(run.pk) is None
    with clock.frozen(clock.now() + progress.SILENCE * 2):
        assert progress.Progress.take(run.pk) is not None
    with pytest.raises(progress.Overtaken):
        first.beat()


def test_it_stops_when_asked_and_goes_on_later(grist, monkeypatch):
    monkeypatch.setattr(sending, "ROWS", 2)
    first = ProjectFactory()
    for _ in range(5):
        ProjectFactory(lead_commune=first.lead_commune)
    actor = ddt(first.lead_commune)
    mirror = opened(actor, grist)
    real = sending._record

    def record(work, rows, answer):
        real(work, rows, answer)
        runs.stop(mirror, actor=actor)

    monkeypatch.setattr(sending, "_record", record)
    assert work(mirror).state == RunState.STOPPED
    monkeypatch.setattr(sending, "_record", real)
    run = sync(mirror, actor)
    assert (run.state, run.sent) == (RunState.DONE, 4)


def test_what_leaves_the_scope_leaves_grist(grist):
    stays = ProjectFactory(name="Reste")
    goes = ProjectFactory(name="Part", lead_commune=stays.lead_commune)
    actor = ddt(stays.lead_commune)
    mirror = opened(actor, grist)
    work(mirror)
    away = elsewhere()
    Project.objects.filter(pk=goes.pk).update(
        departement_code=away.departement_id, departement_codes=[away.departement_id]
    )
    runs.begin_all(RunKind.RECENT)
    assert work(mirror).removed == 1
    assert names(grist) == ["Reste"]
    # It comes back: it is sent again.
    code = stays.departement_code
    Project.objects.filter(pk=goes.pk).update(departement_code=code, departement_codes=[code])
    assert sync(mirror, actor).sent == 1
    assert names(grist) == ["Part", "Reste"]


@pytest.mark.parametrize("leaving", ["retirer", "vider"])
def test_what_leaves_the_scope_before_grist_could_answer_leaves_too(grist, monkeypatch, leaving):
    project = ProjectFactory(name="Part")
    mirror = opened(ddt(project.lead_commune), grist)
    Mirror.objects.filter(pk=mirror.pk).update(leaving=leaving)
    spoil_body(monkeypatch, grist, "cut", at=1)
    assert work(mirror).state == RunState.WAITING
    assert names(grist) == ["Part"]
    away = elsewhere()
    Project.objects.update(
        departement_code=away.departement_id, departement_codes=[away.departement_id]
    )
    assert work(mirror).removed == 1
    assert [one.fields["nom"] for one in there(grist) if one.fields["nom"]] == []


def test_a_row_may_be_emptied_rather_than_removed(grist):
    stays = ProjectFactory(name="Reste")
    goes = ProjectFactory(name="Part", lead_commune=stays.lead_commune)
    actor = ddt(stays.lead_commune)
    mirror = opened(actor, grist)
    Mirror.objects.filter(pk=mirror.pk).update(leaving="vider")
    work(mirror)
    away = elsewhere()
    Project.objects.filter(pk=goes.pk).update(
        departement_code=away.departement_id, departement_codes=[away.departement_id]
    )
    run = sync(mirror, actor)
    assert run.removed == 1
    (left,) = (one for one in there(grist) if one.fields["preau_suivi"] == "Hors périmètre")
    kept = {name for name, cell in left.fields.items() if cell}
    assert kept == {"preau_id", "preau_suivi"}
    assert sync(mirror, actor).removed == 0
    code = stays.departement_code
    Project.objects.filter(pk=goes.pk).update(departement_code=code, departement_codes=[code])
    assert sync(mirror, actor).sent == 1
    assert names(grist) == ["Part", "Reste"]


def test_nobody_who_left_keeps_a_mirror(grist):
    project = ProjectFactory()
    actor = ddt(project.lead_commune)
    mirror = opened(actor, grist)
    actor.membership.ended_at = clock.now()
    actor.membership.save()
    run = work(mirror)
    mirror.refresh_from_db()
    assert (run.state, mirror.problem) == (RunState.FAILED, Problem.KEEPER)
    assert calls(grist, "PUT") == []


def test_every_source_goes_with_its_columns(grist):
    project = ProjectFactory()
    FundingRequest.objects.create(project=project, label="DETR")
    Recommendation.objects.create(
        project=project, kind="financement", title="DSIL", rationale="Parce que"
    )
    actor = ddt(project.lead_commune)
    mirror = opened(
        actor, grist, sources=("projets", "recommandations", "financements", "reservations")
    )
    run = work(mirror)
    assert (run.state, run.error) == (RunState.DONE, "")
    (request,) = there(grist, "Financements")
    assert (request.fields["aide"], request.fields["demande"]) == ("DETR", None)
    assert there(grist, "Recommandations") == []  # a draft
    assert there(grist, "Reservations") == []


def test_a_priority_is_for_those_of_the_state_alone(grist):
    project = ProjectFactory()
    Project.objects.filter(pk=project.pk).update(priority=Priority.HIGH, priority_reason="Urgent")
    actor = ddt(project.lead_commune)
    work(opened(actor, grist))
    assert there(grist)[0].fields["priorite"] == "Haute"
    door(grist, "/_reset")
    Mirror.objects.all().delete()
    town = project.holder_organization
    town.kind = OrganizationKind.COMMUNE
    town.save()
    hat = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    work(opened(actor_for(hat), grist))
    assert there(grist)[0].fields["priorite"] is None
    assert there(grist)[0].fields["motif_priorite"] is None


def test_the_state_side_leaves_at_once_when_it_is_read_no_more(grist):
    """Nothing of the project itself has moved."""
    project = ProjectFactory()
    actor = ddt(project.lead_commune)
    long_ago = clock.now() - sending.OVERLAP * 3
    Project.objects.update(priority=Priority.HIGH, priority_reason="Urgent", updated_at=long_ago)
    mirror = opened(actor, grist)
    work(mirror)
    MirroredTable.objects.update(synced_until=clock.now() + sending.OVERLAP * 2)

    def recent():
        runs.begin_all(RunKind.RECENT)
        run = work(mirror)
        return run.looked, run.sent, there(grist)[0].fields["priorite"]

    assert recent() == (0, 0, "Haute")
    watching = ProjectMember.objects.create(
        project=project, organization=actor.organization, role=ProjectRole.OBSERVER
    )
    assert recent() == (1, 1, None)
    assert recent() == (0, 0, None)
    watching.delete()
    assert recent() == (1, 1, "Haute")
