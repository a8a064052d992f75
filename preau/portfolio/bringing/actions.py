"""A file of projects, from what somebody sends to what became of each line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import count
from preau.core.tables import columns as tables
from preau.core.tables import reading
from preau.core.tables.cells import words
from preau.notifications import topics
from preau.notifications.actions import notify
from preau.notifications.topics import Topic
from preau.portfolio.bringing import mec, running
from preau.portfolio.bringing.columns import BY_KEY, COLUMNS
from preau.portfolio.bringing.enums import (
    MAY_CHECK,
    MAY_RUN,
    MAY_UNDO,
    WORKING,
    BatchState,
    LineState,
)
from preau.portfolio.bringing.merging import system_of
from preau.portfolio.bringing.models import BatchLine, ColumnMemory, ProjectBatch
from preau.projects.standing import competence_of

S = BatchState
MOST_BYTES = 30 * reading.MEGABYTE
MOST_LINES = 50_000
#: At once, while the person waits; beyond, a worker does it and the page follows.
FEW = 200
LONG_WORK = topics.register(
    Topic(
        "portfolio.long_work", "Reprises de projets", "Une reprise que vous avez lancée est finie."
    ),
    order=82,
)


def may_bring(actor: Actor) -> bool:
    """The services that triage a territory, and the operator."""
    if actor.is_operator:
        return True
    service = competence_of(actor)
    return service is not None and service.decides


def require(actor: Actor, batch: ProjectBatch | None = None) -> None:
    """
    Raises:
        Forbidden: neither a service of the pair nor the operator; or another service's file.
    """
    theirs = batch is None or (
        batch.organization_id == actor.organization_id
        if batch.organization_id is not None
        else batch.made_by_id == actor.user_id
    )
    if not may_bring(actor) or not (theirs or actor.is_operator):
        raise Forbidden(
            "La reprise d’un portefeuille est ouverte aux DDT, aux préfectures et à l’opérateur."
            " Agissez-vous au nom de votre service ?"
        )


@transaction.atomic
def read_file(
    content: bytes, name: str, *, actor: Actor, default_state: str, sheet: str = ""
) -> ProjectBatch:
    """Keep every line of what somebody sent. Nothing is brought in.

    Raises:
        Refusal: the file as a whole cannot be read.
    """
    require(actor)
    if content[:64].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{"):
        reading.refuse_weight(content, MOST_BYTES)
        headings, rows, system = mec.HEADINGS, list(mec.read(content)), mec.SYSTEM
        mapping = list(headings)
    else:
        table = reading.read(content, most_bytes=MOST_BYTES, sheet=sheet)
        headings, rows = table.headings, [(one.number, one.cells) for one in _some(table)]
        system = system_of(actor.organization_id)
        mapping = tables.guess(headings, COLUMNS, remembered(actor))
    if not rows:
        raise Refusal("Ce fichier ne contient aucun projet sous ses titres.", field="file")
    if len(rows) > MOST_LINES:
        raise Refusal(f"Ce fichier contient plus de {MOST_LINES} lignes.", field="file")
    batch = ProjectBatch.objects.create(
        made_by=actor.person,
        organization=actor.organization,
        file_name=name[:200],
        system=system,
        headings=headings,
        mapping=mapping,
        default_state=default_state,
        total=len(rows),
    )
    BatchLine.objects.bulk_create(
        (BatchLine(batch=batch, number=number, cells=cells) for number, cells in rows),
        batch_size=2000,
    )
    audit.record(actor, "project_batch.read", batch, lines=len(rows))
    return batch


def _some(table: reading.Table) -> list[reading.Row]:
    rows = []
    for row in table.rows:
        rows.append(row)
        if len(rows) > MOST_LINES:
            break
    return rows


def remembered(actor: Actor) -> dict[str, str]:
    rows = ColumnMemory.objects.filter(user=actor.user_id)
    return dict(rows.values_list("heading", "key"))


@transaction.atomic
def match(batch: ProjectBatch, mapping: Sequence[str], *, actor: Actor) -> None:
    """Say which column is which, and remember it for this person's next file.

    Raises:
        Refusal: a needed column is missing, or one is there twice; or it is too late.
    """
    require(actor, batch)
    batch = _locked(batch)
    _refuse_state(batch, MAY_CHECK)
    if len(mapping) != len(batch.headings) or any(key and key not in BY_KEY for key in mapping):
        raise Refusal("Ces colonnes ne sont pas celles de ce fichier : rechargez la page.")
    tables.refuse_missing(mapping, COLUMNS, field="")
    if not {"communes", "epci"} & set(mapping):
        raise Refusal(
            "Dites où sont les projets : une colonne « communes » ou « intercommunalité »."
        )
    batch.mapping, batch.state = list(mapping), S.READ
    batch.save(update_fields=["mapping", "state"])
    if batch.system != mec.SYSTEM:
        said = {
            words(heading)[:200]: key for heading, key in zip(batch.headings, mapping, strict=True)
        }
        _remember(actor, {heading: key for heading, key in said.items() if heading})


def _remember(actor: Actor, said: Mapping[str, str]) -> None:
    ColumnMemory.objects.bulk_create(
        [
            ColumnMemory(user=actor.person, heading=heading, key=key)
            for heading, key in said.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "heading"],
        update_fields=["key"],
    )


# --- Long work: begun by a page, done by a worker


def begin_check(batch: ProjectBatch, *, actor: Actor) -> bool:
    return _begin(batch, MAY_CHECK, S.CHECKING, actor=actor)


def begin_run(batch: ProjectBatch, *, actor: Actor) -> bool:
    return _begin(batch, MAY_RUN, S.RUNNING, actor=actor)


def begin_undo(batch: ProjectBatch, *, actor: Actor) -> bool:
    return _begin(batch, MAY_UNDO, S.UNDOING, actor=actor)


@transaction.atomic
def _begin(
    batch: ProjectBatch, from_states: frozenset[BatchState], to: BatchState, *, actor: Actor
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
        done = batch.total - batch.lines.filter(state=LineState.CREATED).count()
    batch.state, batch.done, batch.stop_asked, batch.error = to, done, False, ""
    batch.save(update_fields=["state", "done", "stop_asked", "error"])
    audit.record(actor, f"project_batch.{to.name.lower()}", batch)
    return True


def stop(batch: ProjectBatch, *, actor: Actor) -> None:
    """Ask whoever is at it to stop after the part in hand."""
    require(actor, batch)
    ProjectBatch.objects.filter(pk=batch.pk, state__in=WORKING).update(stop_asked=True)


def work(batch: ProjectBatch, *, actor: Actor) -> None:
    """Do what was begun. Run twice, or again after a fall, it goes on from where it was."""
    does: dict[str, tuple[Callable[..., bool], BatchState, BatchState]] = {
        S.CHECKING: (running.check, S.CHECKED, S.READ),
        S.RUNNING: (running.run, S.DONE, S.STOPPED),
        S.UNDOING: (running.undo, S.UNDONE, S.STOPPED),
    }
    if batch.state not in does:
        return
    if actor.is_operator:  # works for every territory, without being of any service
        actor = replace(actor, is_system=True)
    verb, whole, stopped = does[batch.state]
    if batch.state == S.CHECKING:
        batch.done = 0
    ended = verb(batch, actor=actor)
    _end(batch, whole if ended else stopped, actor)


@transaction.atomic
def _end(batch: ProjectBatch, state: BatchState, actor: Actor) -> None:
    batch.state, batch.ended_at, batch.stop_asked = state, clock.now(), False
    batch.save(update_fields=["state", "ended_at", "stop_asked"])
    audit.record(actor, f"project_batch.{state.name.lower()}", batch)
    made = batch.lines.filter(state=LineState.CREATED).count()
    wrong = batch.lines.filter(state=LineState.REJECTED).count()
    notify(
        [batch.made_by],
        topic=LONG_WORK.key,
        title=f"{state.label} : {batch.file_name}"[:200],
        body=f"{count(made, 'projet créé', 'projets créés')}, "
        f"{count(wrong, 'ligne rejetée', 'lignes rejetées')}.",
        url=reverse("portfolio:bringing_look", args=[batch.pk]),
        cause=f"project_batch:{batch.pk}:{batch.ended_at:%Y%m%d%H%M%S%f}",
    )


def give_up(batch: ProjectBatch, why: str) -> None:
    """Whoever began it may no more."""
    ProjectBatch.objects.filter(pk=batch.pk).update(
        state=S.STOPPED if batch.state != S.CHECKING else S.READ, error=why, stop_asked=False
    )


def _locked(batch: ProjectBatch) -> ProjectBatch:
    return ProjectBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def _refuse_state(batch: ProjectBatch, wanted: frozenset[BatchState]) -> None:
    if batch.state not in wanted:
        label = BatchState(batch.state).label
        raise Refusal(f"Cette reprise a changé entre-temps : « {label} ». Rechargez la page.")


def outcome(batch: ProjectBatch) -> dict[str, int]:
    """How many lines of each state and of each kind foreseen."""
    found: dict[str, int] = {}
    for row in batch.lines.values("state", "expected").annotate(number=Count("*")).order_by():
        found[row["state"]] = found.get(row["state"], 0) + row["number"]
        if row["state"] == LineState.TO_DO and row["expected"]:
            found[row["expected"]] = found.get(row["expected"], 0) + row["number"]
    return found
