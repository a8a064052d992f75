"""Questions that the clock puts to holders: where is it now, and what of the programme?

Each run may be repeated: a question is written once, in the transaction that sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from preau.accounts.models import User
from preau.core import clock
from preau.projects.actions.deadlines import not_paused
from preau.projects.emails import impact as impact_emails
from preau.projects.enums import AskKind, ProjectState
from preau.projects.models import (
    ImpactAsk,
    Programme,
    ProgrammeFeedback,
    Project,
    ProjectProgramme,
)
from preau.projects.recipients import holder_side

S = ProjectState
SIX_MONTHS, TWELVE_MONTHS = timedelta(days=182), timedelta(days=365)
#: Older than that when it is first seen (an import): nobody is asked about the distant past.
GRACE = timedelta(days=31)
REMIND_AFTER = timedelta(days=14)
#: From that day of the year on, who uses a programme is asked what they think of it.
YEARLY_FROM = (11, 15)
#: A project younger than that has nothing to say of its programme yet.
USED_SINCE = timedelta(days=60)
_BATCH = 200

_FILED = frozenset({S.DEPOSITED, S.ACKNOWLEDGED, S.QUALIFIED, S.ACCOMPANIED, S.CLOSED})
#: Kind → the states it is for, the date it counts from, how long after.
_WHEN: dict[AskKind, tuple[frozenset[ProjectState], str, timedelta]] = {
    AskKind.FILED_6: (_FILED, "deposited_at", SIX_MONTHS),
    AskKind.FILED_12: (_FILED, "deposited_at", TWELVE_MONTHS),
    AskKind.CLOSED_6: (frozenset({S.CLOSED}), "ended_at", SIX_MONTHS),
    AskKind.CLOSED_12: (frozenset({S.CLOSED}), "ended_at", TWELVE_MONTHS),
}


def due(kind: AskKind, now: datetime) -> QuerySet[Project]:
    """Projects that reach their date, not asked yet, not paused."""
    states, start, after = _WHEN[kind]
    asked = ImpactAsk.objects.filter(project=OuterRef("pk"), kind=kind)
    reached = {f"{start}__lte": now - after, f"{start}__gt": now - after - GRACE}
    found = Project.objects.filter(not_paused(), ~Exists(asked), state__in=states, **reached)
    return found.select_related("holder_organization").order_by("pk")


def ask_where() -> int:
    """Ask every holder whose project reaches six or twelve months; how many were asked."""
    now, count = clock.now(), 0
    for kind in _WHEN:
        for project in due(kind, now).iterator(chunk_size=_BATCH):
            count += _ask_one(project, kind)
    return count


@transaction.atomic
def _ask_one(project: Project, kind: AskKind) -> bool:
    """Asked in the transaction of the row that says so; nobody to ask, no row."""
    if not holder_side(project):
        return False
    asked, new = ImpactAsk.objects.get_or_create(project=project, kind=kind)
    if new:
        impact_emails.where_asked(project, asked)
    return new


def remind() -> int:
    """One reminder of each question left without an answer; none while a project is paused."""
    late = ImpactAsk.objects.filter(
        not_paused("project__"),
        answered_at=None,
        reminded_at=None,
        asked_at__lte=clock.now() - REMIND_AFTER,
        project__state__in=_FILED,
    )
    done = 0
    for pk in list(late.order_by("pk").values_list("pk", flat=True)[:2000]):
        done += _remind_one(pk)
    return done


@transaction.atomic
def _remind_one(pk: int) -> bool:
    asked = (
        ImpactAsk.objects.select_for_update(of=("self",))
        .select_related("project__holder_organization")
        .filter(pk=pk, answered_at=None, reminded_at=None)
        .first()
    )
    if asked is None:  # answered meanwhile
        return False
    asked.reminded_at = clock.now()
    asked.save(update_fields=["reminded_at"])
    send: Callable[[Project, ImpactAsk], None] = (
        impact_emails.review_asked if asked.kind == AskKind.REVIEW else impact_emails.where_asked
    )
    send(asked.project, asked)
    return True


# --- Programmes


def ask_of_programmes(project: Project) -> None:
    """A project ends: what do its people think of its programmes?"""
    lines = ProjectProgramme.objects.filter(project=project, programme__active=True)
    for line in lines.select_related("programme"):
        _ask_feedback(project, line.programme, clock.now().year)


def ask_yearly(today: date) -> int:
    """Once a year, everybody with a project in a programme; how many projects were gone through."""
    if (today.month, today.day) < YEARLY_FROM:
        return 0
    count = 0
    for line in _users_of_programmes():
        with transaction.atomic():
            _ask_feedback(line.project, line.programme, today.year)
        count += 1
    return count


def _users_of_programmes() -> Iterator[ProjectProgramme]:
    lines = ProjectProgramme.objects.filter(
        not_paused("project__"),
        until=None,
        programme__active=True,
        project__state__in=_FILED - {S.CLOSED},
        project__deposited_at__lte=clock.now() - USED_SINCE,
    ).select_related("programme", "project__holder_organization")
    return lines.order_by("pk").iterator(chunk_size=_BATCH)


def _ask_feedback(project: Project, programme: Programme, year: int) -> None:
    given = set(
        ProgrammeFeedback.objects.filter(programme=programme, year=year).values_list(
            "user", flat=True
        )
    )
    users: list[User] = [one for one in holder_side(project) if one.pk not in given]
    if users:
        impact_emails.feedback_asked(users, programme, year)
