"""Bytes that nothing names any more leave the store. What names them is found in the models:
every foreign key to `StoredFile`, of any room, present or to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Exists, ForeignObjectRel, Model, OuterRef, Q, QuerySet

from preau.core import clock
from preau.documents import queries, store
from preau.documents.models import StoredFile

#: Whoever has just given bytes may be about to name them in another transaction.
GRACE = timedelta(hours=1)
#: No deposit takes that long: its bytes without a row were left behind.
LEFT_BEHIND = timedelta(days=1)


def collect() -> int:
    """Remove the files that nothing names and nothing locks; how many went."""
    return sum(_remove(pk) for pk in list(_orphans().values_list("pk", flat=True)))


def sweep() -> int:
    """Remove bytes that have no row: whoever gave them never finished. How many went."""
    return sum(
        _sweep(name)
        for name, since in default_storage.kept()  # type: ignore[attr-defined]
        if since < clock.now() - LEFT_BEHIND
    )


def _orphans() -> QuerySet[StoredFile]:
    old = StoredFile.objects.filter(given_at__lt=clock.now() - GRACE)
    unlocked = old.filter(Q(locked_until=None) | Q(locked_until__lt=queries.today()))
    return _unnamed(unlocked).order_by("pk")


def _unnamed(files: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    for model, column in references():
        files = files.exclude(Exists(model._base_manager.filter(**{column: OuterRef("pk")})))
    return files


def references() -> Iterator[tuple[type[Model], str]]:
    """Each foreign key to `StoredFile`, hidden relations included: its model and its column."""
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            yield relation.related_model, relation.field.attname


def _remove(pk: int) -> bool:
    """Remove one file, unless someone is depositing the same bytes or has just named it.

    The bytes go before the row is gone for others: a crash between the two leaves a row without
    bytes that nothing names, which the next deposit mends and the next collection removes.
    """
    with transaction.atomic():
        file = _orphans().filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
        if file is None or not _alone(file.sha256):
            return False
        if not _orphans().filter(pk=pk).exists():  # given or named while we took the lock
            return False
        file.delete()
        default_storage.delete(store.path_of(file.sha256))
    return True


def _sweep(name: str) -> bool:
    sha256 = name.rpartition("/")[2]
    with transaction.atomic():
        if not _alone(sha256) or StoredFile.objects.filter(sha256=sha256).exists():
            return False
        default_storage.delete(name)
    return True


def _alone(sha256: str) -> bool:
    """Whether no deposit of these bytes is under way; none begins before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [store.lock_key(sha256)]
        )
        return bool(cursor.fetchone()[0])
