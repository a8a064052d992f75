"""The journal: append, verify, anchor. Whoever changes one line breaks the chain at that line.

`append` belongs in the transaction of what it tells, and last: it holds the chain until the end.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from preau.core import clock
from preau.documents.models import JournalAnchor, JournalEntry, JournalPrivate

#: What the first line of every chain follows.
ORIGIN = "0" * 64
READING = "document.read"
#: Access logs keep their names a year.
READINGS_KEPT = timedelta(days=365)
_ISO = "%Y-%m-%dT%H:%M:%S.%fZ"


def append(
    chain: str,
    kind: str,
    data: Mapping[str, Any],
    *,
    at: datetime | None = None,
    private: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """Add a line at the end of a chain ("agreement:12", "vault:organization:3").

    Args:
        data: ids, digests and states; whole numbers, texts, lists. No personal data: never erased.
        private: address, IP, names: kept beside, erasable; the chain holds their salted digest.
    """
    data = _plain(data)
    salt = secrets.token_hex(32)
    with transaction.atomic():
        _hold(chain)
        last = head(chain)
        entry = JournalEntry(
            chain=chain,
            seq=last.seq + 1 if last else 1,
            at=(at or clock.now()).astimezone(UTC),
            kind=kind,
            data=data,
            private_hash=_private_hash(salt, private) if private else "",
            prev=last.hash if last else ORIGIN,
        )
        entry.hash = digest_of(entry)
        entry.save(force_insert=True)
        if private:
            JournalPrivate.objects.create(entry=entry, salt=salt, data=_plain(private))
    return entry


def head(chain: str) -> JournalEntry | None:
    """The last line."""
    return JournalEntry.objects.filter(chain=chain).order_by("-seq").first()


def verify(chain: str) -> int | None:
    """The rank of the first line that is not as it was written, or is missing; None when whole.

    Lines cut from the end are seen by the last anchor, and so is a chain written anew. The anchors
    themselves are verified by `anchors.faults`.
    """
    anchored = dict(JournalAnchor.objects.filter(chain=chain).values_list("seq", "hash"))
    prev, seq = ORIGIN, 0
    entries = JournalEntry.objects.filter(chain=chain).select_related("private").order_by("seq")
    for entry in entries.iterator(chunk_size=500):
        seq += 1
        if entry.seq != seq:
            return seq
        if entry.prev != prev or entry.hash != digest_of(entry) or _private_changed(entry):
            return seq
        if anchored.pop(seq, entry.hash) != entry.hash:
            return seq
        prev = entry.hash
    return seq + 1 if anchored else None


def chains() -> list[str]:
    """Every chain that has, or had, a line."""
    written = JournalEntry.objects.values_list("chain", flat=True).distinct()
    return sorted({*written, *JournalAnchor.objects.values_list("chain", flat=True).distinct()})


def readings(chain: str, document_id: int) -> list[JournalEntry]:
    """Who read this document, the last first; those whose year is over have no name left."""
    entries = JournalEntry.objects.filter(
        chain=chain, kind=READING, data__document=document_id
    ).select_related("private")
    return list(entries.order_by("-seq")[:200])


def forget_readings() -> int:
    """Erase who read what once it is a year old; how many lines lost their name."""
    old = JournalPrivate.objects.filter(
        entry__kind=READING, entry__at__lt=clock.now() - READINGS_KEPT
    )
    return old.delete()[0]


@transaction.atomic
def forget(entry: JournalEntry) -> None:
    """Erase the personal part of a line; the chain stays whole."""
    JournalPrivate.objects.filter(entry=entry).delete()


def digest_of(entry: JournalEntry) -> str:
    """What the line's digest must be."""
    return hashlib.sha256(
        canonical(
            {
                "chain": entry.chain,
                "seq": entry.seq,
                "at": entry.at.astimezone(UTC).strftime(_ISO),
                "kind": entry.kind,
                "data": entry.data,
                "private": entry.private_hash,
                "prev": entry.prev,
            }
        )
    ).hexdigest()


def canonical(value: Any) -> bytes:
    """The one way to write this value as bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def anchor_all() -> int:
    """Time-stamp the heads that moved since their last anchor; how many did.

    Raises:
        TimestampUnavailable: the authority did not answer; the task tries again.
    """
    from preau.documents import anchors  # anchors reads the chains

    return anchors.anchor(chains())


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """As the database will give it back. A fraction has no single writing: refused."""

    def refuse(text: str) -> None:
        raise TypeError(f"The journal takes no fraction ({text}): write it as a text.")

    plain: dict[str, Any] = json.loads(canonical(dict(data)), parse_float=refuse)
    return plain


def _hold(chain: str) -> None:
    """One writer a chain, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"journal:{chain}"]
        )


def _private_hash(salt: str, data: Mapping[str, Any]) -> str:
    return hashlib.sha256(salt.encode() + canonical(_plain(data))).hexdigest()


def _private_changed(entry: JournalEntry) -> bool:
    """Whether the personal part is there and is not the one that was written."""
    private: JournalPrivate | None = getattr(entry, "private", None)
    return private is not None and _private_hash(private.salt, private.data) != entry.private_hash
