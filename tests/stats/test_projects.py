"""Months of projects against a count by hand, what is hidden, and the public page."""

import csv
import io
import random
import statistics
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from preau.core import clock
from preau.projects.enums import BlockageState, EventKind, ProjectState, RecommendationState
from preau.projects.models import (
    Blockage,
    FundingRequest,
    Project,
    ProjectEvent,
    Recommendation,
    RecommendationAnswer,
)
from preau.stats import project_months
from preau.stats.enums import Shown
from preau.stats.measures import next_month
from preau.stats.models import ProjectMonth
from preau.stats.project_measures import measure, months_before
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db
MONTH = date(2027, 3, 1)
START = datetime(2026, 11, 20, tzinfo=UTC)
#: Towns on both sides of the date line, so that a month is not the same everywhere.
TOWNS = [("38", "38185", "Europe/Paris"), ("974", "97411", "Indian/Reunion")]


@pytest.fixture
def communes():
    made = []
    for code, insee, zone in TOWNS:
        region = RegionFactory(code=code[:3], name=f"Région {code}")
        departement = DepartementFactory(
            code=code, name=f"Dép {code}", region=region, time_zone=zone
        )
        made.append(CommuneFactory(code=insee, departement=departement, time_zone=zone))
    return made


def fill(communes, count, seed):
    """Projects around the month, whose instants often fall on its first and last hours."""
    dice = random.Random(seed)
    people = [UserFactory() for _ in range(6)]
    edges = [datetime(2027, 2, 28, 21, tzinfo=UTC), datetime(2027, 3, 31, 21, tzinfo=UTC)]

    def moment(after=START):
        day = START + timedelta(days=dice.randrange(160), minutes=dice.randrange(1440))
        edge = dice.choice(edges) + timedelta(minutes=dice.randrange(300))
        return max(after, dice.choice([day, edge]))

    for _ in range(count):
        deposited = moment()
        with clock.frozen(deposited):
            project = ProjectFactory(
                lead_commune=dice.choice(communes),
                state=dice.choice([ProjectState.ACCOMPANIED] * 4 + [ProjectState.DRAFT]),
            )
        if project.state == ProjectState.DRAFT:
            continue
        Project.objects.filter(pk=project.pk).update(
            deposited_at=deposited,
            acknowledged_at=moment(deposited),
            first_advice_at=dice.choice([None, moment(deposited)]),
        )
        for _ in range(dice.randrange(4)):
            _more(dice, project, people, moment, deposited)


def _more(dice, project, people, moment, deposited):
    ProjectEvent.objects.create(
        project=project,
        kind=EventKind.STEP,
        at=moment(deposited),
        user=dice.choice([*people, None]),
    )
    opened = moment(deposited)
    state = dice.choice([BlockageState.LIFTED, BlockageState.BYPASSED, BlockageState.ABANDONED])
    Blockage.objects.create(
        project=project,
        kind="foncier",
        title="x",
        state=state,
        opened_at=opened,
        ended_at=moment(opened),
        end_reason="fini",
    )
    sent = moment(deposited)
    one = Recommendation.objects.create(
        project=project,
        kind="lieu",
        title="x",
        rationale="y",
        state=RecommendationState.STUDIED,
        sent_at=sent,
        seen_at=sent,
        answered_at=moment(sent),
    )
    if dice.random() < 0.3:
        Recommendation.objects.create(project=project, kind="lieu", title="x", rationale="y")
    for _ in range(dice.randrange(3)):
        RecommendationAnswer.objects.create(
            recommendation=one,
            state="a_etudier",
            helpful=dice.choice([True, False, None]),
            at=moment(sent),
        )
    FundingRequest.objects.create(
        project=project,
        label="x",
        state="accordee",
        asked_cents=10,
        asked_on=MONTH,
        granted_cents=dice.randrange(1, 10**7),
        decided_on=moment(deposited).date(),
    )


