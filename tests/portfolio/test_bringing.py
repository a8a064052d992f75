"""Bringing a portfolio in: every line said, nothing else lost, twice is once, and a way back."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from openpyxl import Workbook

from preau.accounts.actions import merge_organizations
from preau.accounts.actors import Actor
from preau.accounts.enums import OrganizationKind
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.tables.writing import csv_lines
from preau.portfolio.bringing import actions, mec, perimeters, running
from preau.portfolio.bringing.enums import BatchState, Expected, LineState
from preau.portfolio.bringing.models import ColumnMemory
from preau.portfolio.bringing.tasks import bring_in
from preau.projects.actions import states
from preau.projects.enums import EventKind, Origin, PhaseStatus, ProjectState
from preau.projects.models import (
    ExternalRef,
    Programme,
    ProgrammePerimeter,
    Project,
    ProjectEvent,
)
from preau.territories.crte import PerimeterLine, import_perimeters
from preau.territories.models import Epci
from tests.accounts.factories import OrganizationFactory, UserFactory
from tests.projects.factories import ProjectFactory, agent_of, blockage, pair
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
HEADINGS = ["Nom", "Commune", "Id", "Budget", "Phase", "Début", "Thème"]
S, L = BatchState, LineState


@pytest.fixture
def here():
    """Isère, its communes, its pair."""
    epci = Epci.objects.create(siren="200030658", name="CC du Trièves", kind="CC")
    for code, name in (("38226", "Mens"), ("38113", "Clelles"), ("38185", "Grenoble")):
        CommuneFactory(code=code, name=name, epci=epci, population=int(code) - 38000)
    return pair(DepartementFactory())


@pytest.fixture
def agent(here):
    return agent_of(here.ddt)


def csv(*rows, headings=HEADINGS):
    return "".join(csv_lines(headings, rows)).encode()


def read(agent, content, name="projets.csv", **more):
    given = {"default_state": ProjectState.ACCOMPANIED} | more
    return actions.read_file(content, name, actor=agent, **given)


def check(batch, agent, mapping=None):
    actions.match(batch, mapping or batch.mapping, actor=agent)
    actions.begin_check(batch, actor=agent)
    batch.refresh_from_db()
    actions.work(batch, actor=agent)
    return actions.outcome(batch)


def run(batch, agent):
    actions.begin_run(batch, actor=agent)
    batch.refresh_from_db()
    actions.work(batch, actor=agent)
    return actions.outcome(batch)


def bring(agent, content, **more):
    batch = read(agent, content, **more)
    check(batch, agent)
    return batch, run(batch, agent)


ROWS = [
    ["École", "38226", "a1", "1 250 000", "Étude", "01/09/2027", "Éducation, enfance et jeunesse"],
    ["Halle", "Grenoble ; Mens", "a2", "480 k€", "Opération", "", "commerces; inconnu"],
]


def test_a_file_becomes_projects_in_the_hands_of_the_pair(agent, here, mailoutbox):
    batch, counts = bring(agent, csv(*ROWS))
    assert counts == {L.CREATED: 2}
    assert batch.state == S.DONE
    school, hall = Project.objects.order_by("pk")
    assert (school.name, school.lead_commune_id, school.budget_cents) == (
        "École",
        "38226",
        125_000_000,
    )
    assert (school.state, school.origin) == (ProjectState.ACCOMPANIED, Origin.IMPORT)
    assert (school.phase, school.starts_on) == ("etude", date(2027, 9, 1))
    assert (school.service_in_charge, school.in_charge) == (here.ddt, here.ddt.referent)
    assert school.holder == "Commune de Mens"
    assert (hall.lead_commune_id, hall.themes) == ("38185", ["centre_ville"])
    assert set(hall.communes.values_list("commune_id", flat=True)) == {"38185", "38226"}
    assert hall.assignments.count() == 2
    [event] = hall.events.all()
    assert (event.kind, event.subject) == (EventKind.IMPORT, "projets.csv, ligne 3")
    assert event.on_behalf_of == str(here.ddt.organization)
    assert mailoutbox == []
    [told] = batch.lines.exclude(remarks=[])
    assert "« inconnu »" in told.remarks[0][1]


def test_an_empty_workbook_cell_and_a_number_that_lost_its_zero(agent):
    ain = DepartementFactory(code="01", name="Ain")
    pair(ain)
    CommuneFactory(code="01004", name="Ambérieu", departement=ain)
    operator = Actor(UserFactory(is_operator=True))
    book = Workbook()
    book.active.append(["Intitulé du projet", "Code INSEE", None, "Montant"])
    book.active.append(["Gymnase", 1004, None, 250000.5])
    from io import BytesIO

    out = BytesIO()
    book.save(out)
    _, counts = bring(operator, out.getvalue(), name="projets.xlsx")
    assert counts == {L.CREATED: 1}
    made = Project.objects.get()
    assert (made.lead_commune_id, made.budget_cents) == ("01004", 25_000_050)


def test_a_wrong_line_among_many_is_the_only_one_left(agent, django_assert_max_num_queries):
    rows = [[f"Projet {n}", "38226", f"x{n}", "", "", "", ""] for n in range(2, 1202)]
    rows[980][1] = "38999"
    batch = read(agent, csv(*rows))
    with django_assert_max_num_queries(60):
        counts = check(batch, agent)
    assert counts == {L.TO_DO: 1199, L.REJECTED: 1, Expected.CREATE: 1199}
    [wrong] = batch.lines.filter(state=L.REJECTED)
    assert wrong.number == 982
    [[column, sentence]] = wrong.problems
    assert (column, "38999" in sentence, "code postal" in sentence) == ("communes", True, True)
    with django_assert_max_num_queries(90):
        assert run(batch, agent) == {L.CREATED: 1199, L.REJECTED: 1}


def test_every_problem_of_a_line_is_said_at_once(agent):
    row = ["", "Nulle-Part", "", "gratuit", "Rêve", "31/02/2027", ""]
    batch = read(agent, csv(row, ROWS[0]))
    assert check(batch, agent)[L.REJECTED] == 1
    [line] = batch.lines.filter(state=L.REJECTED)
    assert {column for column, _ in line.problems} == {
        "nom du projet",
        "communes",
        "budget prévisionnel",
        "phase",
        "début",
    }


def test_sending_it_again_updates_what_changed_and_doubles_nothing(agent):
    bring(agent, csv(*ROWS))
    second = [list(row) for row in ROWS]
    second[0][3], second[0][1] = "1 300 000", "38226;38113"
    batch = read(agent, csv(*second))
    assert check(batch, agent) == {L.TO_DO: 2, Expected.UPDATE: 1, Expected.SAME: 1}
    assert run(batch, agent) == {L.UPDATED: 1, L.SAME: 1}
    assert Project.objects.count() == 2
    school = Project.objects.get(name="École")
    assert (school.budget_cents, school.communes.count()) == (130_000_000, 2)
    kinds = list(school.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == [EventKind.IMPORT, EventKind.IDENTITY, EventKind.IMPORT]
    third = read(agent, csv(*second))
    assert check(third, agent) == {L.TO_DO: 2, Expected.SAME: 2}


def test_checking_again_asks_as_much_for_many(agent, django_assert_max_num_queries):
    rows = [[f"P{n}", "38226", f"x{n}"] for n in range(60)]
    bring(agent, csv(*rows))
    batch = read(agent, csv(*rows))
    with django_assert_max_num_queries(45):
        assert check(batch, agent) == {L.TO_DO: 60, Expected.SAME: 60}


def test_what_a_line_does_not_say_stays(agent):
    bring(agent, csv(*ROWS))
    batch = read(agent, csv(["École", "", "a1", "", "", "", ""]))
    assert check(batch, agent) == {L.TO_DO: 1, Expected.SAME: 1}


def test_the_same_name_twice_in_a_file_is_said(agent):
    batch = read(agent, csv(ROWS[0], ["Autre", "38226", "a1", "", "", "", ""]))
    check(batch, agent)
    [line] = batch.lines.filter(state=L.REJECTED)
    assert "déjà à la ligne 2" in line.problems[0][1]


def test_each_service_has_its_own_names(agent, here):
    """« a1 » of Isère is not « a1 » of the Drôme."""
    drome = DepartementFactory(code="26", name="Drôme")
    CommuneFactory(code="26362", name="Valence", departement=drome)
    other = agent_of(pair(drome).ddt)
    bring(agent, csv(ROWS[0]))
    bring(other, csv(["Pont", "26362", "a1", "", "", "", ""]))
    assert set(Project.objects.values_list("name", flat=True)) == {"École", "Pont"}


def test_the_names_of_a_service_follow_its_merge(agent, here):
    bring(agent, csv(ROWS[0]))
    operator = Actor(UserFactory(is_operator=True))
    with pytest.raises(Refusal, match="de même nature"):
        merge_organizations(
            actor=operator,
            source=agent.organization,
            target=OrganizationFactory(verified=True),
            reason="même service",
        )
    other = OrganizationFactory(verified=True, kind=OrganizationKind.STATE_SERVICE)
    merge_organizations(
        actor=operator, source=agent.organization, target=other, reason="même service"
    )
    hat = agent.user.memberships.get(ended_at=None)
    batch = read(Actor(agent.user, hat), csv(ROWS[0]))
    assert check(batch, Actor(agent.user, hat)) == {L.TO_DO: 1, Expected.SAME: 1}


def test_nobody_writes_outside_their_departement(agent, here):
    drome = DepartementFactory(code="26", name="Drôme")
    valence = CommuneFactory(code="26362", name="Valence", departement=drome)
    pair(drome)
    theirs = ProjectFactory(lead_commune=valence, name="Leur projet")
    batch = read(
        agent,
        csv(
            ["Pont", "26362", "p1", ""],
            ["Leur projet, détourné", "38226", "", theirs.reference],
            headings=["Nom", "Commune", "Id", "Référence Préau"],
        ),
    )
    assert check(batch, agent) == {L.REJECTED: 2}
    run_it = [line.problems for line in batch.lines.order_by("number")]
    assert "pas de votre département" in run_it[0][0][1]
    assert "ne pouvez pas le modifier" in run_it[1][0][1]
    theirs.refresh_from_db()
    assert theirs.name == "Leur projet"


def test_who_may(agent, here):
    region = agent_of(here.escalates_to)
    for nobody in (region, Actor(UserFactory()), Actor()):
        with pytest.raises(Forbidden):
            read(nobody, csv(ROWS[0]))
    batch = read(agent, csv(ROWS[0]))
    other = agent_of(here.prefecture)
    for verb in (actions.begin_check, actions.begin_run, actions.begin_undo, actions.stop):
        with pytest.raises(Forbidden):
            verb(batch, actor=other)


def test_columns_are_remembered_for_the_person(agent):
    headings = ["Quoi", "Où"]
    batch = read(agent, csv(["École", "38226"], headings=headings))
    assert batch.mapping == ["", ""]
    with pytest.raises(Refusal, match="nom du projet"):
        actions.match(batch, ["", "communes"], actor=agent)
    with pytest.raises(Refusal, match="double"):
        actions.match(batch, ["name", "name"], actor=agent)
    with pytest.raises(Refusal, match="où sont les projets"):
        actions.match(batch, ["name", ""], actor=agent)
    assert check(batch, agent, ["name", "communes"])[Expected.CREATE] == 1
    again = read(agent, csv(["Halle", "38185"], headings=headings))
    assert again.mapping == ["name", "communes"]
    assert ColumnMemory.objects.filter(user=agent.user).count() == 2


# --- Stopping, falling, going on


def test_stopped_it_goes_on_from_there(agent, monkeypatch):
    monkeypatch.setattr(running, "PART", 5)
    batch = read(agent, csv(*[[f"P{n}", "38226", f"x{n}"] for n in range(23)]))
    check(batch, agent)
    actions.begin_run(batch, actor=agent)
    batch.refresh_from_db()
    actions.stop(batch, actor=agent)
    actions.work(batch, actor=agent)
    batch.refresh_from_db()
    assert (batch.state, batch.done, Project.objects.count()) == (S.STOPPED, 5, 5)
    assert run(batch, agent) == {L.CREATED: 23}
    assert Project.objects.count() == 23


def test_a_worker_that_dies_doubles_nothing(agent, monkeypatch):
    monkeypatch.setattr(running, "PART", 5)
    batch = read(agent, csv(*[[f"P{n}", "38226", f"x{n}"] for n in range(12)]))
    check(batch, agent)
    actions.begin_run(batch, actor=agent)
    batch.refresh_from_db()
    calls = []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return real(*args, **kwargs)

    real = running._bring
    monkeypatch.setattr(running, "_bring", dies)
    with pytest.raises(RuntimeError), transaction.atomic():
        running.run(batch, actor=agent)
    monkeypatch.setattr(running, "_bring", real)
    bring_in(batch_id=batch.pk)
    assert Project.objects.count() == 12
    batch.refresh_from_db()
    assert batch.state == S.DONE


def test_one_line_that_the_database_refuses_leaves_the_others(agent):
    batch = read(agent, csv(*ROWS))
    check(batch, agent)
    # Between the check and the writing, somebody takes the name.
    other = ProjectFactory(lead_commune=CommuneFactory(code="38226"))
    real = running._read

    def late(*args, **kwargs):
        found = real(*args, **kwargs)
        ExternalRef.objects.get_or_create(
            system=batch.system, external_id="a1", defaults={"project": other}
        )
        return found

    running._read = late
    try:
        assert run(batch, agent) == {L.CREATED: 1, L.REJECTED: 1}
    finally:
        running._read = real
    assert "vient d’être pris" in batch.lines.get(state=L.REJECTED).problems[0][1]


def test_who_has_left_the_service_ends_it(agent):
    batch = read(agent, csv(*ROWS))
    check(batch, agent)
    actions.begin_run(batch, actor=agent)
    agent.membership.ended_at = clock.now()
    agent.membership.save()
    bring_in(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Project.objects.count()) == (S.STOPPED, 0)
    assert "ne fait plus partie" in batch.error


def test_pressed_twice_it_runs_once(agent):
    batch = read(agent, csv(*ROWS))
    check(batch, agent)
    assert actions.begin_run(batch, actor=agent)
    assert not actions.begin_run(batch, actor=agent)
    with pytest.raises(Refusal, match="changé entre-temps"):
        actions.begin_check(batch, actor=agent)


# --- Taking back


def undo(batch, agent):
    actions.begin_undo(batch, actor=agent)
    batch.refresh_from_db()
    actions.work(batch, actor=agent)
    return actions.outcome(batch)


def test_undoing_takes_back_what_nobody_touched(agent):
    rows = [[f"P{n}", "38226", f"x{n}"] for n in range(5)]
    batch, _ = bring(agent, csv(*rows))
    moved, blocked, stepped, dated, _ = Project.objects.order_by("pk")
    Project.objects.filter(pk=dated.pk).update(updated_at=clock.now())
    states.move(moved, ProjectState.CLOSED, actor=agent, reason="")
    blockage(blocked)
    ProjectEvent.objects.create(project=stepped, kind=EventKind.STEP)
    before = ProjectFactory(lead_commune=CommuneFactory(code="38226"))
    assert undo(batch, agent) == {L.CREATED: 4, L.UNDONE: 1}
    left = set(Project.objects.values_list("pk", flat=True))
    assert left == {moved.pk, blocked.pk, stepped.pk, dated.pk, before.pk}
    assert batch.state == S.UNDONE


def test_the_guard_lets_no_other_batch_be_deleted(agent):
    batch, _ = bring(agent, csv(ROWS[0]))
    other, _ = bring(agent, csv(ROWS[1]))
    assert undo(other, agent) == {L.UNDONE: 1}
    project = Project.objects.get(import_batch_id=batch.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        project.delete()


def test_undone_it_can_be_brought_in_again(agent):
    batch, _ = bring(agent, csv(*ROWS))
    undo(batch, agent)
    assert not ExternalRef.objects.exists()
    assert bring(agent, csv(*ROWS))[1] == {L.CREATED: 2}


# --- The shape of Mon espace collectivité

PAYLOAD = {
    "externalId": "mec-17",
    "nom": "Réhabilitation du presbytère",
    "description": "Trois logements et une salle.",
    "collectivites": [
        {"type": "Commune", "code": "38226"},
        {"type": "EPCI", "code": "200030658"},
    ],
    "territoireCommunes": ["38226", "38113"],
    "budgetPrevisionnel": 320000,
    "dateDebut": "2027-01-15",
    "dateFin": "2028-06-30",
    "phase": "Étude",
    "phaseStatut": "En retard",
    "porteurSiret": "21380226600013",
    "programmes": ["Villages d’avenir", "Inconnu"],
    "crteId": "demo-38-04",
    "crteAnneeInscription": 2022,
    "crteOrientationStrategique": "Habitat",
}


@pytest.fixture
def crte(here):
    line = {"id_crte": "demo-38-04", "lib_crte": "CRTE du sud", "insee_com": "38226"}
    import_perimeters([PerimeterLine(2, line)], on=date(2024, 1, 1))


def test_what_mec_sends_comes_in(agent, crte):
    town = OrganizationFactory(verified=True, siret="21380226600013", siren="213802266")
    village = Programme.objects.create(slug="villages-davenir", name="Villages d’avenir")
    batch, counts = bring(agent, json.dumps([PAYLOAD]).encode(), name="mec.json")
    assert counts == {L.CREATED: 1}
    made = Project.objects.get()
    assert (made.holder_organization, made.phase_status) == (town, PhaseStatus.LATE)
    assert (made.crte_id, made.crte_year, made.crte_orientation) == (
        "demo-38-04",
        2022,
        "Habitat",
    )
    assert (made.epci_id, made.budget_cents, made.ends_on) == (
        "200030658",
        32_000_000,
        date(2028, 6, 30),
    )
    assert made.programmes.get().programme == village
    assert made.external_refs.get().system == mec.SYSTEM
    assert "« Inconnu »" in batch.lines.get().remarks[0][1]


def test_what_goes_out_comes_back_the_same(agent, crte):
    bring(agent, json.dumps({"projets": [PAYLOAD, PAYLOAD | {"externalId": "mec-18"}]}).encode())
    out = "".join(mec.written(Project.objects.all()))
    found = json.loads(out)
    assert found[0]["externalId"] == "mec-17"
    for name in ("nom", "budgetPrevisionnel", "dateFin", "phase", "phaseStatut", "crteId"):
        assert found[0][name] == PAYLOAD[name], name
    assert found[0]["territoireCommunes"] == PAYLOAD["territoireCommunes"]
    again = read(agent, out.encode(), name="mec.json")
    assert check(again, agent) == {L.TO_DO: 2, Expected.SAME: 2}


def test_writing_it_asks_as_much_for_many_as_for_few(agent, django_assert_num_queries):
    rows = [[f"P{n}", "38226", f"x{n}"] for n in range(40)]
    bring(agent, csv(*rows))
    with django_assert_num_queries(6):
        assert len(json.loads("".join(mec.written(Project.objects.all())))) == 40


def test_blocked_is_what_blockages_say(agent):
    batch, _ = bring(
        agent, json.dumps([PAYLOAD | {"phaseStatut": "Bloqué", "crteId": None}]).encode()
    )
    made = Project.objects.get()
    assert made.phase_status == PhaseStatus.ONGOING
    assert "ouvrez un blocage" in batch.lines.get().remarks[0][1]
    assert mec.payload(made)["phaseStatut"] == "En cours"
    blockage(made)
    made = Project.objects.get()
    assert mec.payload(made)["phaseStatut"] == "Bloqué"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"[{", "abîmé"), (b"[1]", "pas une liste"), (b'{"projets": []}', "aucun projet")],
)
def test_a_json_that_is_not_one(agent, content, sentence):
    with pytest.raises(Refusal, match=sentence):
        read(agent, content)


def test_strange_values_of_a_json_break_nothing(agent):
    odd = {"nom": ["liste"], "collectivites": "38226", "budgetPrevisionnel": {}, "phase": True}
    batch = read(agent, json.dumps([odd, PAYLOAD | {"crteId": None}]).encode())
    assert check(batch, agent) == {L.REJECTED: 1, L.TO_DO: 1, Expected.CREATE: 1}


# --- Perimeters


def test_a_programme_has_its_perimeter_by_file_and_keeps_its_past(here):
    operator = Actor(UserFactory(is_operator=True))
    programme = Programme.objects.create(slug="va", name="Villages d’avenir")
    first = perimeters.read_file(
        b"insee_com\n38226\n38113\n38999\n",
        "va.csv",
        programme=programme,
        on=date(2026, 1, 1),
        actor=operator,
    )
    report = perimeters.look(first, actor=operator)
    assert (report.entered, report.problems[0].number) == (2, 4)
    assert not ProgrammePerimeter.objects.exists()
    perimeters.apply(first, actor=operator)
    with pytest.raises(Refusal, match="déjà"):
        perimeters.apply(first, actor=operator)
    second = perimeters.read_file(
        b"siren_epci\n200030658\n",
        "va.csv",
        programme=programme,
        on=date(2026, 6, 1),
        actor=operator,
    )
    assert perimeters.apply(second, actor=operator).entered == 1
    third = perimeters.read_file(
        b"insee_com\n38226\n",
        "va.csv",
        programme=programme,
        on=date(2026, 9, 1),
        actor=operator,
    )
    assert perimeters.apply(third, actor=operator).left == 2
    rows = ProgrammePerimeter.objects.order_by("commune_id", "since")
    assert list(rows.values_list("commune_id", "since", "until")) == [
        ("38113", date(2026, 1, 1), date(2026, 9, 1)),
        ("38185", date(2026, 6, 1), date(2026, 9, 1)),
        ("38226", date(2026, 1, 1), None),
    ]


@pytest.mark.parametrize("choices", [BatchState, LineState, Expected])
def test_the_glossary_names_every_state(choices):
    text = (Path(settings.BASE_DIR) / "docs" / "glossaire.md").read_text()
    missing = [one.label for one in choices if f"| {one.label} | `{one.value}` |" not in text]
    assert not missing


def test_perimeters_are_the_operators(agent, here):
    with pytest.raises(Forbidden):
        perimeters.read_file(
            b"insee_com\n38226\n", "a.csv", programme=None, on=date(2026, 1, 1), actor=agent
        )
