"""A hundred and fifty projects of the demonstration, at every stage, with their past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from preau.accounts.models import User
from preau.core import clock
from preau.core.formats import of_name
from preau.portal.demo.people import People
from preau.portal.demo.rows import Rows
from preau.portal.demo.state import State
from preau.portal.demo.stories import STORIES, WHY_FIRST, Story
from preau.projects.enums import (
    AssignmentState,
    BlockageState,
    EventKind,
    FundingState,
    PhaseStatus,
    Priority,
    ProjectRole,
    ProjectState,
    RecommendationState,
    StepState,
)
from preau.projects.models import (
    Assignment,
    Blockage,
    FundingRequest,
    ImpactReview,
    Programme,
    Project,
    ProjectCommune,
    ProjectEvent,
    ProjectProgramme,
    Recommendation,
    RecommendationAnswer,
    StateService,
    Step,
)
from preau.projects.references import new_reference
from preau.resources.enums import BlockageKind, HelpKind, Phase
from preau.resources.models import Resource
from preau.territories.crte import crtes_of
from preau.territories.models import Commune

PROJECTS = 149  # and the one of the neighbourhood that composts
S, R, B = ProjectState, RecommendationState, BlockageState
#: How many of a hundred and forty-nine.
STAGES = (
    (S.DRAFT, 4), (S.DEPOSITED, 13), (S.ACKNOWLEDGED, 16), (S.QUALIFIED, 20),
    (S.ACCOMPANIED, 62), (S.CLOSED, 22), (S.REFUSED, 5), (S.REDIRECTED, 7),
)  # fmt: skip
_HELP = {
    BlockageKind.FINANCEMENT: HelpKind.FUNDING,
    BlockageKind.INGENIERIE: HelpKind.ENGINEERING,
}
_NO = ("Le projet relève de la région, qui l’instruit déjà.",
       "Le dossier décrit un achat de matériel, que l’État n’accompagne pas.")  # fmt: skip


@dataclass(frozen=True)
class World:
    """What every project is told with."""

    rng: Random
    people: People
    state: State
    communes: list[Commune]
    crtes: dict[str, str]
    programmes: list[Programme]
    now: datetime

    def at(self, days: float) -> datetime:
        """So many days ago, at an hour when people work."""
        moment = self.now - timedelta(days=days)
        return min(moment.replace(hour=self.rng.randint(8, 16), minute=5 * self.rng.randint(0, 11)),
                   self.now)  # fmt: skip


def world(rng: Random, people: People, state: State, communes: list[Commune]) -> World:
    now = clock.now()
    crtes = crtes_of([one.code for one in communes], now.date())
    programmes = list(Programme.objects.filter(active=True))
    return World(rng, people, state, communes, crtes, programmes, now)


def create_projects(told: World) -> list[Project]:
    """Each story in several communes, further or less far."""
    stages = [stage for stage, number in STAGES for _ in range(number)]
    told.rng.shuffle(stages)
    projects = []
    for number, stage in enumerate(stages):
        story = STORIES[number % len(STORIES)]
        commune = told.communes[(number * 7 + 3) % len(told.communes)]
        projects.append(_project(told, story, commune, ProjectState(stage)))
    Project.objects.bulk_create(projects)
    rows = Rows()
    for number, project in enumerate(projects):
        _Past(told, project, STORIES[number % len(STORIES)], rows).tell()
    rows.write()
    return projects


def _project(told: World, story: Story, commune: Commune, stage: ProjectState) -> Project:
    rng, draft = told.rng, stage == S.DRAFT
    late = {S.DEPOSITED: (0, 9), S.ACKNOWLEDGED: (6, 40), S.DRAFT: (1, 20)}
    age = rng.uniform(*late.get(stage, (60, 420)))
    filed = told.at(age)
    service, who = told.state.service_for(story.themes[0])
    taken = told.at(max(age - rng.choice([0.5, 1, 2, 2, 3, 4, 6, 9]), 0.1))
    taken = min(max(taken, filed + timedelta(minutes=40)), told.now)
    ended = stage in {S.CLOSED, S.REFUSED, S.REDIRECTED}
    starts = (filed + timedelta(days=rng.randint(90, 400))).date()
    town = told.people.towns[commune.code]
    return Project(
        reference=new_reference(), name=story.name, purpose=story.purpose,
        description=f"{story.purpose} {story.blocked[1]}. Prochaine étape : {story.steps[0]}.",
        themes=list(story.themes), state=stage, phase=_phase(rng, stage),
        phase_status=rng.choice([PhaseStatus.ONGOING] * 5 + [PhaseStatus.LATE]),
        budget_cents=round(story.budget * rng.uniform(0.7, 1.5)) * 100_000,
        starts_on=starts, ends_on=starts + timedelta(days=rng.choice([180, 365, 540])),
        lead_commune=commune, epci_id=commune.epci_id, crte_id=told.crtes.get(commune.code),
        departement_code=commune.departement_id, departement_codes=[commune.departement_id],
        latitude=commune.centre[0], longitude=commune.centre[1],
        holder_organization=town, contact_name=f"Secrétariat {of_name(commune.name)}",
        contact_function="Secrétariat général", contact_email=town.official_email,
        contact_phone="04 76 00 00 00", filed_by=told.people.personas["maire"] if draft else None,
        service_in_charge=None if draft else service,
        in_charge=None if draft else rng.choice(who),
        created_at=filed - timedelta(hours=2), updated_at=filed,
        deposited_at=None if draft else filed,
        acknowledge_by=None if draft else told.state.answer_by(filed),
        acknowledged_at=None if draft or stage == S.DEPOSITED else taken,
        ended_at=told.at(age * rng.uniform(0.05, 0.35)) if ended else None,
        end_reason=rng.choice(_NO) if stage in {S.REFUSED, S.REDIRECTED} else "",
        redirected_to="Région Auvergne-Rhône-Alpes" if stage == S.REDIRECTED else "",
    )  # fmt: skip


def _phase(rng: Random, stage: ProjectState) -> str:
    if stage == S.CLOSED:
        return Phase.WORKS
    return rng.choice([Phase.IDEA, Phase.STUDY, Phase.STUDY, Phase.WORKS])


class _Past:
    """What happened to one project, told in order."""

    def __init__(self, told: World, project: Project, story: Story, rows: Rows) -> None:
        self.told, self.project, self.story, self.rows = told, project, story, rows
        self.rng = told.rng

    def tell(self) -> None:
        project = self.project
        if project.lead_commune is not None:
            self.rows.add(ProjectCommune(project=project, commune=project.lead_commune))
        for programme in self.rng.sample(self.told.programmes, self.rng.choice([0, 1, 1, 2])):
            since = (project.deposited_at or project.created_at).date()
            self.rows.add(ProjectProgramme(project=project, programme=programme, since=since))
        if project.deposited_at is None:
            return
        self.event(project.deposited_at, EventKind.STATE, None, S.DRAFT, S.DEPOSITED)
        self.assignments()
        self.states()
        if project.state in {S.QUALIFIED, S.ACCOMPANIED, S.CLOSED}:
            self.help()
            self.phases()
            self.steps()
            self.funding()
        if project.state == S.CLOSED:
            self.review()
        if project.is_live and self.rng.random() < 0.75:
            self.lately()
        if project.state in {S.DEPOSITED, S.ACKNOWLEDGED} and self.rng.random() < 0.25:
            project.priority = self.rng.choice([Priority.HIGH, Priority.MEDIUM])
            project.priority_reason = self.rng.choice(WHY_FIRST)
        project.updated_at = max(self.last, project.deposited_at)
        Project.objects.filter(pk=project.pk).update(
            updated_at=project.updated_at, qualified_at=project.qualified_at,
            accompanied_at=project.accompanied_at, first_advice_at=project.first_advice_at,
            priority=project.priority, priority_reason=project.priority_reason,
        )  # fmt: skip

    def event(
        self, at: datetime, kind: EventKind, who: User | None, before: str, after: str, **more: Any
    ) -> None:
        self.last = at
        hat = str(self.project.service_in_charge or "") if who else str(self.project.holder)
        self.rows.add(
            ProjectEvent(
                project=self.project,
                at=at,
                kind=kind,
                user=who,
                on_behalf_of=hat[:160],
                before=before,
                after=after,
                **more,
            )
        )

    def after(self, at: datetime, least: float, most: float) -> datetime:
        """A little later, never in the future nor after the end."""
        latest = self.project.ended_at or self.told.now
        return min(at + timedelta(days=self.rng.uniform(least, most)), latest)

    def assignments(self) -> None:
        project, pair = self.project, self.told.state.pair
        mine: StateService | None = project.service_in_charge
        over = project.state in {S.REFUSED, S.REDIRECTED, S.CLOSED}
        for service in (pair.ddt, pair.prefecture):
            pilot = service == mine
            state = AssignmentState.ACCEPTED if pilot else AssignmentState.PROPOSED
            self.rows.add(
                Assignment(
                    project=project,
                    service=service,
                    user=project.in_charge if pilot else None,
                    role=ProjectRole.PILOT if pilot else ProjectRole.SUPPORT,
                    theme=self.story.themes[0],
                    created_at=project.deposited_at or self.told.now,
                    state=AssignmentState.ENDED if over else state,
                    ended_at=project.ended_at if over else None,
                    decided_at=project.acknowledged_at,
                )
            )

    def states(self) -> None:
        project, before = self.project, S.DEPOSITED
        path = [S.ACKNOWLEDGED, S.QUALIFIED, S.ACCOMPANIED, S.CLOSED]
        if project.state in {S.REFUSED, S.REDIRECTED}:
            path = [S.ACKNOWLEDGED, ProjectState(project.state)]
        elif project.state in path:
            path = path[: path.index(ProjectState(project.state)) + 1]
        else:
            path = []
        at = project.acknowledged_at or self.told.now
        for to in path:
            if to in {S.CLOSED, S.REFUSED, S.REDIRECTED} and project.ended_at is not None:
                at = project.ended_at
            if to == S.QUALIFIED:
                project.qualified_at = at
            elif to == S.ACCOMPANIED:
                project.accompanied_at = at
            self.event(
                at, EventKind.STATE, project.in_charge, before, to, reason=project.end_reason
            )
            before, at = to, self.after(at, 3, 25)

    def lately(self) -> None:
        """Most of those at work were touched these last weeks."""
        at = max(self.told.at(self.rng.uniform(0.2, 35)), self.last)
        about = {"subject": self.story.steps[0]}
        self.event(at, EventKind.STEP, None, StepState.TO_DO, StepState.DOING, **about)

    def phases(self) -> None:
        """Each step of its phases since the deposit."""
        phases = [Phase.IDEA, Phase.STUDY, Phase.WORKS]
        at = self.last
        for before, after in pairwise(phases[: phases.index(Phase(self.project.phase)) + 1]):
            at = self.after(at, 20, 110)
            self.event(at, EventKind.PHASE, None, before, after)

    def help(self) -> None:
        """One blockage, what was proposed for it, what was answered."""
        project, story, rng = self.project, self.story, self.rng
        opened = self.after(project.qualified_at or self.told.now, 2, 40)
        closed = project.state == S.CLOSED
        lifted = closed or rng.random() < 0.4
        advised = self.after(opened, 0.5, 7)
        waits = not lifted and rng.random() < 0.15
        ended = self.after(advised, 10, 70) if lifted else None
        blockage = Blockage.objects.create(
            project=project, kind=story.blocked[0], title=story.blocked[1],
            severity=rng.choice("123"), advised_at=None if waits else advised,
            state=B.LIFTED if lifted else rng.choice([B.OPEN, B.TAKEN]), opened_at=opened,
            taken_at=None if waits else advised, ended_at=ended,
            end_reason=story.advice[0] if lifted else "",
        )  # fmt: skip
        about = {"subject": blockage.title, "subject_id": blockage.pk}
        self.event(opened, EventKind.BLOCKAGE, None, "", B.OPEN, **about)
        if waits:
            return
        project.first_advice_at = advised
        self.advice(blockage, advised, lifted=lifted)
        if ended is not None:
            self.event(ended, EventKind.BLOCKAGE, None, B.TAKEN, B.LIFTED, **about)

    def advice(self, blockage: Blockage, at: datetime, *, lifted: bool) -> None:
        project, rng = self.project, self.rng
        kind = _HELP.get(BlockageKind(blockage.kind), HelpKind.EXPERTISE)
        answers = [R.SENT, R.SEEN, R.STUDIED, R.ENGAGED, R.REALISED, R.REFUSED, R.ALREADY]
        state = R.REALISED if lifted else rng.choices(answers, [2, 3, 4, 4, 1, 1, 1])[0]
        seen = None if state == R.SENT else self.after(at, 0.2, 6)
        answered = None if state in {R.SENT, R.SEEN} else self.after(at, 1, 18)
        made = Recommendation.objects.create(
            project=project, blockage=blockage, kind=kind, title=self.story.advice[0],
            rationale=self.story.advice[1], state=state, author=project.in_charge,
            on_behalf_of=str(project.service_in_charge), created_at=at, sent_at=at, seen_at=seen,
            answered_at=answered, resource=_resource(rng, kind),
        )  # fmt: skip
        about = {"subject": made.title, "subject_id": made.pk}
        kind_of = EventKind.RECOMMENDATION
        self.event(at, kind_of, project.in_charge, "", R.SENT, **about)
        if answered is not None:
            self.rows.add(
                RecommendationAnswer(
                    recommendation=made,
                    state=state,
                    at=answered,
                    helpful=rng.random() < 0.8,
                    reason="Le conseil a choisi une autre voie." if state == R.REFUSED else "",
                    by_link=rng.random() < 0.5,
                )
            )
            self.event(answered, kind_of, None, R.SENT, state, **about)

    def steps(self) -> None:
        due: date = self.told.now.date()
        for number, title in enumerate(self.story.steps):
            done = self.project.state == S.CLOSED or number == 0
            due = due + timedelta(days=self.rng.randint(-20, 60))
            self.rows.add(
                Step(
                    project=self.project,
                    title=title,
                    due_on=due,
                    owner_name=self.project.holder,
                    state=StepState.DONE if done else StepState.TO_DO,
                    ended_at=self.last if done else None,
                )
            )

    def funding(self) -> None:
        project, rng = self.project, self.rng
        if rng.random() < 0.4 or project.budget_cents is None:
            return
        asked = project.budget_cents * rng.choice([20, 25, 30, 40]) // 100
        state = FundingState.GRANTED if project.state == S.CLOSED else rng.choice(
            [FundingState.PLANNED, FundingState.ASKED, FundingState.GRANTED, FundingState.REFUSED]
        )  # fmt: skip
        granted = (
            asked * rng.choice([60, 80, 100]) // 100 if state == FundingState.GRANTED else None
        )
        decided = state in {FundingState.GRANTED, FundingState.REFUSED}
        sent = state != FundingState.PLANNED
        self.rows.add(
            FundingRequest(
                project=project,
                label=rng.choice(["DETR", "Fonds vert", "DSIL"]),
                funder="État",
                state=state,
                asked_cents=asked,
                granted_cents=granted,
                asked_on=self.after(self.last, -30, -10).date() if sent else None,
                decided_on=self.last.date() if decided else None,
            )
        )

    def review(self) -> None:
        told, label, unit, before, after = self.story.result
        figures = [{"label": label, "unit": unit, "before": before, "after": after}]
        ended = self.project.ended_at or self.told.now
        self.rows.add(
            ImpactReview(
                project=self.project,
                goals=self.story.purpose,
                results=told,
                figures=figures,
                what_helped=self.story.advice[1],
                difference=self.rng.choice([1, 2, 2, 3, 4]),
                satisfaction=self.rng.choice([3, 4, 4, 5, 5]),
                is_public=self.rng.random() < 0.6,
                written_at=ended,
                finished_at=ended,
                on_behalf_of=self.project.holder[:160],
            )
        )


def _resource(rng: Random, kind: str) -> Resource | None:
    """Any record of the library of that kind, drawn once for all projects of a run."""
    kinds = {HelpKind.FUNDING: ["aide"], HelpKind.ENGINEERING: ["ingenierie"]}
    found = Resource.objects.filter(kind__in=kinds.get(HelpKind(kind), ["service", "expert"]))
    known = list(found.order_by("pk")[:20])
    return rng.choice(known) if known else None
