"""The end of a mirror, and of what it holds here."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.mirrors.actions import runs
from preau.mirrors.enums import LIVE_RUNS, MirrorState, Problem, RunKind, RunState
from preau.mirrors.models import Mirror, MirrorRun
from preau.mirrors.perms import require


@transaction.atomic
def close(mirror: Mirror, *, removes: bool, actor: Actor) -> Mirror:
    """Stop following, and take out of Grist what was sent there (`removes`) or leave it as it is.

    A worker does it; the mirror is closed once Grist has done its part. One that never began is
    closed at once.

    Raises:
        Forbidden: not theirs.
        Refusal: it is closed already.
    """
    require(actor, "mirror.close", mirror)
    mirror = Mirror.objects.select_for_update().get(pk=mirror.pk)
    if mirror.state == MirrorState.CLOSED:
        raise Refusal("Ce miroir est déjà fermé.", code="closed")
    end_live_run(mirror)
    audit.record(actor, "mirrors.close", mirror, removes=removes)
    if not mirror.tables.exclude(remote="").exists():
        forget(mirror)
        return mirror
    mirror.state, mirror.closing_removes = MirrorState.CLOSING, removes
    mirror.problem, mirror.problem_text, mirror.problem_at = Problem.NONE, "", None
    mirror.save()
    runs.begin(mirror, RunKind.CLOSE, asked_by=actor.user)
    return mirror


@transaction.atomic
def close_anyway(mirror: Mirror, *, actor: Actor) -> Mirror:
    """Forget it here without Grist, which does not answer or refuses: what is there stays there.

    Raises:
        Refusal: it is not being closed.
    """
    require(actor, "mirror.close", mirror)
    mirror = Mirror.objects.select_for_update().get(pk=mirror.pk)
    if mirror.state != MirrorState.CLOSING:
        raise Refusal("Fermez d’abord ce miroir.", code="not_closing")
    end_live_run(mirror)
    audit.record(actor, "mirrors.close_anyway", mirror)
    forget(mirror)
    return mirror


def end_live_run(mirror: Mirror) -> None:
    """Its worker finds out at its next word that the run is not its own any more."""
    now = clock.now()
    MirrorRun.objects.filter(mirror=mirror, state__in=LIVE_RUNS).update(
        state=RunState.STOPPED, stop_asked=True, ended_at=now, claim=None
    )


def forget(mirror: Mirror) -> None:
    """No key, no secret, no row of it is kept."""
    for table in mirror.tables.all():
        table.rows.all().delete()
        table.hints.all().delete()
        table.hook, table.hook_digest, table.sealed_hook = "", "", ""
        table.save()
    mirror.state, mirror.closed_at, mirror.sealed_key = MirrorState.CLOSED, clock.now(), ""
    mirror.problem, mirror.problem_text, mirror.problem_at = Problem.NONE, "", None
    mirror.save()
