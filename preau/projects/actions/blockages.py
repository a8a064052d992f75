"""What holds a project back: said, taken in hand, lifted, or back again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects import perms
from preau.projects.actions.states import lock_open
from preau.projects.enums import (
    BLOCKAGE_TRANSITIONS,
    LIVE,
    STILL_BLOCKING,
    BlockageState,
    EventKind,
    ProjectState,
    Severity,
)
from preau.projects.events import blockage_opened
from preau.projects.history import note
from preau.projects.models import Blockage, Project, ProjectEvent
from preau.projects.needs import PlaceNeed
from preau.projects.telling import help as telling_help
from preau.resources.enums import BlockageKind

_B = BlockageState


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of a blockage."""

    kind: BlockageKind
    title: str
    severity: Severity = Severity.SERIOUS
    description: str = ""
    need: PlaceNeed | None = None


@transaction.atomic
def open_(project: Project, told: Told, *, actor: Actor) -> Blockage:
    """Say what holds a project back; its services are told at once.

    Raises:
        Forbidden: an observer, or a stranger.
        Refusal: nobody follows it ("not_live"), or the same is said already ("twice").
    """
    perms.require(actor, "project.contribute", project)
    project = lock_open(project)
    _require_live(project)
    title = _title(told)
    same = project.blockages.filter(
        kind=told.kind, title__iexact=title, state__in=STILL_BLOCKING
    ).first()
    if same is not None:
        raise Refusal(
            f"Ce blocage est déjà signalé (« {same.title} ») : complétez-le plutôt.",
            field="title",
            code="twice",
        )
    blockage = Blockage.objects.create(
        project=project,
        kind=told.kind,
        severity=told.severity,
        title=title,
        description=told.description.strip(),
        need=told.need.to_json() if told.need else {},
        declared_by=actor.user,
    )
    _note(blockage, actor, ("", _B.OPEN))
    blockage_opened.send(Blockage, blockage=blockage, actor=actor)
    return blockage


@transaction.atomic
def edit(blockage: Blockage, told: Told, *, actor: Actor) -> Blockage:
    """Say it better. Only what changed is written in the history.

    Raises:
        Refusal: it is over ("over").
    """
    perms.require(actor, "project.contribute", blockage.project)
    blockage = _locked(blockage)
    if blockage.state not in STILL_BLOCKING:
        raise Refusal("Ce blocage est terminé : rouvrez-le si le problème est revenu.", code="over")
    need = told.need.to_json() if told.need else {}
    changes = {
        "kind": told.kind,
        "severity": told.severity,
        "title": _title(told),
        "description": told.description.strip(),
        "need": need,
    }
    changed = [name for name, value in changes.items() if getattr(blockage, name) != value]
    if not changed:
        return blockage
    before = _words(blockage)
    for name in changed:
        setattr(blockage, name, changes[name])
    blockage.save(update_fields=changed)
    _note(blockage, actor, (before, _words(blockage)))
    return blockage


def take(blockage: Blockage, *, actor: Actor) -> Blockage:
    """Somebody of the State's services looks after it: everyone sees who."""
    return _move(blockage, _B.TAKEN, "", actor=actor, action="project.advise")


def release(blockage: Blockage, *, reason: str = "", actor: Actor) -> Blockage:
    """Give it back to whoever can."""
    return _move(blockage, _B.OPEN, reason, actor=actor, action="project.advise")


def lift(blockage: Blockage, *, reason: str, actor: Actor) -> Blockage:
    return _move(blockage, _B.LIFTED, reason, actor=actor)


def bypass(blockage: Blockage, *, reason: str, actor: Actor) -> Blockage:
    """It stands, but the project found another way."""
    return _move(blockage, _B.BYPASSED, reason, actor=actor)


def abandon(blockage: Blockage, *, reason: str, actor: Actor) -> Blockage:
    """What it held back is given up, or it was said by mistake."""
    return _move(blockage, _B.ABANDONED, reason, actor=actor)


