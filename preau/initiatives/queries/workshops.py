"""Workshops and watch notes as people read them."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, F, Q, QuerySet

from preau.accounts.actors import Actor
from preau.core import clock
from preau.initiatives.enums.workshops import GuestAnswer, WorkshopState
from preau.initiatives.models import WatchNote, Workshop
from preau.projects.models import Project
from preau.projects.standing import visible_to

BADGES = {
    WorkshopState.ANNOUNCED: ("info", "Annoncé"),
    WorkshopState.HELD: ("warning", "Tenu, à conclure"),
    WorkshopState.CONCLUDED: ("success", "Conclu"),
    WorkshopState.CANCELLED: ("neutral", "Annulé"),
}
#: Projects offered when a conclusion becomes an action.
MOST_PROJECTS = 50


def public() -> QuerySet[Workshop]:
    """What comes, the nearest first."""
    coming = Workshop.objects.filter(is_public=True, state=WorkshopState.ANNOUNCED)
    found = coming.filter(ends_at__gt=clock.now()).select_related("organization")
    return found.order_by("starts_at")[:100]


def past() -> QuerySet[Workshop]:
    found = Workshop.objects.filter(
        is_public=True, state__in=[WorkshopState.HELD, WorkshopState.CONCLUDED]
    )
    return found.select_related("organization").order_by("-starts_at")[:20]


def of_cell(actor: Actor) -> list[Workshop]:
    """Those of the organisation whose hat is on: the next, then the last."""
    if actor.organization_id is None:
        return []
    yes = Count("guests", filter=Q(guests__answer=GuestAnswer.YES))
    found = Workshop.objects.filter(organization=actor.organization_id)
    return list(found.annotate(yes=yes, invited=Count("guests")).order_by("-starts_at")[:100])


def answers(workshop: Workshop) -> list[tuple[str, int]]:
    """How many said what."""
    counted = Counter(workshop.guests.values_list("answer", flat=True))
    return [(one.label, counted[one.value]) for one in GuestAnswer if counted[one.value]]


def watched(actor: Actor, *, closed: bool = False) -> list[WatchNote]:
    """What workshops decided to come back to; « Veille » shows it among what else is followed."""
    if actor.organization_id is None:
        return []
    found = WatchNote.objects.filter(
        organization=actor.organization_id, closed_at__isnull=not closed
    )
    order = ["-closed_at"] if closed else [F("due_on").asc(nulls_last=True), "pk"]
    return list(found.prefetch_related("conclusions__workshop").order_by(*order)[:100])


def projects_for(actor: Actor) -> list[Project]:
    """Where a conclusion may become an action: the last that moved, of those one reads."""
    live = visible_to(actor, filed=True).filter(ended_at=None)
    return list(live.order_by("-updated_at")[:MOST_PROJECTS])
