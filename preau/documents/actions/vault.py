"""Depositing, showing, reading and removing a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import day
from preau.documents import journal, queries, store, uploads
from preau.documents.enums import DocumentKind, Risk
from preau.documents.models import Document, DocumentReader, StoredFile


def deposit(  # noqa: PLR0913  a document has that many facts, each named by the caller
    *,
    actor: Actor,
    kind: str,
    title: str,
    upload: File[bytes] | None = None,
    content: bytes | None = None,
    media_type: str = "",
    owner_user: User | None = None,
    owner_organization: Organization | None = None,
    expires_on: date | None = None,
    facts: Mapping[str, Any] | None = None,
    locked_until: date | None = None,
) -> Document:
    """Keep a document in its owner's vault.

    Args:
        upload: what someone sends: checked, a picture is written anew.
        content: what we made ourselves, with its `media_type`.
        locked_until: signed documents and evidence only: nothing removes them before.

    Raises:
        Refusal: the file is not taken ("file"), or its facts are missing ("expires_on", "risks").
    """
    facts = dict(facts or {})
    if upload is not None:
        _refuse_facts(DocumentKind(kind), expires_on, facts)
        checked = uploads.check(upload)
        content, media_type = checked.content, checked.media_type
    if content is None:
        raise ValueError("A document needs an upload or a content.")
    with transaction.atomic():
        file = store.put(content, media_type, actor=actor, locked_until=locked_until)
        document = Document.objects.create(
            kind=DocumentKind(kind),
            title=title.strip()[:160] or DocumentKind(kind).label,
            file=file,
            owner_user=owner_user,
            owner_organization=owner_organization,
            expires_on=expires_on,
            facts=facts,
            uploaded_by=actor.user,
            locked_until=locked_until,
        )
        _tell(actor, "deposit", document, file)
    return document


@transaction.atomic
def share(document: Document, keys: Iterable[str], *, actor: Actor) -> None:
    """Show the document to more people: "user:5", "organization:3", "place:12".

    The room that owns the matter says to whom (a request sent shows its documents to the place).
    """
    wanted = set(keys)
    _alone_on(document)
    new = sorted(wanted - set(document.readers.values_list("key", flat=True)))
    if not new:
        return
    DocumentReader.objects.bulk_create(
        [DocumentReader(document=document, key=key) for key in new], ignore_conflicts=True
    )
    audit.record(actor, "document.share", document, keys=new)
    journal.append(chain_of(document), "document.share", {"document": document.pk, "keys": new})


@transaction.atomic
def unshare(document: Document, keys: Iterable[str], *, actor: Actor) -> None:
    """Show it no more to these: the matter for which they read it is over.

    Its owner's rights stay, and so does what the journal says of their readings.
    """
    _alone_on(document)
    rows = document.readers.filter(key__in=set(keys))
    gone = sorted(rows.values_list("key", flat=True))
    if not gone:
        return
    rows.delete()
    audit.record(actor, "document.unshare", document, keys=gone)
    journal.append(chain_of(document), "document.unshare", {"document": document.pk, "keys": gone})


def _alone_on(document: Document) -> None:
    """One says who reads it at a time: what one matter hides, another may be showing."""
    Document.objects.select_for_update(no_key=True).get(pk=document.pk)


@transaction.atomic
def withdraw(document: Document, *, actor: Actor) -> None:
    """Take the document out of the vault. Its bytes go later, once approved (`retention.py`).

    Raises:
        Refusal: it is signed, or is evidence: kept until its day.
    """
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.removed_at is not None:
        return
    if document.locked_until is not None and document.is_locked(queries.today()):
        raise Refusal(
            "Ce document fait preuve : il est conservé jusqu’au"
            f" {day(document.locked_until)} et ne peut pas être retiré avant.",
            code="locked",
        )
    document.removed_at = clock.now()
    document.save(update_fields=["removed_at"])
    _tell(actor, "withdraw", document)


def replace(
    document: Document,
    *,
    actor: Actor,
    upload: File[bytes],
    expires_on: date | None,
    facts: Mapping[str, Any] | None = None,
) -> Document:
    """Put a newer version in its place: shown to the same people, the former one removed.

    Raises:
        Refusal: as `deposit` and `withdraw`.
    """
    with transaction.atomic():
        newer = deposit(
            actor=actor,
            kind=document.kind,
            title=document.title,
            upload=upload,
            owner_user=document.owner_user,
            owner_organization=document.owner_organization,
            expires_on=expires_on,
            facts=facts,
        )
        share(newer, document.readers.values_list("key", flat=True), actor=actor)
        withdraw(document, actor=actor)
    return newer


def read(document: Document, *, actor: Actor, why: str = "") -> bytes:
    """The bytes. Reading another's document leaves a line in its owner's journal, first.

    Raises:
        Forbidden: it is not the actor's, nor shown to them, or was removed.
        CorruptFile: the bytes are not those that were deposited.
    """
    if not allowed(actor, "document.read", document):
        raise Forbidden("Ce document ne vous est pas ouvert.")
    if document.removed_at is not None and not actor.is_system:
        raise Forbidden("Ce document a été retiré par son propriétaire.")
    if not actor.is_system and not allowed(actor, "document.see", document):
        journal.append(
            chain_of(document),
            journal.READING,
            {"document": document.pk, "sha256": document.file.sha256},
            private={"user": actor.user_id, "organization": actor.organization_id, "why": why},
        )
    return store.read(document.file)


def chain_of(document: Document) -> str:
    """The chain that tells the life of the owner's documents."""
    if document.owner_organization_id is not None:
        return f"vault:organization:{document.owner_organization_id}"
    if document.owner_user_id is not None:
        return f"vault:user:{document.owner_user_id}"
    return "vault:platform"


def _tell(actor: Actor, verb: str, document: Document, file: StoredFile | None = None) -> None:
    audit.record(actor, f"document.{verb}", document)
    data = {"document": document.pk, "kind": str(document.kind)}
    if file is not None:
        data["sha256"] = file.sha256
    journal.append(chain_of(document), f"document.{verb}", data)


def _refuse_facts(kind: DocumentKind, expires_on: date | None, facts: Mapping[str, Any]) -> None:
    """What the kind needs, before the file is looked at."""
    if expires_on is not None and expires_on < queries.today():
        raise Refusal(
            f"Ce document n’est plus valable depuis le {day(expires_on)}. Déposez-en un en cours"
            " de validité.",
            field="expires_on",
            code="expired",
        )
    if kind != DocumentKind.INSURANCE:
        return
    if expires_on is None:
        raise Refusal(
            "Indiquez jusqu’à quand l’assurance est valable : la date est sur l’attestation.",
            field="expires_on",
            code="expiry_needed",
        )
    risks = facts.get("risks") or []
    if not risks or not set(risks) <= set(Risk.values):
        raise Refusal(
            "Cochez au moins un risque couvert : il est écrit sur l’attestation.",
            field="risks",
            code="risks_needed",
        )
