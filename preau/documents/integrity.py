"""Is the journal as it was written? For the nightly task and `manage.py verify_journal`."""

from __future__ import annotations

from preau.documents import anchors, journal


def faults() -> list[str]:
    """One sentence for each chain that is broken, with the line, and for each false anchor."""
    found = []
    for chain in journal.chains():
        seq = journal.verify(chain)
        if seq is not None:
            found.append(f"{chain} is broken at line {seq}.")
    return found + anchors.faults()
