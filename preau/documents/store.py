"""The store: write once, name by content, check at every reading."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from preau.accounts.actors import Actor
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
) -> StoredFile:
    """Keep these bytes. The same bytes are kept once, under the row that named them first."""
    sha256 = hashlib.sha256(content).hexdigest()
    name = path_of(sha256)
    if not _holds(name, sha256):
        default_storage.delete(name)
        default_storage.save(name, ContentFile(content))
    file, _ = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={
            "size": len(content),
            "media_type": media_type,
            "width": width,
            "height": height,
            "created_by": actor.user,
        },
    )
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


def _holds(name: str, sha256: str) -> bool:
    """Whether the right bytes are already there (a damaged copy is written again)."""
    if not default_storage.exists(name):
        return False
    with default_storage.open(name, "rb") as source:
        return hashlib.sha256(source.read()).hexdigest() == sha256
