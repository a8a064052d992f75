"""What goes from one to another around a project."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions.listing_states import check
from preau.initiatives.models import Flow
from preau.projects.models import Project

#: Lines of one project: beyond, it is an account book.
MOST = 200


@transaction.atomic
def record(project: Project, *, actor: Actor, **given: Any) -> Flow:
    """Write a flow that was agreed on elsewhere.

    Raises:
        Refusal: it lacks something, or there are too many.
    """
    if not allowed(actor, "flow.write", project):
        raise Forbidden
    if project.flows.count() >= MOST:
        raise Refusal(f"Un projet compte {MOST} flux au plus.")
    flow = Flow(project=project, recorded_by=actor.user, **given)
    check(flow)
    flow.save()
    audit.record(actor, "flow.record", flow, project=project.pk)
    return flow


@transaction.atomic
def end(flow: Flow, *, actor: Actor) -> Flow:
    """It goes on no longer. Twice changes nothing."""
    if not allowed(actor, "flow.write", flow):
        raise Forbidden
    flow = Flow.objects.select_for_update(of=("self",), no_key=True).get(pk=flow.pk)
    if flow.until is None:
        zone = flow.project.zone if flow.project else None
        assert zone is not None
        flow.until = max(flow.since, clock.today(zone))
        check(flow)
        flow.save(update_fields=["until"])
        audit.record(actor, "flow.end", flow)
    return flow
