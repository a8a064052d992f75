"""Tried when a command starts (`manage.py check`, the worker): can the store do its work?"""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.core.files.storage import storages

from preau.documents.s3 import UNUSABLE, ObjectStorage


@register("storage")
def store_is_usable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nothing is asked of the network unless the store is in S3."""
    storage = storages["default"]
    if not isinstance(storage, ObjectStorage):
        return []
    try:
        found = storage.shortcomings()
    except UNUSABLE as error:
        return [Error(f"The bucket {storage.bucket} cannot be used: {error}", id="documents.E001")]
    return [
        Warning(f"Bucket {storage.bucket}: {sentence}", id="documents.W001") for sentence in found
    ]
