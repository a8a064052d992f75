"""The store: write once, name by content, check at every reading."""

from __future__ import annotations

import hashlib
from datetime import date

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import DateField, Value
from django.db.models.functions import Greatest

from preau.accounts.actors import Actor
from preau.core import clock
from preau.documents.models import StoredFile


class CorruptFile(Exception):
    """The bytes kept are not those that were given: a fault of the disk, or a hand on it."""


def path_of(sha256: str) -> str:
    """Two levels of folders: no folder grows past what a file system likes."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(
    content: bytes,
    media_type: str,
    *,
    actor: Actor,
    width: int | None = None,
    height: int | None = None,
    locked_until: date | None = None,
) -> StoredFile:
    """Keep these bytes. The same bytes are kept once, under the row that named them first.

    Args:
        locked_until: nothing removes the bytes until that day included, here nor in the storage
            where it can lock. Never shortened.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    name = path_of(sha256)
    with transaction.atomic():
        _share(sha256)
        if not _holds(name, sha256):
            default_storage.delete(name)
            default_storage.save(name, ContentFile(content))
        file, created = StoredFile.objects.get_or_create(
            sha256=sha256,
            defaults={
                "size": len(content),
                "media_type": media_type,
                "width": width,
                "height": height,
                "created_by": actor.user,
                "locked_until": locked_until,
            },
        )
        if not created:
            _given_again(file, locked_until)
        if locked_until is not None:
            lock = getattr(default_storage, "lock", None)
            if lock is not None:
                lock(name, locked_until)
    return file


def read(file: StoredFile) -> bytes:
    """The bytes of a file, after checking that they are still the ones that were given.

    Raises:
        CorruptFile: they are not, or are gone.
    """
    try:
        with default_storage.open(path_of(file.sha256), "rb") as source:
            content: bytes = source.read()
    except FileNotFoundError as error:
        raise CorruptFile(f"File {file.sha256} is missing from the store.") from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise CorruptFile(f"File {file.sha256} does not match its name.")
    return content


def _share(sha256: str) -> None:
    """Keep the garbage collection (which wants this lock for itself alone) off these bytes until
    the row that will name them is written. Those who deposit do not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [lock_key(sha256)]
        )


def lock_key(sha256: str) -> str:
    return f"stored-file:{sha256}"


def _given_again(file: StoredFile, locked_until: date | None) -> None:
    """The bytes are wanted anew: for a while, even if nothing names them yet."""
    file.given_at = clock.now()
    if locked_until is not None:
        file.locked_until = max(locked_until, file.locked_until or locked_until)
    # A later lock written meanwhile stays: Greatest ignores the empty and keeps the longest.
    StoredFile.objects.filter(pk=file.pk).update(
        given_at=file.given_at,
        locked_until=Greatest("locked_until", Value(locked_until, output_field=DateField())),
    )


def _holds(name: str, sha256: str) -> bool:
    """Whether the right bytes are already there (a damaged copy is written again)."""
    if not default_storage.exists(name):
        return False
    with default_storage.open(name, "rb") as source:
        return hashlib.sha256(source.read()).hexdigest() == sha256
