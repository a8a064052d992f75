"""What holds a project back: who says it, how it ends, who is told."""

from datetime import timedelta

import pytest

from preau.accounts.actors import ANONYMOUS
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Notification
from preau.projects.actions import blockages, recommendations, states
from preau.projects.actions.blockages import Told
from preau.projects.enums import (
    BLOCKAGE_TRANSITIONS,
    STILL_BLOCKING,
    BlockageState,
    EventKind,
    ProjectRole,
    ProjectState,
    ServiceKind,
    Severity,
    Visibility,
)
from preau.projects.models import Blockage, Project
from preau.projects.needs import PlaceNeed
from preau.projects.queries.blockages import blockages_of, blocked
from preau.projects.tasks.help import tell_blockage, tell_pairs_without_advice
from preau.resources.enums import BlockageKind, HelpKind
from tests.projects.factories import (
    ProjectFactory,
    agent_of,
    assigned,
    blockage,
    days_ago,
    holder,
    member,
    pair_of,
    service,
)

pytestmark = pytest.mark.django_db
B = BlockageState
MONEY = Told(BlockageKind.FINANCEMENT, "Il manque 40 000 €", Severity.BLOCKING)
ENDINGS = {B.LIFTED: blockages.lift, B.BYPASSED: blockages.bypass, B.ABANDONED: blockages.abandon}


def titles(user):
    return list(Notification.objects.filter(user=user).values_list("title", flat=True))


def test_the_holder_says_what_blocks_and_it_is_written_down(project, mayor):
    made = blockages.open_(project, MONEY, actor=mayor)
    assert made.state == B.OPEN
    assert made.declared_by == mayor.user
    line = project.events.filter(kind=EventKind.BLOCKAGE).get()
    assert (line.after, line.subject_id, line.user) == (B.OPEN, made.pk, mayor.user)


def test_a_project_is_blocked_while_one_stands(project, mayor):
    def says():
        return Project.objects.annotate(is_blocked=blocked()).get(pk=project.pk).is_blocked

    assert not says()
    made = blockages.open_(project, MONEY, actor=mayor)
    assert says()
    blockages.lift(made, reason="La région a payé.", actor=mayor)
    assert not says()


def test_whoever_writes_may_say_it(project, agent):
    other, _ = service(kind=ServiceKind.OTHER)
    assigned(project, other)
    for n, actor in enumerate([agent, member(project), agent_of(other)]):
        blockages.open_(project, Told(BlockageKind.FONCIER, f"Pas de salle {n}"), actor=actor)
    assert project.blockages.count() == 3


def test_observers_and_strangers_may_not(project):
    follower, _ = service(kind=ServiceKind.OTHER)
    assigned(project, follower, ProjectRole.OBSERVER)
    nobodies = [
        member(project, ProjectRole.OBSERVER),
        agent_of(follower),
        holder(),
        ANONYMOUS,
    ]
    one = blockage(project)
    for actor in nobodies:
        with pytest.raises(Forbidden):
            blockages.open_(project, MONEY, actor=actor)
        for verb in ENDINGS.values():
            with pytest.raises(Forbidden):
                verb(one, reason="Parce que.", actor=actor)
        with pytest.raises(Forbidden):
            blockages.edit(one, MONEY, actor=actor)
        with pytest.raises(Forbidden):
            blockages.take(one, actor=actor)


def test_the_same_is_not_said_twice(project, mayor):
    blockages.open_(project, MONEY, actor=mayor)
    with pytest.raises(Refusal) as refused:
        blockages.open_(project, MONEY, actor=mayor)
    assert refused.value.code == "twice"


@pytest.mark.parametrize("state", [ProjectState.CLOSED, ProjectState.REFUSED])
def test_a_project_that_is_over_is_not_blocked(mayor, state):
    over = ProjectFactory(state=state, holder_organization=mayor.organization)
    with pytest.raises(Refusal) as refused:
        blockages.open_(over, MONEY, actor=mayor)
    assert refused.value.code == "over"


def test_the_holder_does_not_take_charge(project, mayor, agent):
    one = blockage(project)
    with pytest.raises(Forbidden):
        blockages.take(one, actor=mayor)
    taken = blockages.take(one, actor=agent)
    assert (taken.state, taken.taken_by) == (B.TAKEN, agent.user)
    assert blockages.take(one, actor=agent).taken_at == taken.taken_at  # pressed twice
    assert titles(agent.user) == []


def test_two_agents_take_it_and_one_is_told(project, agent):
    one = blockage(project)
    blockages.take(one, actor=agent)
    with pytest.raises(Refusal) as refused:
        blockages.take(one, actor=agent_of(pair_of(project.lead_commune).prefecture))
    assert refused.value.code == "transition"


@pytest.mark.parametrize("to", ENDINGS)
def test_an_end_has_its_reason(project, mayor, to):
    one = blockage(project)
    with pytest.raises(Refusal) as refused:
        ENDINGS[to](one, reason="  ", actor=mayor)
    assert refused.value.code == "reason"
    ended = ENDINGS[to](one, reason="Le terrain est acheté.", actor=mayor)
    assert (ended.state, ended.end_reason) == (to, "Le terrain est acheté.")
    assert ended.ended_at is not None


