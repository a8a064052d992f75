"""The triage inbox: its order against an oracle, its pages, its scope, its cost."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from preau.core import clock
from preau.projects.enums import Priority, ProjectState, ServiceKind
from preau.projects.models import Absence, Project, ProjectProgramme
from preau.projects.queries import inbox, waiting
from preau.projects.queries.inbox import Filters
from preau.resources.enums import Theme
from tests.projects.factories import (
    ProjectFactory,
    agent_of,
    assigned,
    blockage,
    days_ago,
    holder,
    pair_of,
    programme,
    service,
)
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
S = ProjectState
RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.NONE: 2, Priority.LOW: 3}


@pytest.fixture
def agent():
    return agent_of(pair_of(CommuneFactory()).ddt)


def join(project, joined):
    ProjectProgramme.objects.create(project=project, programme=joined, since=date(2026, 1, 1))


def oracle(project, as_of, soon):
    """The sentence of the page, in Python."""
    late, nearly = False, False
    if project.state == S.DEPOSITED and project.acknowledge_by:
        late, nearly = project.acknowledge_by <= as_of, project.acknowledge_by <= soon
    elif project.due_on:
        late, nearly = project.due_on < as_of.date(), project.due_on <= soon.date()
    joined = [one.programme for one in project.programmes.all()]
    closing = [one.deadline for one in joined if one.deadline and one.deadline >= as_of.date()]
    return (
        RANK[Priority(project.priority)],
        0 if late else 1 if nearly else 2,
        -max([one.weight for one in joined], default=0),
        min(closing, default=date.max),
        int(project.deposited_at.timestamp()),
        project.pk,
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_order_is_the_one_that_the_page_says(agent, seed):
    draw = random.Random(seed)
    now = clock.now()
    programmes = [programme(weight=weight) for weight in (0, 0, 3, 9)]
    for one in programmes[1:3]:
        one.deadline = (now + timedelta(days=draw.randint(-5, 30))).date()
        one.save()
    for _ in range(40):
        project = ProjectFactory(
            state=draw.choice([S.DEPOSITED, S.ACKNOWLEDGED]),
            deposited_at=now - timedelta(days=draw.randint(0, 3), seconds=draw.randint(0, 9)),
            acknowledge_by=now + timedelta(hours=draw.randint(-60, 200)),
            due_on=draw.choice([None, (now + timedelta(days=draw.randint(-3, 9))).date()]),
            priority=(chosen := draw.choice(list(Priority))),
            priority_reason="Le préfet la suit." if chosen else "",
        )
        for one in draw.sample(programmes, draw.randint(0, 2)):
            join(project, one)
    as_of = now.replace(microsecond=0)
    soon = inbox.soon_for(None, as_of)
    found = inbox.in_order(inbox.to_sort(agent, Filters()), as_of, soon)
    expected = sorted(Project.objects.all(), key=lambda one: oracle(one, as_of, soon))
    assert [one.pk for one in found] == [one.pk for one in expected]


def test_pages_follow_one_another_without_gap_nor_repeat(agent, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 4)
    for number in range(11):
        ProjectFactory(deposited_at=days_ago(number % 3), acknowledge_by=days_ago(number - 5))
    seen, after = [], ""
    for _ in range(5):
        page = inbox.page_to_sort(agent, Filters(), after)
        seen += [row.project.pk for row in page.rows]
        ProjectFactory(priority="basse", priority_reason="Rien ne presse.")  # arrives meanwhile
        if not (after := page.next_key):
            break
    assert len(seen) == len(set(seen))
    assert len(seen) >= 11


@pytest.mark.parametrize(
    "key", ["", "x", "1.2", "1_2", "9" * 40, "17000.1_2_3_4_5_a", "1.1_2_3_4_5"]
)
def test_a_key_that_is_none_of_ours_is_the_first_page(agent, key):
    ProjectFactory()
    assert len(inbox.page_to_sort(agent, Filters(), key).rows) == 1
    assert len(waiting.page(waiting.dormant(agent, 0), "updated_at", key)[0]) == 1


def test_why_here_says_what_put_it_there(agent):
    weighty = programme(name="Villages d’avenir", weight=5)
    project = ProjectFactory(
        priority=Priority.HIGH,
        priority_reason="Crue de l’automne",
        acknowledge_by=days_ago(1),
        deposited_at=days_ago(9),
    )
    join(project, weighty)
    [row] = inbox.page_to_sort(agent, Filters()).rows
    assert row.is_late
    assert row.why[0] == "Priorité haute : Crue de l’automne"
    assert row.why[1].startswith("Délai dépassé depuis le ")
    assert row.why[2:] == ["Programme Villages d’avenir", "Déposé il y a 9\u00a0jours"]


def test_each_sees_their_own_and_nothing_else(agent):
    drome = DepartementFactory(code="26", name="Drôme")
    valence = CommuneFactory(code="26362", name="Valence", departement=drome)
    ours, theirs = ProjectFactory(), ProjectFactory(lead_commune=valence)
    draft = ProjectFactory(state=S.DRAFT)
    ProjectFactory(state=S.QUALIFIED)
    stranger = agent_of(pair_of(valence).prefecture)
    assert list(inbox.to_sort(agent, Filters())) == [ours]
    assert list(inbox.to_sort(stranger, Filters())) == [theirs]
    other, _ = service(kind=ServiceKind.OTHER)
    for nobody in (holder(), agent_of(other)):
        assert not inbox.to_sort(nobody, Filters()).exists()
    region = agent_of(pair_of(ours.lead_commune).escalates_to)
    assert not inbox.to_sort(region, Filters()).exists()
    Project.objects.filter(pk__in=[ours.pk]).update(escalated_at=clock.now())
    assert list(inbox.to_sort(region, Filters())) == [ours]
    assert draft not in inbox.to_sort(agent, Filters())


def test_filters_narrow(agent):
    sport = ProjectFactory(themes=[Theme.SPORT])
    mine = ProjectFactory(in_charge=agent.user, state=S.ACKNOWLEDGED)
    joined = programme()
    join(sport, joined)
    for asked, expected in [
        ({"theme": "sport"}, [sport]),
        ({"qui": "moi"}, [mine]),
        ({"etat": "pris_en_compte"}, [mine]),
        ({"programme": str(joined.pk)}, [sport]),
        ({"programme": "x", "etat": "clos", "theme": "rien"}, [sport, mine]),
    ]:
        assert set(inbox.to_sort(agent, Filters.read(asked))) == set(expected)


def test_a_page_costs_the_same_whatever_it_holds(agent):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            inbox.page_to_sort(agent, Filters())
        return len(captured)

    ProjectFactory()
    before = cost()
    for _ in range(20):
        join(ProjectFactory(), programme(weight=1))
    assert cost() <= before <= 7


def test_what_sleeps_and_what_waits(agent):
    asleep = ProjectFactory(updated_at=days_ago(61))
    ProjectFactory(updated_at=days_ago(59))
    ProjectFactory(updated_at=days_ago(90), paused_at=days_ago(80))
    woken = ProjectFactory(
        updated_at=days_ago(90), paused_at=days_ago(80), paused_until=days_ago(3).date()
    )
    ProjectFactory(state=S.CLOSED, updated_at=days_ago(300))
    assert list(waiting.dormant(agent)) == [woken, asleep]
    stuck = blockage(asleep)
    blockage(asleep, advised_at=clock.now())
    assert list(waiting.without_advice(agent)) == [stuck]
    ours = assigned(asleep, pair_of(asleep.lead_commune).ddt)
    assert not waiting.assignments(agent).exists()
    ours.state = "proposee"
    ours.save()
    assert list(waiting.assignments(agent)) == [ours]
    assert waiting.counts(agent)["affectations"] == 1


def test_whoever_replaces_sees_what_they_answer_for(agent):
    project = ProjectFactory()
    assert not waiting.in_charge(agent).exists()
    today = clock.today()
    Absence.objects.create(
        service=project.service_in_charge,
        user=project.in_charge,
        first_day=today,
        last_day=today + timedelta(days=1),
        replaced_by=agent.user,
    )
    assert list(waiting.in_charge(agent)) == [project]
