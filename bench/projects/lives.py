"""The life of each project: its dates, who works on it, what blocked it, what was proposed.

Everything that happened is also a line of its history, in order.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from bench.projects import words
from bench.projects.people import People, Row, Town
from preau.accounts.enums import OrganizationKind
from preau.projects.enums import (
    AssignmentState,
    BlockageState,
    EventKind,
    FundingState,
    Origin,
    PhaseStatus,
    Priority,
    ProjectRole,
    ProjectState,
    RecommendationState,
    Severity,
    StepState,
)
from preau.resources.enums import BlockageKind, HelpKind, Phase

S, R = ProjectState, RecommendationState
#: state: share in %, age in days (least, most)
STATES = {
    S.DRAFT: (3, 1, 40),
    S.DEPOSITED: (6, 0.1, 14),
    S.ACKNOWLEDGED: (8, 4, 60),
    S.QUALIFIED: (14, 15, 260),
    S.ACCOMPANIED: (38, 40, 900),
    S.CLOSED: (20, 150, 1400),
    S.REFUSED: (5, 20, 1200),
    S.REDIRECTED: (6, 15, 1200),
}
#: The way to each state, and at which share of its age each step was made.
WAYS: dict[ProjectState, tuple[tuple[ProjectState, float], ...]] = {
    S.DRAFT: (),
    S.DEPOSITED: (),
    S.ACKNOWLEDGED: ((S.ACKNOWLEDGED, 0.2),),
    S.QUALIFIED: ((S.ACKNOWLEDGED, 0.05), (S.QUALIFIED, 0.3)),
    S.ACCOMPANIED: ((S.ACKNOWLEDGED, 0.03), (S.QUALIFIED, 0.1), (S.ACCOMPANIED, 0.2)),
    S.CLOSED: (
        (S.ACKNOWLEDGED, 0.02),
        (S.QUALIFIED, 0.08),
        (S.ACCOMPANIED, 0.15),
        (S.CLOSED, 0.7),
    ),
    S.REFUSED: ((S.ACKNOWLEDGED, 0.1), (S.REFUSED, 0.3)),
    S.REDIRECTED: ((S.ACKNOWLEDGED, 0.1), (S.REDIRECTED, 0.25)),
}
ADVISED = frozenset({S.QUALIFIED, S.ACCOMPANIED, S.CLOSED})
ANSWERS = (R.SENT, R.SEEN, R.STUDIED, R.ENGAGED, R.REALISED, R.REFUSED, R.ALREADY, R.LAPSED)
ANSWER_WEIGHTS = (14, 16, 14, 18, 20, 8, 6, 4)
#: For each project: so many of them in the country.
RECOMMENDATIONS, BLOCKAGES, STEPS, FUNDING = 3.0, 0.75, 1.5, 0.5
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_DAY = timedelta(days=1)


@dataclass
class Country:
    """Rows of every table that hangs on projects."""

    projects: list[Row] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **row: Any) -> int:
        row["id"] = len(self.rows[table]) + 1
        self.rows[table].append(row)
        return int(row["id"])


class Lives:
    def __init__(self, people: People, seed: int) -> None:
        self.people, self.now = people, people.now
        self.rng = Random(f"{seed} projects")  # noqa: S311  a repeatable draw, no secret
        self.made = Country()
        self.neighbours: dict[str, list[Town]] = defaultdict(list)
        for one in people.towns:
            if one.epci:
                self.neighbours[one.epci].append(one)
        self.weights = list(accumulate((one.population + 50) ** 0.6 for one in people.towns))
        self.events: list[Row] = []
        self.owed = dict.fromkeys(("recommendation", "blockage", "step", "funding"), 0.0)

    def draw(self, count: int) -> Country:
        towns = self.rng.choices(self.people.towns, cum_weights=self.weights, k=count)
        states = self.rng.choices(list(STATES), [one[0] for one in STATES.values()], k=count)
        for number, (town, state) in enumerate(zip(towns, states, strict=True), 1):
            self._project(number, town, state)
        return self.made

    def _project(self, number: int, town: Town, state: ProjectState) -> None:
        rng, (_, least, most) = self.rng, STATES[state]
        age = timedelta(days=least + (most - least) * rng.random())
        began = self.now - age
        self.events = []
        phase = rng.choices(list(Phase), (45, 33, 22))[0]
        budget = int(rng.lognormvariate(12.3, 1.3)) * 100 if rng.random() < 0.8 else None
        row: Row = self._said(number, town) | {
            "state": state,
            "phase": phase,
            "phase_status": rng.choices(list(PhaseStatus), (68, 14, 6, 4, 8))[0],
            "budget_cents": budget,
            "starts_on": (began + 60 * _DAY).date() if rng.random() < 0.5 else None,
            "ends_on": (began + 800 * _DAY).date() if rng.random() < 0.4 else None,
            "lead_commune_id": town.code,
            "epci_id": town.epci,
            "crte_id": town.crte or None,
            "crte_year": began.year if town.crte and rng.random() < 0.5 else None,
            "departement_code": town.departement,
            "departement_codes": [town.departement],
            "latitude": town.latitude,
            "longitude": town.longitude,
            "origin": rng.choices(list(Origin), (70, 20, 10))[0],
            "created_at": began - _DAY,
            "updated_at": began,
        }
        self.made.projects.append(row)
        self._holder(row, town)
        self._communes(row, town)
        self._programmes(row, began)
        if state != S.DRAFT:
            self._filed(row, began, age)
        self.events.sort(key=lambda one: one["at"])
        for event in self.events:
            row["updated_at"] = event["at"]
            self.made.add("events", **event)

    def _said(self, number: int, town: Town) -> Row:
        """What its sheet says in words."""
        rng = self.rng
        subject, themes = rng.choice(words.SUBJECTS)
        return {
            "id": number,
            "key": uuid.UUID(int=rng.getrandbits(128), version=4),
            "reference": _reference(number),
            "name": subject.format(town.name)[:160],
            "purpose": " ".join(rng.sample(words.PURPOSES, 2)),
            "description": " ".join(rng.sample(words.SENTENCES, rng.randint(3, 7))),
            "themes": [str(one) for one in themes],
        }

    def _holder(self, row: Row, town: Town) -> None:
        drawn, who = self.rng.random(), self.people
        if drawn < 0.12 and row["state"] != S.DRAFT:
            row["holder_name"] = f"Association {row['id'] % 900} de {town.name}"[:160]
            row["contact_email"] = f"contact{row['id']}@bench.example"
            return
        if drawn < 0.27 and town.epci:
            name, kind, key = f"Communauté de {town.name}", OrganizationKind.EPCI, town.epci
        else:
            name, kind, key = f"Mairie de {town.name}", OrganizationKind.COMMUNE, town.code
        organization, person = who.holder(key, name, kind, town)
        row |= {
            "holder_organization_id": organization,
            "filed_by_id": person,
            "holder_siret": who.organizations[organization - 1]["siret"],
            "holder_name": who.organizations[organization - 1]["name"],
        }

    def _communes(self, row: Row, town: Town) -> None:
        found = [town]
        if self.rng.random() < 0.06 and town.epci:
            around = self.neighbours[town.epci]
            found += self.rng.sample(around, min(len(around), self.rng.randint(1, 5)))
        if self.rng.random() < 0.01:
            found.append(self.rng.choice(self.people.towns))
        codes = {one.code: one.departement for one in found}
        row["departement_codes"] = sorted(set(codes.values()))
        for code in codes:
            self.made.add("communes", project_id=row["id"], commune_id=code)

    def _programmes(self, row: Row, began: datetime) -> None:
        for number in sorted(self.rng.sample(range(1, len(words.PROGRAMMES) + 1), 2)):
            if self.rng.random() < 0.3:
                self.made.add(
                    "programmes", project_id=row["id"], programme_id=number, since=began.date()
                )

    def _filed(self, row: Row, began: datetime, age: timedelta) -> None:
        rng, state, way = self.rng, row["state"], WAYS[row["state"]]
        ddt = self.people.ddt[row["departement_code"]]
        row |= {
            "deposited_at": began,
            "acknowledge_by": began + 5 * _DAY,
            "service_in_charge_id": ddt.pk,
            "in_charge_id": rng.choice(ddt.users),
        }
        self._event(row, EventKind.STATE, began, ("brouillon", "depose"))
        dates = {S.ACKNOWLEDGED: "acknowledged_at", S.QUALIFIED: "qualified_at"}
        dates[S.ACCOMPANIED] = "accompanied_at"
        before: ProjectState = S.DEPOSITED
        for to, share in way:
            at = began + age * (share * rng.uniform(0.7, 1.0))
            reason = "Le projet ne relève pas de l’accompagnement de l’État." * (
                to in {S.REFUSED, S.REDIRECTED}
            )
            row[dates.get(to, "ended_at")] = at
            if reason:
                row["end_reason"] = reason
            self._event(row, EventKind.STATE, at, (before, to), reason=reason)
            before = to
        if state == S.DEPOSITED and began + 5 * _DAY < self.now:
            row["escalated_at"] = began + 5 * _DAY
        if rng.random() < 0.12:
            row |= {"priority": rng.choice([Priority.HIGH, Priority.MEDIUM, Priority.LOW])}
            row["priority_reason"] = "Échéance de subvention proche."
        if rng.random() < 0.15:
            row["due_on"] = (self.now + rng.randint(-60, 200) * _DAY).date()
        if rng.random() < 0.04 and state == S.ACCOMPANIED:
            row["paused_at"] = began + age * 0.8
        self._assignments(row, began, way)
        if state in ADVISED:
            self._help(row, began, age)

    def _assignments(self, row: Row, began: datetime, way: Any) -> None:
        code, rng = row["departement_code"], self.rng
        done = AssignmentState.PROPOSED if not way else AssignmentState.ACCEPTED
        people = self.people
        wanted = [
            (people.ddt[code], ProjectRole.PILOT, row["in_charge_id"]),
            (people.prefecture[code], ProjectRole.SUPPORT, None),
        ]
        if rng.random() < 0.06:
            region = people.regional[people.region_of[code]]
            wanted.append((region, ProjectRole.OBSERVER, None))
        for service, role, user in wanted:
            made = self.made.add(
                "assignments",
                project_id=row["id"],
                service_id=service.pk,
                user_id=user,
                role=role,
                state=done,
                created_at=began,
                decided_at=row.get("acknowledged_at"),
            )
            self._event(row, EventKind.ASSIGNMENT, began, ("", role), about=made)

    def _due(self, name: str, each: float) -> int:
        """How many this project gets, so that the country has as many as it should."""
        self.owed[name] += each / 0.72  # the share of projects that have any
        count = min(int(self.owed[name] * self.rng.uniform(0, 2)), int(self.owed[name]) + 2)
        self.owed[name] -= count
        return count

    def _help(self, row: Row, began: datetime, age: timedelta) -> None:
        for _ in range(self._due("blockage", BLOCKAGES)):
            self._blockage(row, began, age)
        for _ in range(self._due("recommendation", RECOMMENDATIONS)):
            self._recommendation(row, began, age)
        for _ in range(self._due("step", STEPS)):
            self._step(row, began, age)
        for _ in range(self._due("funding", FUNDING)):
            self._funding(row, began, age)

    def _between(self, began: datetime, age: timedelta, least: float = 0.3) -> datetime:
        return began + age * self.rng.uniform(least, 0.95)

    def _blockage(self, row: Row, began: datetime, age: timedelta) -> None:
        rng, opened = self.rng, self._between(began, age)
        kind = rng.choice(list(BlockageKind))
        standing = row["state"] != S.CLOSED and rng.random() < 0.4
        state = rng.choice([BlockageState.OPEN, BlockageState.TAKEN])
        ended = None if standing else opened + (self.now - opened) * rng.uniform(0.1, 0.9)
        if ended:
            state = rng.choices(
                [BlockageState.LIFTED, BlockageState.BYPASSED, BlockageState.ABANDONED], (7, 2, 1)
            )[0]
        title = rng.choice(words.BLOCKAGES[kind])
        pk = self.made.add(
            "blockages",
            project_id=row["id"],
            kind=kind,
            severity=rng.choice(list(Severity)),
            title=title,
            state=state,
            opened_at=opened,
            ended_at=ended,
            end_reason="Une solution a été trouvée." if ended else "",
            advised_at=opened + _DAY if rng.random() < 0.8 and opened + _DAY < self.now else None,
        )
        self._event(row, EventKind.BLOCKAGE, opened, ("", "ouvert"), about=pk, subject=title)
        if ended:
            self._event(row, EventKind.BLOCKAGE, ended, ("ouvert", state), about=pk, subject=title)

    def _recommendation(self, row: Row, began: datetime, age: timedelta) -> None:
        rng, at = self.rng, self._between(began, age)
        kind = rng.choice(list(HelpKind))
        draft = rng.random() < 0.05
        state = R.DRAFT if draft else rng.choices(ANSWERS, ANSWER_WEIGHTS)[0]
        seen = at + (self.now - at) * 0.2
        answered = at + (self.now - at) * 0.5
        unseen, unanswered = {R.DRAFT, R.SENT, R.LAPSED}, {R.DRAFT, R.SENT, R.SEEN, R.LAPSED}
        title = rng.choice(words.ADVICE[kind])
        pk = self.made.add(
            "recommendations",
            project_id=row["id"],
            kind=kind,
            title=title,
            rationale="Elle répond à ce que vous décrivez, sur votre territoire.",
            state=state,
            author_id=row["in_charge_id"],
            created_at=at,
            sent_at=None if draft else at,
            seen_at=None if state in unseen else seen,
            answered_at=None if state in unanswered else answered,
        )
        if draft:
            return
        first = row.get("first_advice_at")
        row["first_advice_at"] = min(first, at) if first else at
        self._event(
            row, EventKind.RECOMMENDATION, at, ("brouillon", "proposee"), about=pk, subject=title
        )
        if state not in unanswered:
            self._event(
                row,
                EventKind.RECOMMENDATION,
                answered,
                ("proposee", state),
                about=pk,
                subject=title,
            )

    def _step(self, row: Row, began: datetime, age: timedelta) -> None:
        rng, at = self.rng, self._between(began, age)
        state = rng.choices(list(StepState), (35, 15, 42, 8))[0]
        over = state in {StepState.DONE, StepState.DROPPED}
        pk = self.made.add(
            "steps",
            project_id=row["id"],
            title="Préparer la prochaine délibération",
            owner_id=row["in_charge_id"],
            due_on=(at + rng.randint(5, 90) * _DAY).date(),
            state=state,
            created_at=at,
            ended_at=at + (self.now - at) * 0.5 if over else None,
        )
        self._event(row, EventKind.STEP, at, ("", "a_faire"), about=pk)

    def _funding(self, row: Row, began: datetime, age: timedelta) -> None:
        rng, at = self.rng, self._between(began, age)
        state = rng.choices(list(FundingState), (20, 25, 40, 10, 5))[0]
        asked = rng.randint(5, 900) * 100_000
        granted = state == FundingState.GRANTED
        pk = self.made.add(
            "funding",
            project_id=row["id"],
            label="Dotation d’équipement",
            funder="Préfecture",
            state=state,
            asked_cents=asked,
            asked_on=at.date(),
            granted_cents=asked * 6 // 10 if granted else None,
            decided_on=(at + 30 * _DAY).date() if granted else None,
            created_at=at,
        )
        self._event(row, EventKind.FUNDING, at, ("", state), about=pk)

    def _event(
        self,
        row: Row,
        kind: EventKind,
        at: datetime,
        change: tuple[str, str],
        *,
        about: int | None = None,
        subject: str = "",
        reason: str = "",
    ) -> None:
        self.events.append(
            {
                "project_id": row["id"],
                "at": at,
                "kind": kind,
                "user_id": row.get("in_charge_id"),
                "subject": subject,
                "subject_id": about,
                "before": change[0],
                "after": change[1],
                "reason": reason,
            }
        )


def _reference(number: int) -> str:
    """In the form of the product's own, one for each number."""
    code, left = "", number * 2_654_435_761 % 2**40
    for _ in range(8):
        left, digit = divmod(left, 32)
        code += _ALPHABET[digit]
    return f"P-{code[:4]}-{code[4:]}"
