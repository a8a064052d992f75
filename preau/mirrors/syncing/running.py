"""A run, in the worker: each table in turn, its end written once, whatever happens."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from preau.core import clock
from preau.integrations.http import Unavailable
from preau.mirrors.enums import MirrorState, Problem, RunKind, RunState
from preau.mirrors.models import Mirror, MirroredTable, MirrorRun
from preau.mirrors.perms import keeper_of
from preau.mirrors.servers import Link, linked
from preau.mirrors.syncing import leaving, rereading, schema, sending
from preau.mirrors.syncing.progress import Overtaken, Progress, Stopped
from preau.mirrors.syncing.work import TableWork
from preau.mirrors.topics import MIRRORS
from preau.mirrors.troubles import MET, Trouble, told
from preau.notifications.actions import notify

#: Failures in a row after which a run is given up: the clock begins another.
MOST_ATTEMPTS = 6
FIRST_PAUSE, LONGEST_PAUSE = 30, 900
#: A run that lasted longer than somebody waits: they are told when it ends.
LONG = timedelta(minutes=1)
_GIVEN_UP = "Grist n’a pas répondu, ou pas comme prévu, à plusieurs reprises."


def work(run_id: int) -> None:
    """Do what was asked, from where it stopped. Nothing to do when another worker has it."""
    progress = Progress.take(run_id)
    if progress is None:
        return
    run, mirror = progress.run, progress.run.mirror
    try:
        with linked(mirror) as link:
            try:
                if run.kind == RunKind.CLOSE:
                    _close(mirror, link, progress)
                else:
                    _go_through(mirror, link, progress)
            finally:
                _count_calls(run, link)
    except Stopped:
        progress.end(RunState.STOPPED)
    except Overtaken:
        return
    except MET as error:
        _failed(progress, error)
    except Exception:
        progress.end(RunState.FAILED, "La synchronisation s’est interrompue. Relancez-la.")
        raise
    else:
        _done(progress)


def _go_through(mirror: Mirror, link: Link, progress: Progress) -> None:
    works = [TableWork.of(table, link) for table in _tables(mirror)]
    run = progress.run
    if not run.expected:
        run.expected = sum(_expected(one, run) for one in works)
        progress.ours.update(expected=run.expected)
    reads_again = run.kind == RunKind.CHECK
    for one in works:
        one.table.mirror = mirror
        schema.ensure(one, check=reads_again)
        progress.beat()
        leaving.leave(one, progress)
        if (one.table.hook_problem and run.kind == RunKind.WHOLE) or reads_again:
            rereading.check(one, progress)
        elif one.groups:
            progress.beat(applied=rereading.follow_hints(one))
        since = one.table.synced_until if run.kind == RunKind.RECENT else None
        sending.send(one, progress, since=since)


def _tables(mirror: Mirror) -> list[MirroredTable]:
    return list(MirroredTable.objects.filter(mirror=mirror).select_related("mirror__organization"))


def _expected(one: TableWork, run: MirrorRun) -> int:
    if run.kind == RunKind.RECENT and one.table.synced_until is not None:
        return one.recent(one.table.synced_until - sending.OVERLAP).count()
    return one.subjects().count()


def _close(mirror: Mirror, link: Link, progress: Progress) -> None:
    for table in _tables(mirror):
        one = TableWork.of(table, link)
        schema.unhook(one)
        while mirror.closing_removes and table.remote:
            rows = list(table.rows.order_by("pk")[:100])
            if not rows:
                break
            leaving.take_out(one, rows)
            progress.beat(removed=len(rows))


def _count_calls(run: MirrorRun, link: Link) -> None:
    run.refresh_from_db(fields=["calls"])
    MirrorRun.objects.filter(pk=run.pk).update(calls=run.calls + link.calls)


# --- Its end


def _done(progress: Progress) -> None:
    from preau.mirrors.actions.closing import forget

    with transaction.atomic():
        if not progress.end(RunState.DONE):
            return
        mirror = Mirror.objects.select_for_update().get(pk=progress.run.mirror_id)
        clear_problem(mirror)
        if progress.run.kind == RunKind.CLOSE:
            forget(mirror)
        _tell_end(mirror, progress.run)


def clear_problem(mirror: Mirror) -> None:
    if mirror.problem:
        mirror.problem, mirror.problem_text, mirror.problem_at = Problem.NONE, "", None
        mirror.save(update_fields=["problem", "problem_text", "problem_at"])


def _failed(progress: Progress, error: Exception) -> None:
    from preau.mirrors.tasks import sync

    trouble, run = told(error), progress.run
    with transaction.atomic():
        run.refresh_from_db(fields=["attempts"])
        if not trouble.problem and run.attempts < MOST_ATTEMPTS:
            pause = min(FIRST_PAUSE * 2 ** (run.attempts - 1), LONGEST_PAUSE)
            if isinstance(error, Unavailable) and error.retry_after is not None:
                pause = max(pause, min(int(error.retry_after) + 1, LONGEST_PAUSE))
            if progress.wait(trouble.text):
                sync.configure(schedule_in={"seconds": pause}).defer(run_id=run.pk)
            return
        text = trouble.text if trouble.problem else f"{_GIVEN_UP} {trouble.text}"
        if progress.end(RunState.FAILED, text):
            _note_problem(run, trouble)


def _note_problem(run: MirrorRun, trouble: Trouble) -> None:
    mirror = Mirror.objects.select_for_update().get(pk=run.mirror_id)
    was = mirror.problem
    if trouble.problem:
        mirror.problem, mirror.problem_text = trouble.problem, trouble.text[:600]
        mirror.problem_at = clock.now()
        mirror.save(update_fields=["problem", "problem_text", "problem_at"])
    if (not trouble.problem and run.asked_by is None) or was == trouble.problem != "":
        return  # the clock tries again; or they know already
    _tell(mirror, run, f"Le miroir « {mirror} » attend que vous interveniez", trouble.text)


def _tell_end(mirror: Mirror, run: MirrorRun) -> None:
    began = run.started_at or run.asked_at
    if run.asked_by is None or clock.now() - began < LONG:
        return
    run.refresh_from_db(fields=["sent", "removed"])
    body = f"{run.sent} lignes envoyées, {run.removed} retirées."
    _tell(mirror, run, f"Synchronisation terminée : « {mirror} »", body)


def _tell(mirror: Mirror, run: MirrorRun, title: str, body: str) -> None:
    keeper = keeper_of(mirror)
    people = {one.pk: one for one in (run.asked_by, keeper and keeper.user) if one}
    if mirror.state != MirrorState.CLOSED or run.asked_by is not None:
        notify(
            people.values(),
            topic=MIRRORS.key,
            title=title,
            cause=f"mirror-run:{run.pk}",
            body=body,
            url=reverse("mirrors:mirror", args=[mirror.key]),
        )
