"""The clock's part with the pair: reminders, the region told, somebody who has left replaced.

Each is idempotent: a second run changes nothing and tells nobody.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.accounts.actors import SYSTEM
from preau.accounts.models import Membership, User
from preau.core import clock
from preau.projects import answering, working_days
from preau.projects.actions import states
from preau.projects.enums import LIVE, STANDING, EventKind, ProjectState
from preau.projects.history import note
from preau.projects.models import Assignment, Project, StatePair
from preau.projects.telling import pair as telling_pair

S = ProjectState


def not_paused(project: str = "") -> Q:
    """Projects of which one is reminded; a pause with an end is over the day after it.

    Args:
        project: the way to the project, for rows that hang on one ("project__").
    """
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return Q(**{f"{project}paused_at": None}) | Q(**{f"{project}paused_until__lt": today})


def unacknowledged() -> QuerySet[Project]:
    """Filed, not taken into account, and not in a pause."""
    return Project.objects.filter(
        not_paused(), state=S.DEPOSITED, acknowledge_by__isnull=False, escalated_at=None
    )


def to_remind() -> list[Project]:
    return list(
        unacknowledged()
        .filter(acknowledge_by__gt=clock.now())
        .select_related("in_charge", "service_in_charge__organization", "lead_commune")
        .order_by("acknowledge_by", "pk")
    )


def remind(project: Project) -> bool:
    """Tell whoever answers, at the last of the two moments that has come: once each."""
    pair = _pair(project)
    if pair is None or project.acknowledge_by is None:
        return False
    moments = working_days.reminders(
        pair.departement, project.acknowledge_by, pair.acknowledge_days
    )
    come = [one for one in moments if one <= clock.now()]
    if not come:
        return False
    return bool(telling_pair.tell_reminder(project, come[-1]))


def overdue() -> list[int]:
    late = unacknowledged().filter(acknowledge_by__lte=clock.now())
    return list(late.order_by("acknowledge_by", "pk").values_list("pk", flat=True))


@transaction.atomic
def escalate(project_id: int) -> bool:
    """The delay is over: the region's service reads it, may act, and is told."""
    still_late = unacknowledged().filter(pk=project_id, acknowledge_by__lte=clock.now())
    project = still_late.select_for_update().first()
    if project is None:  # somebody took it into account meanwhile
        return False
    pair = _pair(project)
    project.escalated_at = clock.now()
    project.save(update_fields=["escalated_at"])
    above = str(pair.escalates_to) if pair is not None and pair.escalates_to else "binôme"
    until = telling_pair.moment(project, project.acknowledge_by)
    reason = f"À prendre en compte avant le {until} : délai dépassé."
    note(project, EventKind.ESCALATION, actor=SYSTEM, change=("", above), reason=reason)
    if pair is not None:
        telling_pair.tell_escalated(project, pair)
    return True


def _pair(project: Project) -> StatePair | None:
    return (
        StatePair.objects.select_related(
            "departement",
            "ddt__organization",
            "prefecture__organization",
            "escalates_to__organization",
        )
        .filter(departement=project.departement_code)
        .first()
    )


# --- Somebody who has left


def left_alone() -> list[int]:
    """Live projects whose person in charge is no longer of the service in charge."""
    there = Membership.objects.filter(
        user=OuterRef("in_charge"),
        organization=OuterRef("service_in_charge__organization"),
        ended_at=None,
        user__is_active=True,
    )
    found = Project.objects.filter(~Exists(there), state__in=LIVE)
    return list(found.order_by("pk").values_list("pk", flat=True))


def hand_over_of(user: User) -> None:
    """Everything that a closed account answered for."""
    theirs = Project.objects.filter(in_charge=user, state__in=LIVE)
    for pk in theirs.order_by("pk").values_list("pk", flat=True):
        replace_gone(pk)


@transaction.atomic
def replace_gone(project_id: int) -> bool:
    """Put the project in the hands of whoever answers for the service today."""
    project = states.lock(Project(pk=project_id))
    service, gone = project.service_in_charge, project.in_charge
    if service is None or gone is None or project.state not in LIVE:
        return False
    people = answering.roster(service, answering.today_of(service)).people
    if gone.pk in people and gone.is_active:
        return False
    found = answering.who_answers(service, theme=project.themes[0] if project.themes else "")
    if found.pk == gone.pk:  # nobody else there: the name stays until somebody comes
        return False
    project.in_charge = found
    project.save(update_fields=["in_charge"])
    Assignment.objects.filter(
        project=project, service=service, user=gone, state__in=STANDING
    ).update(user=found)
    reason = f"{gone} ne fait plus partie de {service}."
    change = (str(gone), str(found))
    note(
        project, EventKind.IN_CHARGE, actor=SYSTEM, about=str(service), change=change, reason=reason
    )
    telling_pair.tell_in_charge(project, reason=reason, actor=SYSTEM)
    return True
