"""Who answers for a service: one name whatever the absences, against a plain oracle."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.projects import answering
from preau.projects.actions.receiving import charge, receive
from preau.projects.answering import Roster
from preau.projects.enums import AssignmentState, ProjectRole
from preau.projects.models import Absence, Assignment, Project, ServiceMember, ThemeRule
from preau.resources.enums import Theme
from tests.projects.factories import ProjectFactory, agent_of, pair_of
from tests.territories.factories import CommuneFactory

NOON = datetime(2027, 3, 10, 11, tzinfo=UTC)


def oracle(people, away, referent, wanted, of_theme):
    """The sentence of the brief, word by word: as many hops as there are people is enough."""
    present = [one for one in people if one not in away]

    def follow(one):
        for _ in range(len(people) + len(away) + 2):
            if one is None or one in present:
                return one
            one = away.get(one)
        return None

    candidates = [follow(wanted) if wanted else None, follow(referent)]
    candidates += [one for one in present if one in of_theme] + present
    candidates += [referent if referent in people or not people else people[0]]
    return next(one for one in candidates if one is not None)


@pytest.mark.parametrize("seed", range(400))
def test_one_name_always(seed):
    draw = random.Random(seed)
    everybody = range(1, draw.randint(2, 7))
    people = tuple(one for one in everybody if draw.random() < 0.8)
    away = {one: draw.choice([None, *everybody, 99]) for one in everybody if draw.random() < 0.6}
    referent = draw.choice(everybody)
    wanted = draw.choice([None, *everybody, 99])
    of_theme = {one for one in everybody if draw.random() < 0.3}
    day = Roster(people, away, referent)
    found = day.who_answers(wanted, of_theme)
    assert found == oracle(people, away, referent, wanted, of_theme)
    if any(day.is_present(one) for one in people):
        assert day.is_present(found)  # nobody away answers while somebody is there


def test_a_circle_of_replacements_ends():
    day = Roster((1, 2, 3), {1: 2, 2: 1}, referent=1)
    assert day.present_for(1) is None
    assert day.who_answers(1) == 3


def _away(service, user, replaced_by=None, first=date(2027, 3, 9), last=date(2027, 3, 11)):
    return Absence.objects.create(
        service=service, user=user, first_day=first, last_day=last, replaced_by=replaced_by
    )


@pytest.mark.django_db
def test_a_project_goes_to_the_person_of_its_theme_or_to_who_replaces_them():
    pair = pair_of(CommuneFactory())
    chosen, other = agent_of(pair.ddt).user, agent_of(pair.ddt).user
    ThemeRule.objects.create(
        departement=pair.departement, theme=Theme.MOBILITES, service=pair.ddt, user=chosen
    )
    project = ProjectFactory(themes=[Theme.SPORT, Theme.MOBILITES])
    with clock.frozen(NOON):
        charge(project)
        assert project.in_charge == chosen
        absence = _away(pair.ddt, chosen, replaced_by=other)
        charge(project)
        assert project.in_charge == other
        absence.replaced_by = None
        absence.save()
        charge(project)
        assert project.in_charge == pair.ddt.referent
    with clock.frozen(NOON + timedelta(days=2)):  # the 12th: back
        charge(project)
        assert project.in_charge == chosen


@pytest.mark.django_db
def test_a_person_who_left_does_not_answer():
    pair = pair_of(CommuneFactory())
    gone = agent_of(pair.ddt)
    ThemeRule.objects.create(
        departement=pair.departement, theme=Theme.SPORT, service=pair.ddt, user=gone.user
    )
    project = ProjectFactory(themes=[Theme.SPORT])
    gone.membership.ended_at = clock.now()
    gone.membership.save()
    charge(project)
    assert project.in_charge == pair.ddt.referent


@pytest.mark.django_db
def test_all_away_the_referent_it_is_and_somebody_of_the_theme_before_others():
    pair = pair_of(CommuneFactory())
    referent = pair.ddt.referent
    with clock.frozen(NOON):
        _away(pair.ddt, referent)
        assert answering.who_answers(pair.ddt) == referent
        agent_of(pair.ddt)
        of_sport = agent_of(pair.ddt, MembershipRole.MANAGER).user
        ServiceMember.objects.create(service=pair.ddt, user=of_sport, themes=[Theme.SPORT])
        assert answering.who_answers(pair.ddt, theme=Theme.SPORT) == of_sport


@pytest.mark.django_db
def test_a_rule_for_the_prefecture_gives_it_the_lead():
    pair = pair_of(CommuneFactory())
    one = agent_of(pair.prefecture).user
    ThemeRule.objects.create(
        departement=pair.departement, theme=Theme.RISQUES, service=pair.prefecture, user=one
    )
    project = ProjectFactory(themes=[Theme.RISQUES])
    receive(project, charge(project), actor=agent_of(pair.ddt))
    assert (project.service_in_charge, project.in_charge) == (pair.prefecture, one)
    roles = dict(Assignment.objects.filter(project=project).values_list("service", "role"))
    assert roles == {
        pair.prefecture_id: ProjectRole.PILOT,
        pair.ddt_id: ProjectRole.SUPPORT,
    }
    states = Assignment.objects.filter(project=project).values_list("state", flat=True)
    assert set(states) == {AssignmentState.PROPOSED}


@pytest.mark.django_db
def test_the_lead_service_is_set_once_however_often_it_arrives():
    project = ProjectFactory()
    pair = charge(project)
    receive(project, pair, actor=agent_of(pair.ddt))
    receive(project, charge(project), actor=agent_of(pair.ddt))
    assert Assignment.objects.filter(project=project).count() == 2
    assert Project.objects.get(pk=project.pk).in_charge_id is not None
