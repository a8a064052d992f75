"""The other lists of the inbox: what I have in charge, what waits for my answer, what sleeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.accounts.actors import Actor
from preau.core import clock
from preau.projects import standing
from preau.projects.actions.deadlines import not_paused
from preau.projects.enums import (
    LIVE,
    STILL_BLOCKING,
    AssignmentState,
    ProjectState,
)
from preau.projects.models import Absence, Assignment, Blockage, Project
from preau.projects.queries import inbox

#: No line of history for so many days: the project sleeps.
DORMANT_DAYS = 60
DORMANT_CHOICES = (30, 60, 90, 180)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def in_charge(actor: Actor) -> QuerySet[Project]:
    """What I answer for, or whoever I replace today; what has not moved for longest first."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    replaced = Absence.objects.filter(
        replaced_by=actor.user_id, first_day__lte=today, last_day__gte=today
    ).values_list("user", flat=True)
    people = [actor.user_id, *replaced]
    found = standing.visible_to(actor).filter(in_charge__in=people, state__in=LIVE)
    return found.order_by("updated_at", "pk")


def assignments(actor: Actor) -> QuerySet[Assignment]:
    """What waits for my answer, or for anybody's of my service; oldest first. What is over asks
    nothing any more."""
    who = Q(user=actor.user_id)
    if actor.organization_id is not None:
        who |= Q(user=None, service__organization=actor.organization_id)
    return (
        Assignment.objects.filter(who, state=AssignmentState.PROPOSED, project__state__in=LIVE)
        .exclude(project__state=ProjectState.DEPOSITED, project__in_charge=actor.user_id)
        .select_related(
            "project__lead_commune__departement",
            "project__holder_organization",
            "project__holder_user",
            "service__organization",
            "created_by",
        )
        .order_by("created_at", "pk")
    )


def dormant(actor: Actor, days: int = DORMANT_DAYS) -> QuerySet[Project]:
    """Live, not in a pause, and nothing has happened for so many days; the longest first."""
    service = standing.competence_of(actor)
    found = inbox.in_hands(actor)
    if service is None or not service.decides:  # what they answer for, at least
        found = in_charge(actor)
    since = clock.now() - timedelta(days=days)
    return found.filter(not_paused(), state__in=LIVE, updated_at__lt=since).order_by(
        "updated_at", "pk"
    )


def without_advice(actor: Actor) -> QuerySet[Blockage]:
    """What blocks, for which nothing was proposed yet; the oldest first."""
    mine = standing.visible_to(actor).filter(not_paused(), pk=OuterRef("project"), state__in=LIVE)
    service = standing.competence_of(actor)
    if service is not None and service.departements:
        mine = mine.filter(departement_code__in=sorted(service.departements))
    elif service is None or service.departements is not None:
        mine = mine.filter(in_charge=actor.user_id)
    return (
        Blockage.objects.filter(Exists(mine), state__in=STILL_BLOCKING, advised_at=None)
        .select_related(
            "project__lead_commune__departement",
            "project__in_charge",
            "project__holder_organization",
            "project__holder_user",
        )
        .order_by("opened_at", "pk")
    )


COUNTS: dict[str, Callable[[Actor], QuerySet[Any]]] = {
    "a-trier": lambda actor: inbox.to_sort(actor, inbox.Filters()),
    "en-charge": in_charge,
    "affectations": assignments,
    "dormants": dormant,
    "blocages": without_advice,
}


def counts(actor: Actor) -> dict[str, int]:
    """One short statement a list."""
    return {name: inbox.capped(found(actor)) for name, found in COUNTS.items()}


# --- Pages of lists in order of time


def page(found: QuerySet[Any], field: str, after: str) -> tuple[list[Any], str]:
    """A page of a list ordered by a moment then by number; `after` is the last one's key."""
    if known := read_key(after):
        moment, number = known
        later = Q(**{f"{field}__gt": moment}) | Q(**{field: moment, "pk__gt": number})
        found = found.filter(later)
    rows = list(found[: inbox.PAGE + 1])
    shown = rows[: inbox.PAGE]
    return shown, write_key(shown[-1], field) if len(rows) > inbox.PAGE else ""


def write_key(row: Any, field: str) -> str:
    moment: datetime = getattr(row, field)
    micros = (moment - _EPOCH) // timedelta(microseconds=1)
    return f"{micros}_{row.pk}"


def read_key(text: str) -> tuple[datetime, int] | None:
    moment, _, number = text.partition("_")
    if not (moment.isdecimal() and number.isdecimal() and len(moment) < 18 and len(number) < 18):
        return None
    seconds, rest = divmod(int(moment), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=rest), int(number)
