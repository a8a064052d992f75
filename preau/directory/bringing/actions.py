"""A list of places, from what somebody sends to what became of each line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.audiences import DECIDERS
from preau.accounts.steering import may_steer
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import count
from preau.core.tables import columns as tables
from preau.core.tables import reading
from preau.core.tables.cells import words
from preau.directory.bringing import running
from preau.directory.bringing.enums import (
    MAY_CHECK,
    MAY_RUN,
    MAY_UNDO,
    WORKING,
    WRITTEN,
    BatchState,
    LineState,
)
from preau.directory.formats.any_table import BY_KEY, COLUMNS, DAY_KEYS
from preau.directory.formats.files import TABLE, open_file
from preau.directory.models import ListColumn, SheetBatch, SheetLine
from preau.notifications import topics
from preau.notifications.actions import notify
from preau.notifications.topics import Topic

S = BatchState
MOST_BYTES = 40 * reading.MEGABYTE
MOST_LINES = 60_000
#: At once, while the person waits; beyond, a worker does it and the page follows.
FEW = 100
#: Nothing said for so long, when a part takes seconds: the worker is dead.
SILENCE = timedelta(minutes=10)
INTERRUPTED = "Le travail s’est interrompu. Relancez-le : il reprend où il en était."
LONG_WORK = topics.register(
    Topic(
        "directory.long_work",
        "Listes de lieux",
        "La reprise d’une liste que vous avez lancée est finie.",
    ),
    order=84,
)


def may_bring(actor: Actor) -> bool:
    """The operator; whoever decides for a verified public organisation."""
    if actor.is_operator:
        return True
    return may_steer(actor) and actor.membership is not None and actor.membership.role in DECIDERS


def require(actor: Actor, batch: SheetBatch | None = None) -> None:
    """
    Raises:
        Forbidden: neither, or somebody else's file.
    """
    theirs = batch is None or (
        batch.organization_id == actor.organization_id
        if batch.organization_id is not None
        else batch.made_by_id == actor.user_id
    )
    if not may_bring(actor) or not (theirs or actor.is_operator):
        raise Forbidden(
            "La reprise d’une liste de lieux est ouverte à l’opérateur et aux gestionnaires des"
            " organisations publiques vérifiées. Agissez-vous au nom de la vôtre ?"
        )


@transaction.atomic
def read_file(
    content: bytes,
    name: str,
    *,
    actor: Actor,
    source: str,
    licence: str,
    defaults: Mapping[str, Any],
    sheet: str = "",
) -> SheetBatch:
    """Keep every line of what somebody sent. Nothing is brought in.

    Args:
        source: the list's name, the same each time it is sent.

    Raises:
        Refusal: the file as a whole cannot be read.
    """
    require(actor)
    sent = open_file(content, most_bytes=MOST_BYTES, most_rows=MOST_LINES, sheet=sheet)
    list_name = list_name_of(source, actor)
    mapping = (
        tables.guess(sent.headings, COLUMNS, remembered(list_name))
        if sent.format == TABLE
        else list(sent.headings)
    )
    batch = SheetBatch.objects.create(
        made_by=actor.person,
        organization=actor.organization,
        file_name=name[:200],
        format=sent.format,
        source=list_name,
        licence=licence,
        headings=sent.headings,
        mapping=mapping,
        defaults=dict(defaults),
        told=sent.told,
        total=len(sent.rows),
    )
    SheetLine.objects.bulk_create(
        (SheetLine(batch=batch, number=number, cells=cells) for number, cells in sent.rows),
        batch_size=2000,
    )
    audit.record(actor, "sheet_batch.read", batch, lines=len(sent.rows))
    return batch


def list_name_of(text: str, actor: Actor) -> str:
    """« France services » → « france-services ». The lists of an organisation are its own: nobody
    else's file changes what they brought."""
    name = re.sub(r"[^a-z0-9]+", "-", words(text)).strip("-")[:40]
    if not name:
        raise Refusal("Donnez un nom à cette liste.", field="source")
    return name if actor.is_operator else f"{name}@{actor.organization_id}"[:60]


