"""The grid: composed by the solver, improved by a worker, moved by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import Max
from procrastinate.contrib.django import app

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.notifications.actions import notify
from preau.places.actions.saving import save_checked
from preau.timetables import perms
from preau.timetables.actions.preparing import begin_change, locked, touch
from preau.timetables.building import Built, build
from preau.timetables.enums import RunState, Source, TimetableState
from preau.timetables.models import Candidate, Run, ServiceNeed, Session, Timetable
from preau.timetables.solving import Answer, Sitting, improve, quick, verify
from preau.timetables.topics import COORDINATION

#: The task of `tasks.py`, by name: actions and tasks need each other.
IMPROVE = "timetables.improve"
#: What may be asked of a worker, in seconds.
LENGTHS = (30, 120, 600)
#: How often its page is told where the worker is.
BEAT = 1.0
#: Beyond what was asked, a worker that says nothing is dead.
LATE = timedelta(minutes=10)
#: One that no worker took for so long was lost.
LOST = timedelta(days=1)


def compose(timetable: Timetable, *, actor: Actor) -> Run:
    """A whole grid at once around what is pinned, and how far it may be from the best.

    Raises:
        Refusal: nothing to compose, or the grid changed meanwhile.
    """
    perms.require(actor, "timetable.edit", timetable)
    built = build(timetable)
    _refuse_empty(built)
    began = monotonic()
    answer = quick(built.problem)  # outside any transaction: nobody waits for it
    with transaction.atomic():
        fresh = begin_change(timetable, actor)
        if fresh.version != timetable.version:
            raise _changed()
        run = _new_run(fresh, "Composée en une fois", RunState.DONE, actor)
        run.seconds, run.ended_at = monotonic() - began, clock.now()
        _tell(run, built, answer)
        run.save()
        put(fresh, built, answer.sittings)
        fresh.state = TimetableState.PROPOSED
        fresh.save(update_fields=["state"])
        audit.record(actor, "timetable.composed", fresh, run=run.pk)
    return run


def _changed() -> Refusal:
    return Refusal(
        "Quelqu’un a changé cette grille pendant le calcul : relancez-le.", code="changed"
    )


def _refuse_empty(built: Built) -> None:
    if not built.needs:
        raise Refusal("Ajoutez d’abord au moins un service à placer.", code="no_need")
    if not built.candidates:
        raise Refusal("Ajoutez d’abord au moins un lieu où tenir les permanences.", code="no_space")
    if not any(any(room.free) for room in built.problem.rooms):
        raise Refusal(
            "Aucun des espaces retenus n’est ouvert et libre assez souvent sur la saison :"
            " vérifiez leurs horaires, les dates, ou la part de semaines libres demandée.",
            code="nothing_free",
        )


def _new_run(timetable: Timetable, words: str, state: RunState, actor: Actor) -> Run:
    last = timetable.runs.aggregate(last=Max("number"))["last"] or 0
    return Run(
        timetable=timetable,
        number=last + 1,
        words=words,
        state=state,
        seed=last + 1,
        from_version=timetable.version,
        created_by=actor.user,
    )


def _tell(run: Run, built: Built, answer: Answer) -> None:
    run.value, run.bound = answer.value, answer.bound
    run.sittings = [built.row(one) for one in answer.sittings]


def put(timetable: Timetable, built: Built, sittings: Iterable[Sitting]) -> None:
    """Write a grid in place of the one there was; what is pinned stays as it is."""
    timetable.sessions.filter(is_pinned=False).delete()
    kept = set(built.problem.pins)
    Session.objects.bulk_create(
        Session(
            timetable=timetable,
            need_id=need,
            candidate_id=candidate,
            day=day,
            start=start,
        )
        for one in sittings
        if one not in kept
        for need, candidate, day, start in [built.row(one)]
    )
    touch(timetable)


# --- A worker's improvement


@transaction.atomic
def begin_improving(timetable: Timetable, seconds: int, *, actor: Actor) -> Run:
    """Have a worker search on from this grid; the page follows it."""
    timetable = begin_change(timetable, actor)
    if seconds not in LENGTHS:
        raise Refusal("Choisissez une durée dans la liste.", field="seconds")
    if not timetable.needs.exists() or not timetable.candidates.exists():
        raise Refusal("Il faut au moins un service et un lieu.", code="empty")
    run = _new_run(timetable, "Améliorée par un calcul plus long", RunState.WAITING, actor)
    run.asked_seconds = seconds
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        raise Refusal("Un calcul est déjà en cours.", code="computing") from error
    timetable.state = TimetableState.COMPUTING
    timetable.save(update_fields=["state"])
    audit.record(actor, "timetable.improving", timetable, run=run.pk)
    app.configure_task(IMPROVE).defer(run_id=run.pk)
    return run


@transaction.atomic
def stop_improving(run: Run, *, actor: Actor) -> None:
    """Ask the worker to stop; the best grid found is kept."""
    perms.require(actor, "timetable.edit", run.timetable)
    live = Run.objects.filter(pk=run.pk, state__in=(RunState.WAITING, RunState.RUNNING))
    if live.update(stop_asked=True):
        audit.record(actor, "timetable.stop_asked", run.timetable, run=run.pk)


def work(run_id: int) -> None:
    """What the worker does. Killed and begun again, it searches again from the same grid."""
    run = Run.objects.select_related("timetable__organization", "created_by").get(pk=run_id)
    if run.state not in {RunState.WAITING, RunState.RUNNING}:
        return
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, started_at=clock.now())
    built = build(run.timetable)
    begun = [built.sitting(one) for one in run.timetable.sessions.all()]
    if verify(built.problem, begun):  # changed by hand into something that does not hold
        begun = []
    follower = _Follower(run)
    answer = improve(
        built.problem, begun, seconds=run.asked_seconds, seed=run.seed, told=follower.told
    )
    _finish(run, built, answer, follower)


class _Follower:
    """Writes where the search is, now and then, and reads whether to stop."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.began = self.last = monotonic()
        self.improvements, self.value = 0, -1
        self.stopped = False

    def told(self, answer: Answer) -> bool:
        self.improvements += 0 <= self.value < answer.value
        self.value = answer.value
        now = monotonic()
        if now - self.last >= BEAT:
            self.last = now
            bound = min(answer.bound, 1e15)
            Run.objects.filter(pk=self.run.pk).update(
                value=answer.value,
                bound=bound,
                improvements=self.improvements,
                seconds=now - self.began,
            )
            self.stopped = Run.objects.filter(pk=self.run.pk, stop_asked=True).exists()
        return self.stopped