def reopen(blockage: Blockage, *, reason: str, actor: Actor) -> Blockage:
    """It is back. Advice is awaited anew."""
    return _move(blockage, _B.OPEN, reason, actor=actor)


@transaction.atomic
def end_with(project: Project, *, actor: Actor) -> None:
    """What still stands when its project ends is over with it: the end is told, not each of them.

    The project is locked by whoever ends it.
    """
    state = ProjectState(project.state).label.lower()
    for one in Blockage.objects.filter(project=project, state__in=STILL_BLOCKING).order_by("pk"):
        before, one.project = one.state, project
        one.state, one.ended_at = _B.ABANDONED, clock.now()
        one.end_reason = f"Terminé avec le projet, {state}."
        one.save(update_fields=["state", "ended_at", "end_reason"])
        _note(one, actor, (before, _B.ABANDONED), one.end_reason)


@transaction.atomic
def _move(
    blockage: Blockage,
    to: BlockageState,
    reason: str,
    *,
    actor: Actor,
    action: str = "project.contribute",
) -> Blockage:
    perms.require(actor, action, blockage.project)
    blockage = _locked(blockage)
    before, reason = BlockageState(blockage.state), reason.strip()
    if before == to == _B.TAKEN and blockage.taken_by_id == actor.user_id:
        return blockage  # pressed twice
    _check(before, to, reason)
    over, now = to not in STILL_BLOCKING, clock.now()
    back = to == _B.OPEN and before not in STILL_BLOCKING
    if back:
        _require_live(blockage.project)
        blockage.advised_at = blockage.pair_told_at = None
        blockage.opened_at = now
    if to == _B.TAKEN:
        blockage.taken_by, blockage.taken_at = actor.user, now
    elif to == _B.OPEN:
        blockage.taken_by = blockage.taken_at = None
    blockage.state = to
    blockage.ended_at = now if over else None
    blockage.end_reason = reason if over else ""
    blockage.save()
    event = _note(blockage, actor, (before, to), reason)
    if back:
        blockage_opened.send(Blockage, blockage=blockage, actor=actor)
    else:
        telling_help.tell_moved(blockage, event.pk, actor=actor)
    return blockage


def _check(before: BlockageState, to: BlockageState, reason: str) -> None:
    if to not in BLOCKAGE_TRANSITIONS[before]:
        raise Refusal(
            f"Quelqu’un vient de changer ce blocage : il est « {before.label} ». Relisez-le avant"
            " d’agir.",
            code="transition",
        )
    if not reason and (to not in STILL_BLOCKING or before not in STILL_BLOCKING):
        sentence = (
            "Dites en une phrase ce qui a mis fin au blocage."
            if to not in STILL_BLOCKING
            else "Dites en une phrase pourquoi il revient."
        )
        raise Refusal(sentence, field="reason", code="reason")


def _locked(blockage: Blockage) -> Blockage:
    """The blockage as it is now, its project held for this transaction."""
    project = lock_open(blockage.project)
    fresh = Blockage.objects.get(pk=blockage.pk)
    fresh.project = project
    return fresh


def _require_live(project: Project) -> None:
    if project.state not in LIVE:
        raise Refusal(
            "Ce projet est un brouillon : déposez-le d’abord, puis dites ce qui le bloque.",
            code="not_live",
        )


def _title(told: Told) -> str:
    title = told.title.strip()
    if not title:
        raise Refusal("Dites en une phrase ce qui bloque.", field="title", code="title")
    return title


def _words(blockage: Blockage) -> str:
    """What an edit may change, for the history."""
    kind, severity = BlockageKind(blockage.kind).label, Severity(blockage.severity).label
    return f"{kind}, {severity.lower()} : {blockage.title}"


def _note(
    blockage: Blockage, actor: Actor, change: tuple[str, str], reason: str = ""
) -> ProjectEvent:
    return note(
        blockage.project,
        EventKind.BLOCKAGE,
        actor=actor,
        subject=blockage,
        change=change,
        reason=reason,
    )