def day(instant, project):
    return instant.astimezone(ZoneInfo(project.lead_commune.time_zone)).date()


def inside(instant, project, month=MONTH):
    return instant is not None and month <= day(instant, project) < next_month(month)


class ByHand:
    """The month again, with loops over the rows."""

    def __init__(self):
        self.counts = {code: defaultdict(int) for code, _, _ in TOWNS}
        self.waits = {name: defaultdict(list) for name in ("acknowledged", "advised", "unblocked")}
        self.answered, self.helpful, self.granted = [], [], []
        for one in Project.objects.exclude(state="brouillon").select_related("lead_commune"):
            self.of_project(one, self.counts[one.departement_code])
            self.of_advice(one, self.counts[one.departement_code])
        for code in self.counts:
            events = ProjectEvent.objects.filter(project__departement_code=code, user__isnull=False)
            seen = events.select_related("project__lead_commune")
            there = {one.user_id for one in seen if inside(one.at, one.project)}
            self.counts[code]["people"] = len(there)

    def wait(self, name, project, start, end):
        waited = (end - start).total_seconds() / 60
        self.waits[name][project.departement_code].append(waited)

    def of_project(self, project, mine):
        start = project.deposited_at
        mine["deposited"] += inside(start, project)
        ends = {"acknowledged": project.acknowledged_at, "advised": project.first_advice_at}
        for name, end in ends.items():
            if end and end > start and inside(end, project):
                self.wait(name, project, start, end)
        for row in project.blockages.exclude(state="abandonne"):
            if inside(row.ended_at, project):
                mine["lifted"] += 1
                self.wait("unblocked", project, row.opened_at, row.ended_at)
        asked = project.funding_requests.all()
        self.granted += [
            row.granted_cents for row in asked if MONTH <= row.decided_on < next_month(MONTH)
        ]

    def of_advice(self, project, mine):
        for row in project.recommendations.exclude(state="brouillon"):
            mine["sent"] += inside(row.sent_at, project)
            if inside(row.sent_at, project, date(2026, 12, 1)):
                self.answered.append(day(row.answered_at, project) < next_month(MONTH))
            said = [one for one in row.answers.all() if one.helpful is not None]
            said = [one for one in said if inside(one.at, project)]
            if said:
                self.helpful.append(max(said, key=lambda one: (one.at, one.pk)).helpful)


@pytest.mark.parametrize("seed", range(4))
def test_a_month_counted_by_hand(communes, seed):
    fill(communes, 40, seed)
    wanted, found = ByHand(), measure(MONTH)
    for code, mine in wanted.counts.items():
        got = found.by_departement[code]
        for name in project_months.COUNTS:
            assert getattr(got, name) == mine[name]
    for name, by_code in wanted.waits.items():
        got = getattr(found, name)
        everything = [wait for some in by_code.values() for wait in some]
        for code, some in {**by_code, "": everything}.items():
            if some:
                assert got[code].of == len(some)
                assert got[code].minutes == round(statistics.median(some))
    for name in ("answered", "helpful"):
        said = getattr(wanted, name)
        assert getattr(found, name).part == sum(said)
        assert getattr(found, name).whole == len(said)
    assert sorted(found.granted) == sorted(wanted.granted)


def test_months_before():
    assert months_before(date(2027, 2, 1), 3) == date(2026, 11, 1)


def test_a_month_is_written_once_over_and_never_again(communes):
    fill(communes, 30, 9)
    with clock.frozen(datetime(2027, 4, 1, 12, tzinfo=UTC)):
        assert MONTH not in project_months.missing_months()
    with clock.frozen(datetime(2027, 4, 4, tzinfo=UTC)):
        assert project_months.write_missing() == len(project_months.months())
        before = list(ProjectMonth.objects.order_by("pk").values())
        Project.objects.update(departement_code="38", departement_codes=["38"])
        assert project_months.write_missing() == 0
        project_months.write_month(MONTH)
    assert list(ProjectMonth.objects.order_by("pk").values()) == before


