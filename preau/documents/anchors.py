"""Trusted time on the heads of the journal: one manifest and one token a night, in the store.

The chain alone says that nobody changed one line; the token, that nobody wrote it all anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.documents import journal, store, timestamps
from preau.documents.models import JournalAnchor, JournalEntry

MANIFEST = "application/json"
STAMP = "application/timestamp-reply"


def anchor(chains: Iterable[str]) -> int:
    """Time-stamp the heads of these chains that moved since their last anchor; how many did.

    The authority is asked outside any transaction; nothing is written if it does not answer.

    Raises:
        TimestampUnavailable: the authority did not answer.
    """
    moved = _moved(chains)
    if not moved:
        return 0
    manifest = journal.canonical(
        {"at": clock.now().isoformat(), "heads": [[one.chain, one.seq, one.hash] for one in moved]}
    )
    digest = hashlib.sha256(manifest).digest()
    token = timestamps.stamp(digest)
    at = timestamps.check(token, digest)
    with transaction.atomic():
        manifest_file = store.put(manifest, MANIFEST, actor=SYSTEM)
        token_file = store.put(token, STAMP, actor=SYSTEM)
        JournalAnchor.objects.bulk_create(
            JournalAnchor(
                chain=one.chain,
                seq=one.seq,
                hash=one.hash,
                at=at,
                manifest=manifest_file,
                token=token_file,
            )
            for one in moved
        )
    return len(moved)


def faults() -> list[str]:
    """What is wrong with the anchors themselves: one sentence each, for the operator."""
    found: list[str] = []
    pairs = JournalAnchor.objects.order_by().values_list("manifest", "token").distinct()
    for manifest_id, token_id in pairs:
        rows = JournalAnchor.objects.filter(manifest_id=manifest_id, token_id=token_id)
        found += _faults_of(list(rows.select_related("manifest", "token")))
    return found


def _faults_of(rows: list[JournalAnchor]) -> list[str]:
    """The rows of one night against their manifest, and the manifest against its token."""
    night = rows[0]
    try:
        manifest = store.read(night.manifest)
        digest = hashlib.sha256(manifest).digest()
        # As of that night: the authority's certificate may have ended since.
        timestamps.check(store.read(night.token), digest, moment=night.at)
    except store.CorruptFile as error:
        return [str(error)]
    except ValueError as error:
        return [f"The token of {night.at.isoformat()} does not stamp its manifest: {error}"]
    heads = {(chain, seq, digest) for chain, seq, digest in json.loads(manifest)["heads"]}
    written = {(row.chain, row.seq, row.hash) for row in rows}
    return [f"Anchor {chain} {seq} is not the one stamped." for chain, seq, _ in heads ^ written]


def _moved(chains: Iterable[str]) -> list[JournalEntry]:
    """The heads of these chains that have no anchor yet."""
    anchored = JournalAnchor.objects.filter(
        chain=OuterRef("chain"), seq=OuterRef("seq"), hash=OuterRef("hash")
    )
    heads = (
        JournalEntry.objects.filter(chain__in=list(chains))
        .annotate(anchored=Exists(anchored))
        .order_by("chain", "-seq")
        .distinct("chain")
    )
    return [head for head in heads if not head.anchored]