@pytest.mark.parametrize("before", B)
@pytest.mark.parametrize("to", [*ENDINGS, B.TAKEN])
def test_only_the_table_of_transitions(project, agent, before, to):
    over = before not in STILL_BLOCKING
    one = blockage(
        project,
        state=before,
        ended_at=clock.now() if over else None,
        end_reason="Fini." if over else "",
    )

    def act():
        if to == B.TAKEN:
            return blockages.take(one, actor=agent)
        return ENDINGS[to](one, reason="Voilà.", actor=agent)

    if to in BLOCKAGE_TRANSITIONS[before]:
        assert act().state == to
    else:
        with pytest.raises(Refusal):
            act()


def test_it_comes_back_and_waits_for_advice_anew(project, mayor):
    one = blockage(project, opened_at=days_ago(30), advised_at=days_ago(29))
    ended = blockages.lift(one, reason="Réglé.", actor=mayor)
    back = blockages.reopen(ended, reason="La subvention est annulée.", actor=mayor)
    assert (back.state, back.ended_at, back.advised_at, back.end_reason) == (B.OPEN, None, None, "")
    assert clock.now() - back.opened_at < timedelta(minutes=1)
    lines = project.events.filter(kind=EventKind.BLOCKAGE).order_by("id")
    assert [one.reason for one in lines] == ["Réglé.", "La subvention est annulée."]


def test_an_edit_says_what_it_was(project, mayor):
    one = blockage(project)
    need = PlaceNeed(30, weekday=3, start_minute=18 * 60)
    told = Told(BlockageKind.FONCIER, "Pas de salle le jeudi", Severity.MINOR, need=need)
    changed = blockages.edit(one, told, actor=mayor)
    assert changed.need == {"people": 30, "weekday": 3, "start": "18:00", "minutes": 120, "km": 15}
    line = project.events.get(kind=EventKind.BLOCKAGE)
    assert "Le plan de financement ne tient pas" in line.before
    assert "Pas de salle le jeudi" in line.after
    blockages.edit(one, told, actor=mayor)
    assert project.events.filter(kind=EventKind.BLOCKAGE).count() == 1


def test_what_stands_comes_first(project):
    minor = blockage(project, severity=Severity.MINOR, title="Gênant")
    worst = blockage(project, severity=Severity.BLOCKING, title="Bloquant")
    over = blockage(project, state=B.LIFTED, ended_at=clock.now(), end_reason="Fini.")
    assert list(blockages_of(project)) == [worst, minor, over]


def test_the_services_are_told_and_the_holder_is_not_told_of_suggestions(project, mayor, agent):
    made = blockages.open_(project, MONEY, actor=mayor)
    tell_blockage(made.pk)
    tell_blockage(made.pk)  # the task ran twice
    assert titles(project.in_charge) == [f"Blocage signalé : {project.name}"]
    assert titles(mayor.user) == []


# --- « Rien proposé après cinq jours »


def waiting(project, days=6, **more):
    return blockage(project, opened_at=days_ago(days), **more)


def test_the_pair_is_told_once(project):
    one, pair = waiting(project), pair_of(project.lead_commune)
    assert tell_pairs_without_advice(0) == 1
    assert tell_pairs_without_advice(0) == 0
    for person in (pair.ddt.referent, pair.prefecture.referent, project.in_charge):
        assert titles(person) == [f"Sans conseil depuis 6\u00a0jours : {project.name}"]
    line = project.events.get(kind=EventKind.ESCALATION)
    assert (line.subject_id, line.visibility) == (one.pk, Visibility.STATE)


def test_not_before_the_days_of_the_pair(project):
    waiting(project, days=4)
    assert tell_pairs_without_advice(0) == 0
    pair = pair_of(project.lead_commune)
    pair.advice_days = 3
    pair.save()
    assert tell_pairs_without_advice(0) == 1


@pytest.mark.parametrize("why", ["advised", "over", "paused", "closed"])
def test_nobody_is_told_for_nothing(project, mayor, agent, why):
    one = waiting(project)
    if why == "advised":
        draft = recommendations.draft(
            project,
            recommendations.Advice(HelpKind.FUNDING, "La DETR", "Elle finance les halles."),
            blockage=one,
            actor=agent,
        )
        recommendations.send([draft], actor=agent)
    elif why == "over":
        blockages.lift(one, reason="Réglé.", actor=mayor)
    elif why == "paused":
        states.pause(project, until=None, reason="Élections", actor=mayor)
    else:
        states.move(project, ProjectState.CLOSED, actor=agent)
    assert tell_pairs_without_advice(0) == 0


def test_a_pause_that_is_over_counts_no_more(project):
    waiting(project)
    Project.objects.filter(pk=project.pk).update(
        paused_at=days_ago(20), paused_until=days_ago(1).date()
    )
    assert tell_pairs_without_advice(0) == 1


def test_a_draft_is_no_advice(project, agent):
    one = waiting(project)
    advice = recommendations.Advice(HelpKind.FUNDING, "La DETR", "Elle finance les halles.")
    recommendations.draft(project, advice, blockage=one, actor=agent)
    assert tell_pairs_without_advice(0) == 1
    assert Blockage.objects.get(pk=one.pk).pair_told_at is not None
