"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.timetables.enums import TimetableState
from preau.timetables.feeds import KINDS
from preau.timetables.models import (
    Candidate,
    Forbidding,
    Hosting,
    HostingAgreement,
    Mediator,
    Run,
    ServiceNeed,
    Session,
    Timetable,
)

LARGEST_ID = 2**63 - 1
M = TypeVar("M", bound=Model)


def load_timetable(*, timetable_key: UUID) -> Timetable:
    found = (
        Timetable.objects.select_related("organization__commune").filter(key=timetable_key).first()
    )
    if found is None:
        raise Http404
    return found


def _one(rows: QuerySet[M], pk: int) -> M:
    found = rows.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


def load_need(*, need_id: int) -> ServiceNeed:
    rows = ServiceNeed.objects.select_related("timetable__organization", "mediator", "provider")
    return _one(rows, need_id)


def load_mediator(*, mediator_id: int) -> Mediator:
    return _one(Mediator.objects.select_related("timetable__organization", "base"), mediator_id)


def load_candidate(*, candidate_id: int) -> Candidate:
    rows = Candidate.objects.select_related("timetable__organization", "space__place")
    return _one(rows, candidate_id)


def load_sitting(*, sitting_id: int) -> Session:
    rows = Session.objects.select_related(
        "timetable__organization__commune", "need__mediator", "candidate__space__place"
    )
    return _one(rows, sitting_id)


def load_forbidding(*, forbidding_id: int) -> Forbidding:
    return _one(Forbidding.objects.select_related("timetable__organization"), forbidding_id)


def load_run(*, computation_id: int) -> Run:
    return _one(Run.objects.select_related("timetable__organization"), computation_id)


def load_hosting(*, hosting_id: int) -> Hosting:
    rows = Hosting.objects.select_related(
        "timetable__organization", "place__owner", "place__commune", "decided_by"
    )
    return _one(rows, hosting_id)


def load_agreement(*, hosting_agreement_id: int) -> HostingAgreement:
    rows = HostingAgreement.objects.select_related(
        "hosting__timetable", "hosting__place__owner", "hosting__place__commune"
    )
    return _one(rows, hosting_agreement_id)


def load_feed(*, timetable_key: UUID, feed_kind: str, feed_id: int) -> FeedAsked:
    return FeedAsked(load_timetable(timetable_key=timetable_key), feed_kind, feed_id)


class FeedAsked:
    """A calendar of what is published: what any visitor of the place may know."""

    def __init__(self, timetable: Timetable, kind: str, pk: int) -> None:
        if kind not in KINDS or pk > LARGEST_ID:
            raise Http404
        if not (timetable.is_live or timetable.state == TimetableState.STOPPED):
            raise Http404
        self.timetable, self.kind, self.pk = timetable, kind, pk

    @property
    def permission_scope(self) -> Any:
        return self.timetable.permission_scope


def frame(request: HttpRequest, timetable: Timetable, section: str) -> dict[str, Any]:
    """What every page of a timetable shows."""
    actor = actor_of(request)
    may_edit = allowed(actor, "timetable.edit", timetable)
    return {
        "timetable": timetable,
        "section": section,
        "may_edit": may_edit and timetable.is_open,
        "may_publish": allowed(actor, "timetable.publish", timetable),
        "needs_count": timetable.needs.count(),
        "spaces_count": timetable.candidates.count(),
    }