@transaction.atomic
def _finish(run: Run, built: Built, answer: Answer, follower: _Follower) -> None:
    timetable = locked(run.timetable)
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state != RunState.RUNNING:
        return  # given up meanwhile
    _tell(run, built, answer)
    run.improvements = follower.improvements
    run.seconds, run.ended_at = monotonic() - follower.began, clock.now()
    run.state = RunState.STOPPED if run.stop_asked else RunState.DONE
    run.save()
    if timetable.version == run.from_version:
        put(timetable, built, answer.sittings)
    timetable.state = TimetableState.PROPOSED
    timetable.save(update_fields=["state"])
    _tell_author(run, timetable)


def _tell_author(run: Run, timetable: Timetable) -> None:
    if run.created_by is None:
        return
    notify(
        [run.created_by],
        topic=COORDINATION.key,
        title=f"La grille « {timetable} » est calculée",
        body="Lisez-la, épinglez ce qui vous va, puis publiez-la.",
        cause=f"timetables.run:{run.pk}",
        url=f"/piloter/permanences/{timetable.key}/",
    )


def is_dead(run: Run) -> bool:
    """Silent for too long since a worker took it; or never taken."""
    if run.state == RunState.WAITING:
        return clock.now() > run.created_at + LOST
    last = (run.started_at or run.created_at) + timedelta(seconds=run.asked_seconds) + LATE
    return clock.now() > last