def remembered(source: str) -> dict[str, str]:
    return dict(ListColumn.objects.filter(source=source).values_list("heading", "key"))


@transaction.atomic
def match(batch: SheetBatch, mapping: Sequence[str], *, actor: Actor, doubles: str) -> None:
    """Say which column is which, and remember it for this list's next file.

    Raises:
        Refusal: a needed column is missing, or one is there twice; or it is too late.
    """
    require(actor, batch)
    batch = _locked(batch)
    _refuse_state(batch, MAY_CHECK)
    batch.doubles = doubles
    if batch.format == TABLE:
        _refuse_mapping(batch, mapping)
        batch.mapping = list(mapping)
        said = {
            words(heading)[:200]: key for heading, key in zip(batch.headings, mapping, strict=True)
        }
        _remember(batch.source, {heading: key for heading, key in said.items() if heading})
    batch.state = S.READ
    batch.save(update_fields=["mapping", "state", "doubles"])


def _refuse_mapping(batch: SheetBatch, mapping: Sequence[str]) -> None:
    if len(mapping) != len(batch.headings) or any(key and key not in BY_KEY for key in mapping):
        raise Refusal("Ces colonnes ne sont pas celles de ce fichier : rechargez la page.")
    tables.refuse_missing(mapping, COLUMNS, field="")
    if "code" not in mapping and not {"commune", "postcode"} <= set(mapping):
        raise Refusal(
            "Dites où sont les lieux : une colonne « code INSEE », ou « commune » et « code"
            " postal »."
        )
    if "hours" in mapping and set(DAY_KEYS) & set(mapping):
        raise Refusal("Les horaires sont dits deux fois : par semaine, et jour par jour.")


def _remember(source: str, said: Mapping[str, str]) -> None:
    ListColumn.objects.bulk_create(
        [ListColumn(source=source, heading=heading, key=key) for heading, key in said.items()],
        update_conflicts=True,
        unique_fields=["source", "heading"],
        update_fields=["key"],
    )


# --- Long work: begun by a page, done by a worker


def begin_check(batch: SheetBatch, *, actor: Actor) -> bool:
    return _begin(batch, MAY_CHECK, S.CHECKING, actor=actor)


def begin_run(batch: SheetBatch, *, actor: Actor, without_wrong: bool = False) -> bool:
    """
    Raises:
        Refusal: some lines are wrong, and nobody asked to do without them.
    """
    wrong = batch.lines.filter(state=LineState.REJECTED).count()
    if wrong and not (without_wrong or batch.without_wrong):
        raise Refusal(
            f"{count(wrong, 'ligne est à corriger', 'lignes sont à corriger')} : corrigez-les, ou"
            " demandez à reprendre les autres sans elles.",
            code="wrong_lines",
        )
    begun = _begin(batch, MAY_RUN, S.RUNNING, actor=actor)
    if begun and wrong:
        SheetBatch.objects.filter(pk=batch.pk).update(without_wrong=True)
    return begun


def begin_undo(batch: SheetBatch, *, actor: Actor) -> bool:
    return _begin(batch, MAY_UNDO, S.UNDOING, actor=actor)


@transaction.atomic
def _begin(
    batch: SheetBatch, from_states: frozenset[BatchState], to: BatchState, *, actor: Actor
) -> bool:
    """Take it on, once: whether it is ours to do. Pressed twice, it is done once."""
    require(actor, batch)
    batch = _locked(batch)
    if batch.state == to:
        return False
    _refuse_state(batch, from_states)
    done = 0
    if to == S.RUNNING:
        done = batch.total - batch.lines.filter(state=LineState.TO_DO).count()
    elif to == S.UNDOING:
        done = batch.total - batch.lines.filter(state__in=WRITTEN).count()
    batch.state, batch.done, batch.stop_asked, batch.error = to, done, False, ""
    batch.told_at = None
    batch.save(update_fields=["state", "done", "stop_asked", "error", "told_at"])
    audit.record(actor, f"sheet_batch.{to.name.lower()}", batch)
    return True


