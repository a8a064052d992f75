"""Files of a project: documents of the vault, shown to its members or to the State's side."""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.documents import actions as documents
from preau.documents import queries as vault
from preau.documents.enums import DocumentKind
from preau.documents.models import Document
from preau.projects import perms, standing
from preau.projects.actions import states
from preau.projects.enums import EventKind, Visibility
from preau.projects.history import note
from preau.projects.models import Answer, Project, ProjectFile, StateService


@transaction.atomic
def add(
    project: Project,
    upload: File[bytes],
    *,
    title: str,
    visibility: str = Visibility.MEMBERS,
    answer: Answer | None = None,
    actor: Actor,
) -> ProjectFile:
    """Keep a file in the vault of the hat worn, and show it to the project.

    Raises:
        Forbidden: not theirs to write.
        Refusal: the vault does not take it ("file": too heavy, empty, neither PDF nor picture).
    """
    visibility = _required(project, Visibility(visibility), actor)
    title = title.strip()[:160] or _name_of(upload)
    document = documents.deposit(
        actor=actor,
        kind=DocumentKind.OTHER,
        title=title,
        upload=upload,
        **_owner(actor, visibility),
    )
    return _show(project, document, visibility, answer, actor)


@transaction.atomic
def take(
    project: Project,
    document: Document,
    *,
    visibility: str = Visibility.MEMBERS,
    answer: Answer | None = None,
    actor: Actor,
) -> ProjectFile:
    """Show a document already in one's vault; it is not copied.

    Raises:
        Forbidden: not theirs to write, or not in the vault of the hat worn.
        Refusal: it is in the project already ("twice").
    """
    visibility = _required(project, Visibility(visibility), actor)
    if not vault.vault_for(actor).filter(pk=document.pk).exists():
        raise Forbidden("Ce document n’est pas dans votre coffre.")
    return _show(project, document, visibility, answer, actor)


def _required(project: Project, visibility: Visibility, actor: Actor) -> Visibility:
    perms.require(actor, "project.contribute", project)
    if visibility == Visibility.STATE:
        perms.require(actor, "project.write_state_side", project)
    states.require_open(project)  # before anything is uploaded, then again under the lock
    return visibility


def _owner(actor: Actor, visibility: str) -> dict[str, Any]:
    """Whose vault. An internal file never goes to that of an organisation outside the State."""
    organization = actor.organization
    if organization is not None and visibility == Visibility.STATE:
        is_service = StateService.objects.filter(organization=organization, active=True).exists()
        organization = organization if is_service else None
    if organization is not None:
        return {"owner_organization": organization}
    return {"owner_user": actor.user}


def _name_of(upload: File[bytes]) -> str:
    """The file's own name, without its ending."""
    name = (upload.name or "Fichier").replace("\\", "/").rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[0].strip()[:160] or "Fichier"


def _show(
    project: Project,
    document: Document,
    visibility: Visibility,
    answer: Answer | None,
    actor: Actor,
) -> ProjectFile:
    states.lock_open(project)
    try:
        with transaction.atomic():
            made = ProjectFile.objects.create(
                project=project,
                document=document,
                visibility=visibility,
                answer=answer,
                added_by=actor.user,
            )
    except IntegrityError as error:
        raise Refusal(
            "Ce fichier est déjà dans le projet.", field="document", code="twice"
        ) from error
    documents.share(document, [standing.audience(project, visibility)], actor=actor)
    _note(made, actor, after="ajouté")
    return made


@transaction.atomic
def replace(file: ProjectFile, upload: File[bytes], *, actor: Actor) -> ProjectFile:
    """Put a newer version in its place: same name, same readers, still pinned. The former one
    stays in its owner's vault, shown to the project no more."""
    _may_change(file, actor)
    states.require_open(file.project)
    document = documents.deposit(
        actor=actor,
        kind=DocumentKind.OTHER,
        title=file.document.title,
        upload=upload,
        **_owner(actor, file.visibility),
    )
    file = _locked(file, actor)  # after the bytes are kept: nobody waits for an upload
    states.require_open(file.project)
    _hide(file, actor)
    newer = ProjectFile.objects.create(
        project=file.project,
        document=document,
        visibility=file.visibility,
        pinned=file.pinned,
        answer=file.answer,
        added_by=actor.user,
    )
    documents.share(document, [standing.audience(file.project, file.visibility)], actor=actor)
    _note(newer, actor, after="remplacé")
    return newer


@transaction.atomic
def pin(file: ProjectFile, *, pinned: bool, actor: Actor) -> ProjectFile:
    """Keep it at the top of the list; twice is once."""
    file = _locked(file, actor)
    states.require_open(file.project)
    if file.pinned != pinned:
        file.pinned = pinned
        file.save(update_fields=["pinned"])
        _note(file, actor, after="épinglé" if pinned else "désépinglé")
    return file


@transaction.atomic
def remove(file: ProjectFile, *, reason: str = "", actor: Actor) -> None:
    """Show it to the project no more; it stays in its owner's vault."""
    file = _locked(file, actor)
    _hide(file, actor)
    _note(file, actor, after="retiré", reason=reason.strip())


def read(file: ProjectFile, *, actor: Actor) -> bytes:
    """The bytes; reading another's leaves a line in its owner's journal.

    Raises:
        Forbidden: not shown to the actor.
        Refusal: its bytes are damaged.
    """
    if not may_read(file, actor):
        raise Forbidden("Ce fichier ne vous est pas ouvert.")
    return documents.read(file.document, actor=actor, why=f"projet {file.project.reference}")


def may_read(file: ProjectFile, actor: Actor) -> bool:
    """Whether it exists, for somebody who reads the project."""
    internal = file.visibility == Visibility.STATE
    return not internal or standing.sees_state_side(actor, file.project)


def _may_change(file: ProjectFile, actor: Actor) -> None:
    perms.require(actor, "project.contribute", file.project)
    if not may_read(file, actor):
        raise Forbidden("Ce fichier ne vous est pas ouvert.")


def _locked(file: ProjectFile, actor: Actor) -> ProjectFile:
    _may_change(file, actor)
    states.lock(file.project)
    found = ProjectFile.objects.select_related("document", "project", "answer")
    now = found.get(pk=file.pk)
    if now.removed_at is not None:
        raise Refusal("Ce fichier vient d’être retiré du projet.", code="removed")
    return now


def _hide(file: ProjectFile, actor: Actor) -> None:
    file.removed_at = clock.now()
    file.save(update_fields=["removed_at"])
    audience = standing.audience(file.project, file.visibility)
    documents.unshare(file.document, [audience], actor=actor)


def _note(file: ProjectFile, actor: Actor, *, after: str, reason: str = "") -> None:
    note(
        file.project,
        EventKind.FILE,
        actor=actor,
        subject=file,
        about=file.document.title,
        change=("", after),
        reason=reason,
        visibility=file.visibility,
    )