@transaction.atomic
def give_up(run: Run) -> None:
    """The worker is dead: the grid may be changed again."""
    timetable = locked(run.timetable)
    live = Run.objects.filter(pk=run.pk, ended_at=None)
    if not live.update(state=RunState.FAILED, ended_at=clock.now()):
        return
    has_sessions = timetable.sessions.exists()
    timetable.state = TimetableState.PROPOSED if has_sessions else TimetableState.DRAFT
    timetable.save(update_fields=["state"])


@transaction.atomic
def restore(run: Run, *, actor: Actor) -> None:
    """Put back the grid of an earlier computation, as far as what it names is still there."""
    timetable = begin_change(run.timetable, actor)
    needs = set(timetable.needs.values_list("pk", flat=True))
    candidates = set(timetable.candidates.values_list("pk", flat=True))
    rows = [row for row in run.sittings if row[0] in needs and row[1] in candidates]
    pinned = set(
        timetable.sessions.filter(is_pinned=True).values_list(
            "need_id", "candidate_id", "day", "start"
        )
    )
    timetable.sessions.filter(is_pinned=False).delete()
    Session.objects.bulk_create(
        Session(timetable=timetable, need_id=n, candidate_id=c, day=day, start=start)
        for n, c, day, start in rows
        if (n, c, day, start) not in pinned and day < timetable.days
    )
    timetable.state = TimetableState.PROPOSED
    timetable.save(update_fields=["state"])
    touch(timetable)
    audit.record(actor, "timetable.restored", timetable, run=run.pk)


# --- By hand


@transaction.atomic
def place(
    need: ServiceNeed, candidate: Candidate, day: int, start: int, *, actor: Actor
) -> Session:
    """Hold a sitting there and then; it is pinned. Conflicts are shown, not refused."""
    timetable = begin_change(need.timetable, actor)
    _refuse_foreign(timetable, need, candidate, day)
    session = Session(
        timetable=timetable,
        need=need,
        candidate=candidate,
        day=day,
        start=start,
        is_pinned=True,
        source=Source.HAND,
    )
    save_checked(session)
    _proposed(timetable)
    audit.record(actor, "timetable.placed", timetable, session=session.pk)
    return session


def _proposed(timetable: Timetable) -> None:
    timetable.state = TimetableState.PROPOSED
    timetable.save(update_fields=["state"])
    touch(timetable)


def _refuse_foreign(
    timetable: Timetable, need: ServiceNeed, candidate: Candidate, day: int
) -> None:
    if need.timetable_id != timetable.pk or candidate.timetable_id != timetable.pk:
        raise Refusal("Ce service ou cet espace n’est pas de cette grille.")
    if day >= timetable.days:
        raise Refusal("Ce jour n’est pas dans la grille.", field="day")


@transaction.atomic
def move(session: Session, candidate: Candidate, day: int, start: int, *, actor: Actor) -> None:
    """Elsewhere or at another hour; it is pinned there. Conflicts are shown, not refused."""
    timetable = begin_change(session.timetable, actor)
    _refuse_foreign(timetable, session.need, candidate, day)
    session.candidate, session.day, session.start = candidate, day, start
    session.is_pinned, session.source = True, Source.HAND
    save_checked(session)
    touch(timetable)
    audit.record(actor, "timetable.moved", timetable, session=session.pk)


@transaction.atomic
def pin(sessions: Sequence[Session], *, pinned: bool, actor: Actor) -> None:
    """What is pinned stays where it is, whatever is computed."""
    if not sessions:
        return
    timetable = begin_change(sessions[0].timetable, actor)
    rows = timetable.sessions.filter(pk__in=[one.pk for one in sessions])
    rows.update(is_pinned=pinned)
    touch(timetable)
    audit.record(actor, "timetable.pinned" if pinned else "timetable.unpinned", timetable)


@transaction.atomic
def remove(session: Session, *, actor: Actor) -> None:
    """No longer held; computing again may hold it elsewhere."""
    timetable = begin_change(session.timetable, actor)
    session.delete()
    touch(timetable)
    audit.record(actor, "timetable.sitting_removed", timetable)