def deposit(commune, count):
    with clock.frozen(datetime(2027, 3, 10, tzinfo=UTC)):
        for _ in range(count):
            ProjectFactory(lead_commune=commune)


def test_few_are_hidden_and_the_sum_does_not_give_them_back(communes):
    deposit(communes[0], 3)
    deposit(communes[1], 7)
    project_months.write_month(MONTH)
    rows = {one.departement_id: one for one in ProjectMonth.objects.all()}
    assert rows["38"].deposited_shown == Shown.FEW
    assert rows["974"].deposited_shown == Shown.MASKED
    assert rows["38"].deposited is rows["974"].deposited is None
    assert rows[None].deposited == 10
    assert project_months.so_far(None) == (10, True)
    assert project_months.so_far(rows["38"].departement) == (0, False)


def test_medians_and_shares_of_few_are_not_published(communes):
    deposit(communes[0], 6)
    projects = list(Project.objects.order_by("pk"))
    for index, one in enumerate(projects):
        when = datetime(2027, 3, 12, tzinfo=UTC) if index < 4 else None
        Project.objects.filter(pk=one.pk).update(acknowledged_at=when)
    project_months.write_month(MONTH)
    assert ProjectMonth.objects.get(departement="38").acknowledged_minutes is None
    ProjectMonth.objects.all().delete()
    Project.objects.update(acknowledged_at=datetime(2027, 3, 12, tzinfo=UTC))
    project_months.write_month(MONTH)
    assert ProjectMonth.objects.get(departement="38").acknowledged_minutes == 2 * 1440


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        ([10**7] * 4, None),
        ([10**7] * 5, 500),
        ([10**9] + [10**6] * 9, None),  # one of them would be told
    ],
)
def test_money_that_would_tell_one_grant_is_not_published(communes, cents, shown):
    deposit(communes[0], 1)
    for one in cents:
        FundingRequest.objects.create(
            project=Project.objects.get(),
            label="x",
            state="accordee",
            asked_cents=10**9,
            asked_on=MONTH,
            granted_cents=one,
            decided_on=MONTH,
        )
    project_months.write_month(MONTH)
    assert ProjectMonth.objects.get(departement=None).granted_kiloeuros == shown


@pytest.mark.parametrize("name", project_months.COUNTS)
def test_a_small_count_cannot_even_be_kept(name):
    base = dict.fromkeys(project_months.COUNTS, 0)
    for wrong in ({name: 3}, {name: 9, f"{name}_shown": Shown.MASKED}, {name: None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProjectMonth.objects.create(month=MONTH, **base | wrong)


def test_the_page_its_filter_and_its_file(client, communes, django_assert_max_num_queries):
    deposit(communes[0], 9)
    deposit(communes[1], 12)
    project_months.write_month(MONTH)
    with django_assert_max_num_queries(9):
        page = client.get("/statistiques/projets/").text
    assert "Par département, en mars 2027" in page
    assert "<svg" in page
    assert "<dd>21</dd>" in page
    one = client.get("/statistiques/projets/?departement=974").text
    assert "Les projets : Dép 974" in one
    found = client.get("/statistiques/preau-projets.csv")
    text = b"".join(found.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["projets déposés"] for row in rows] == ["9", "12", "21"]
    assert "Les projets des territoires" in client.get("/statistiques/").text


@pytest.mark.parametrize("query", ["departement=zz", "departement=%00", "mois=2027-99", "mois=x"])
def test_strange_questions_get_the_usual_page(client, communes, query):
    deposit(communes[0], 9)
    project_months.write_month(MONTH)
    assert client.get(f"/statistiques/projets/?{query}").status_code == 200


def test_nothing_yet(client):
    assert "Pas encore de chiffres" in client.get("/statistiques/projets/").text
