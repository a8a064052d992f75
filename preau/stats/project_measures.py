"""Counting one month of projects, département by département. Nothing here is published."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, F, OuterRef, Q, Subquery, Value, When

from preau.projects.enums import SHOWN, BlockageState, FundingState, Origin, ProjectState
from preau.projects.models import (
    Blockage,
    FundingRequest,
    Project,
    ProjectEvent,
    Recommendation,
    RecommendationAnswer,
)
from preau.stats.measures import Delays, counted, in_month, local_day, medians, next_month

_ZONE, _CODE = "lead_commune__time_zone", "departement_code"
_UNBLOCKED = (BlockageState.LIFTED, BlockageState.BYPASSED)
#: A holder is given that many whole months to answer before their answers are counted.
MONTHS_TO_ANSWER = 3


@dataclass
class ProjectMeasures:
    """One département's month, exact."""

    deposited: int = 0
    people: int = 0
    sent: int = 0
    lifted: int = 0


@dataclass
class Share:
    """A part of a whole."""

    part: int = 0
    whole: int = 0


@dataclass
class ProjectMonthCount:
    """Everything counted for a month, exact.

    Attributes:
        acknowledged, advised, unblocked: medians by département, and of the country under "".
        granted: cents of each request granted in the month.
    """

    by_departement: dict[str, ProjectMeasures]
    acknowledged: dict[str, Delays]
    advised: dict[str, Delays]
    unblocked: dict[str, Delays]
    answered: Share
    helpful: Share
    granted: list[int]


def months_before(month: date, count: int) -> date:
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def measure(month: date) -> ProjectMonthCount:
    filed = Project.objects.exclude(state=ProjectState.DRAFT)
    here = filed.exclude(origin=Origin.IMPORT)  # those were acknowledged before they came
    deposited = in_month(filed, month, "deposited_at", _ZONE)
    blockages = Blockage.objects.filter(state__in=_UNBLOCKED)
    lifted = in_month(blockages, month, "ended_at", f"project__{_ZONE}")
    return ProjectMonthCount(
        by_departement=_counts(month, deposited, lifted),
        acknowledged=_delays(here, month, "acknowledged_at"),
        advised=_delays(here, month, "first_advice_at"),
        unblocked=medians(lifted, f"project__{_CODE}", "ended_at", "opened_at"),
        answered=_answered(months_before(month, MONTHS_TO_ANSWER), next_month(month)),
        helpful=_helpful(month),
        granted=_granted(month),
    )


def _counts(month: date, deposited: Any, lifted: Any) -> dict[str, ProjectMeasures]:
    found: dict[str, ProjectMeasures] = defaultdict(ProjectMeasures)
    for code, count in counted(deposited, _CODE):
        found[code].deposited = count
    for code, count in counted(lifted, f"project__{_CODE}"):
        found[code].lifted = count
    sent = Recommendation.objects.filter(state__in=SHOWN)
    for code, count in counted(
        in_month(sent, month, "sent_at", f"project__{_ZONE}"), f"project__{_CODE}"
    ):
        found[code].sent = count
    events = ProjectEvent.objects.filter(user__isnull=False).exclude(
        project__state=ProjectState.DRAFT
    )
    people = (
        in_month(events, month, "at", f"project__{_ZONE}")
        .order_by()
        .values_list(f"project__{_CODE}")
        .annotate(Count("user", distinct=True))
    )
    for code, count in people:
        found[code].people = count
    return found


def _delays(filed: Any, month: date, end: str) -> dict[str, Delays]:
    """Of the projects that come to it in the month, from their deposit on."""
    reached = filed.filter(**{f"{end}__gt": F("deposited_at")})
    return medians(in_month(reached, month, end, _ZONE), _CODE, end, "deposited_at")


def _answered(month: date, until: date) -> Share:
    """Of the recommendations sent in a month, those answered before a day, on the spot."""
    sent = in_month(
        Recommendation.objects.filter(state__in=SHOWN), month, "sent_at", f"project__{_ZONE}"
    )
    row = sent.annotate(answer_day=local_day("answered_at", f"project__{_ZONE}")).aggregate(
        whole=Count("pk"), part=Count("pk", filter=Q(answer_day__lt=until))
    )
    return Share(row["part"], row["whole"])


def _helpful(month: date) -> Share:
    """Of the recommendations judged in the month, those judged useful; the last judgement holds."""
    said = in_month(
        RecommendationAnswer.objects.filter(helpful__isnull=False),
        month,
        "at",
        f"recommendation__project__{_ZONE}",
    )
    last = said.filter(recommendation=OuterRef("pk")).order_by("-at", "-pk").values("helpful")
    row = (
        Recommendation.objects.filter(state__in=SHOWN)
        .annotate(said=Subquery(last[:1], output_field=BooleanField(null=True)))
        .aggregate(whole=Count("said"), part=Count(Case(When(said=True, then=Value(1)))))
    )
    return Share(row["part"], row["whole"])


def _granted(month: date) -> list[int]:
    """Requests granted by a decision of the month, in cents."""
    found = FundingRequest.objects.filter(
        state=FundingState.GRANTED, decided_on__gte=month, decided_on__lt=next_month(month)
    )
    return [cents or 0 for cents in found.values_list("granted_cents", flat=True)]
