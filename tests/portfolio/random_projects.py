"""A country of projects drawn at random, written without the verbs: dates of the past."""

import random
from datetime import UTC, datetime, timedelta

from preau.core import clock
from preau.projects.enums import (
    STILL_BLOCKING,
    BlockageState,
    EventKind,
    FundingState,
    ProjectState,
    RecommendationState,
)
from preau.projects.models import (
    Blockage,
    FundingRequest,
    ImpactReview,
    ProjectEvent,
    Recommendation,
    RecommendationAnswer,
)
from preau.resources.enums import BlockageKind, HelpKind, Phase
from tests.projects.factories import ProjectFactory

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
_PHASES = list(Phase)
S, R, F = ProjectState, RecommendationState, FundingState


def fill(communes, count, seed):
    dice = random.Random(seed)
    for _ in range(count):
        _project(dice, dice.choice(communes))


def _moment(dice, start, most=400):
    """Between a start and now, to the second."""
    moment = start + timedelta(days=dice.randrange(most), seconds=dice.randrange(86_400))
    return min(moment, NOW)


def _project(dice, commune):
    state = dice.choice(list(S))
    # Some fall exactly on the limits of a period, of half a year, of a year.
    days = dice.choice([dice.randrange(500), 182, 365, 91, 0])
    deposited = NOW - timedelta(days=days)
    if state == S.DRAFT:
        ProjectFactory(state=state, lead_commune=commune)
        return
    with clock.frozen(deposited):
        project = ProjectFactory(
            state=state,
            lead_commune=commune,
            phase=dice.choice(_PHASES),
            origin=dice.choice(["site", "site", "agent", "import"]),
        )
    project.deposited_at = deposited
    if dice.random() < 0.7 or project.acknowledged_at:
        project.acknowledged_at = _moment(dice, deposited, 40)
    if dice.random() < 0.6:
        project.first_advice_at = dice.choice(
            [_moment(dice, deposited, 200), deposited + timedelta(days=91)]
        )
    project.save()
    _events(dice, project)
    for _ in range(dice.choice([0, 0, 1, 3])):
        _blockage(dice, project)
    for _ in range(dice.choice([0, 1, 4])):
        _recommendation(dice, project)
    for _ in range(dice.choice([0, 0, 1, 2])):
        _funding(dice, project)
    if dice.random() < 0.5:
        _review(dice, project)


def _events(dice, project):
    for _ in range(dice.choice([0, 0, 1, 2, 3])):
        moment = dice.choice(
            [
                project.deposited_at + timedelta(days=dice.choice([0, 182, 365])),
                project.deposited_at - timedelta(days=2),
                _moment(dice, project.deposited_at),
            ]
        )
        ProjectEvent.objects.create(
            project=project,
            at=moment,
            kind=dice.choice([EventKind.PHASE, EventKind.PHASE, EventKind.STATUS]),
            before=dice.choice(["", *Phase.values]),
            after=dice.choice(["", *Phase.values]),
        )


def _blockage(dice, project):
    state = dice.choice(list(BlockageState))
    opened = _moment(dice, project.deposited_at)
    over = state not in STILL_BLOCKING
    Blockage.objects.create(
        project=project,
        kind=dice.choice(list(BlockageKind)[:3]),
        title="x",
        state=state,
        opened_at=opened,
        ended_at=_moment(dice, opened, 90) if over else None,
        end_reason="fini" if over else "",
    )


def _recommendation(dice, project):
    state = dice.choice(list(R))
    sent = (
        None
        if state == R.DRAFT
        else dice.choice(
            [_moment(dice, project.deposited_at), NOW - timedelta(days=dice.choice([7, 30]))]
        )
    )
    seen = answered = None
    if state not in {R.DRAFT, R.SENT}:
        seen = dice.choice([_moment(dice, sent, 20), sent + timedelta(days=7)])
    if state not in {R.DRAFT, R.SENT, R.SEEN}:
        answered = dice.choice([_moment(dice, sent, 60), sent + timedelta(days=30)])
    if state == R.LAPSED:
        seen, answered = dice.choice([(None, None), (seen, None), (seen, answered)])
    one = Recommendation.objects.create(
        project=project,
        kind=dice.choice(list(HelpKind)[:3]),
        title="x",
        rationale="y",
        state=state,
        sent_at=sent,
        seen_at=seen,
        answered_at=answered,
    )
    for _ in range(dice.choice([0, 1, 2])):
        RecommendationAnswer.objects.create(
            recommendation=one,
            state=R.STUDIED,
            helpful=dice.choice([True, False, None]),
            at=NOW - timedelta(days=dice.randrange(3)),
        )


def _funding(dice, project):
    state = dice.choice(list(F))
    amounts = {"asked_cents": dice.randrange(1, 10**8), "asked_on": NOW.date()}
    if state == F.GRANTED:
        amounts |= {"granted_cents": dice.randrange(1, 10**8), "decided_on": NOW.date()}
    FundingRequest.objects.create(project=project, label="x", state=state, **amounts)


def _review(dice, project):
    done = dice.random() < 0.7
    ImpactReview.objects.create(
        project=project,
        side=dice.choice(["porteur", "porteur", "etat"]),
        goals="x",
        results="y",
        difference=dice.choice([1, 2, 3, 4]),
        satisfaction=dice.choice([None, 1, 2, 3, 4, 5]),
        finished_at=NOW if done else None,
    )
