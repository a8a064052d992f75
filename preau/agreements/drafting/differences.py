"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from preau.agreements.models import Clause

ADDED, REMOVED, CHANGED = "ajoutée", "retirée", "modifiée"
# With the spaces that follow: alone, they would match everywhere and mince the reading.
_WORDS = re.compile(r"\s*\S+\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: kept, put in or taken out."""

    kind: str  # "kept", "added", "removed"
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One clause that is not the same in both."""

    key: str
    title: str
    kind: str
    pieces: list[Piece]


def words(old: str, new: str) -> list[Piece]:
    """The old text and the new one in one reading."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for verb, start, end, first, last in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if verb == "equal":
            pieces.append(Piece("kept", "".join(before[start:end])))
            continue
        if start != end:
            pieces.append(Piece("removed", "".join(before[start:end])))
        if first != last:
            pieces.append(Piece("added", "".join(after[first:last])))
    return pieces


def _whole(clause: Clause) -> str:
    """Everything of a clause that binds, as one text."""
    lines = [clause.title, clause.text]
    if clause.legal_basis:
        lines.append(f"Fondement : {clause.legal_basis}")
    if clause.condition:
        lines.append(f"Quand : {clause.get_condition_display()}")
    return "\n\n".join(lines)


def between(old: Iterable[Clause], new: Iterable[Clause]) -> list[Difference]:
    """The clauses added, removed and changed, in the new order. Unwritten ones count as removed."""
    before = {one.key: one for one in old if not one.is_removed}
    after = {one.key: one for one in new if not one.is_removed}
    found = []
    for key, one in after.items():
        if key not in before:
            found.append(Difference(key, one.title, ADDED, [Piece("added", _whole(one))]))
        elif _whole(before[key]) != _whole(one):
            pieces = words(_whole(before[key]), _whole(one))
            found.append(Difference(key, one.title, CHANGED, pieces))
    for key, one in before.items():
        if key not in after:
            found.append(Difference(key, one.title, REMOVED, [Piece("removed", _whole(one))]))
    return found