def stop(batch: SheetBatch, *, actor: Actor) -> None:
    """Ask whoever is at it to stop after the part in hand."""
    require(actor, batch)
    SheetBatch.objects.filter(pk=batch.pk, state__in=WORKING).update(stop_asked=True)


def work(batch: SheetBatch, *, actor: Actor) -> None:
    """Do what was begun. Run twice, or again after a fall, it goes on from where it was."""
    does: dict[str, tuple[Callable[..., bool], BatchState, BatchState]] = {
        S.CHECKING: (running.check, S.CHECKED, S.READ),
        S.RUNNING: (running.run, S.DONE, S.STOPPED),
        S.UNDOING: (running.undo, S.UNDONE, S.STOPPED),
    }
    if batch.state not in does:
        return
    begun = SheetBatch.objects.filter(pk=batch.pk, state=batch.state)
    if not begun.update(told_at=clock.now()):  # given up meanwhile
        return
    verb, whole, stopped = does[batch.state]
    if batch.state == S.CHECKING:
        batch.done = 0
    ended = verb(batch, actor=actor)
    _end(batch, whole if ended else stopped, actor)


def work_at_once(batch: SheetBatch, *, actor: Actor) -> None:
    """The same while the person waits: what breaks it is raised, and can be taken again."""
    try:
        work(batch, actor=actor)
    except Exception:
        give_up(batch, INTERRUPTED)
        raise


@transaction.atomic
def _end(batch: SheetBatch, state: BatchState, actor: Actor) -> None:
    if _locked(batch).state != batch.state:  # given up meanwhile
        return
    batch.state, batch.ended_at, batch.stop_asked = state, clock.now(), False
    batch.save(update_fields=["state", "ended_at", "stop_asked"])
    audit.record(actor, f"sheet_batch.{state.name.lower()}", batch)
    found = outcome(batch)
    made, wrong = found.get(LineState.CREATED, 0), found.get(LineState.REJECTED, 0)
    notify(
        [batch.made_by],
        topic=LONG_WORK.key,
        title=f"{state.label} : {batch.file_name}"[:200],
        body=f"{count(made, 'fiche créée', 'fiches créées')}, "
        f"{count(wrong, 'ligne rejetée', 'lignes rejetées')}.",
        url=reverse("directory:bringing_look", args=[batch.pk]),
        cause=f"sheet_batch:{batch.pk}:{batch.ended_at:%Y%m%d%H%M%S%f}",
    )


def give_up(batch: SheetBatch, why: str) -> None:
    """Whoever began it may no more, or is dead: it can be taken again from where it was."""
    SheetBatch.objects.filter(pk=batch.pk, state=batch.state).update(
        state=S.STOPPED if batch.state != S.CHECKING else S.READ, error=why, stop_asked=False
    )


@transaction.atomic
def give_up_silent() -> int:
    """Lists whose worker, or whose request, died: how many."""
    silent = SheetBatch.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state__in=WORKING, told_at__lt=clock.now() - SILENCE
    )
    lost = list(silent)
    for batch in lost:
        give_up(batch, INTERRUPTED)
        audit.record(SYSTEM, "sheet_batch.lost", batch)
    return len(lost)


def _locked(batch: SheetBatch) -> SheetBatch:
    return SheetBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def _refuse_state(batch: SheetBatch, wanted: frozenset[BatchState]) -> None:
    if batch.state not in wanted:
        label = BatchState(batch.state).label
        raise Refusal(f"Cette reprise a changé entre-temps : « {label} ». Rechargez la page.")


def outcome(batch: SheetBatch) -> dict[str, int]:
    """How many lines of each state and of each kind foreseen."""
    found: dict[str, int] = {}
    for row in batch.lines.values("state", "expected").annotate(number=Count("*")).order_by():
        found[row["state"]] = found.get(row["state"], 0) + row["number"]
        if row["state"] == LineState.TO_DO and row["expected"]:
            key = f"expected_{row['expected']}"
            found[key] = found.get(key, 0) + row["number"]
    return found
