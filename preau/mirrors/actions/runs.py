"""Beginning a run, stopping it, going on with it."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.mirrors.enums import LIVE_RUNS, ConflictState, MirrorState, Problem, RunKind, RunState
from preau.mirrors.models import Conflict, Mirror, MirroredRow, MirrorRun
from preau.mirrors.perms import require
from preau.mirrors.syncing.progress import SILENCE

#: A run that waits longer than any pause has lost its job.
LOST = timedelta(minutes=20)


def ask(mirror: Mirror, *, actor: Actor) -> MirrorRun:
    """« Synchroniser maintenant ». Pressed twice, it is done once.

    Raises:
        Forbidden: not theirs.
        Refusal: the mirror is not active.
    """
    require(actor, "mirror.write", mirror)
    with transaction.atomic():
        mirror = Mirror.objects.select_for_update().get(pk=mirror.pk)
        if mirror.state != MirrorState.ACTIVE:
            raise Refusal("Ce miroir n’est pas actif.", code="not_active")
        # What needed somebody may be settled by now: the run will tell.
        Mirror.objects.filter(pk=mirror.pk).update(
            problem=Problem.NONE, problem_text="", problem_at=None
        )
        run = begin(mirror, RunKind.WHOLE, asked_by=actor.user)
        audit.record(actor, "mirrors.ask_run", mirror, run=run.pk)
    return run


def begin(mirror: Mirror, kind: RunKind, *, asked_by: User | None = None) -> MirrorRun:
    """The live run of a mirror, or a new one, in the caller's transaction."""
    from preau.mirrors.tasks import sync

    try:
        with transaction.atomic():
            run = MirrorRun.objects.create(mirror=mirror, kind=kind, asked_by=asked_by)
    except IntegrityError:
        live = MirrorRun.objects.get(mirror=mirror, state__in=LIVE_RUNS)
        if asked_by is not None and live.state == RunState.WAITING and live.claim is None:
            sync.defer(run_id=live.pk)  # it waits for a later try: now is better
        return live
    sync.defer(run_id=run.pk)
    return run


@transaction.atomic
def stop(mirror: Mirror, *, actor: Actor) -> None:
    """Ask the run to stop after the body it is sending; one that waits stops at once."""
    require(actor, "mirror.close", mirror)
    live = MirrorRun.objects.select_for_update().filter(mirror=mirror, state__in=LIVE_RUNS).first()
    if live is None:
        return
    if live.state == RunState.WAITING:
        live.state, live.ended_at = RunState.STOPPED, clock.now()
    live.stop_asked = True
    live.save(update_fields=["state", "ended_at", "stop_asked"])
    audit.record(actor, "mirrors.stop_run", mirror, run=live.pk)


def begin_all(kind: RunKind) -> int:
    """The clock's: every mirror that follows, unless it is at work."""
    busy = MirrorRun.objects.filter(state__in=LIVE_RUNS).values("mirror")
    mirrors = Mirror.objects.filter(state=MirrorState.ACTIVE, problem=Problem.NONE)
    begun = 0
    for mirror in mirrors.exclude(pk__in=busy):
        with transaction.atomic():
            begin(mirror, kind)
        begun += 1
    return begun


def go_on() -> int:
    """Runs whose worker was killed, or whose job was lost: they go on from where they were."""
    from preau.mirrors.tasks import sync

    now = clock.now()
    silent = Q(state=RunState.RUNNING, told_at__lt=now - SILENCE)
    silent |= Q(state=RunState.WAITING, told_at__lt=now - LOST)
    found = list(MirrorRun.objects.filter(silent).values_list("pk", flat=True))
    for pk in found:
        sync.defer(run_id=pk)
    return len(found)


def forget(*, runs_after: timedelta, conflicts_after: timedelta) -> int:
    now = clock.now()
    old = MirrorRun.objects.exclude(state__in=LIVE_RUNS).filter(ended_at__lt=now - runs_after)
    settled = Conflict.objects.exclude(state=ConflictState.OPEN)
    gone = settled.filter(decided_at__lt=now - conflicts_after).delete()[0]
    return old.delete()[0] + gone


@transaction.atomic
def repair(mirror: Mirror, *, actor: Actor) -> MirrorRun:
    """Make again what somebody deleted in Grist, then fill it."""
    require(actor, "mirror.write", mirror)
    if mirror.problem == Problem.TABLE:
        mirror.tables.update(recreate=True)
    elif mirror.problem == Problem.COLUMN:
        mirror.tables.update(made=[])
        MirroredRow.objects.filter(table__mirror=mirror).update(sent_hash="")
    audit.record(actor, "mirrors.repair", mirror, problem=mirror.problem)
    return ask(mirror, actor=actor)
