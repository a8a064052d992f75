"""How a place name is compared with what somebody typed. Pure text, no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: Abbreviations written out.
SPELLINGS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
#: First words that thousands of names share: they tell nothing, typing errors are sought after.
COMMON_STARTS = frozenset({"saint", "sainte", "saints", "saintes", "le", "la", "les", "l"})
STEM_LENGTH = 7
SHORTEST_WITH_TYPO = 4
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss"})
_SLASH = re.compile(r"\b(s|ss)\s*/\s*")
_WORD = re.compile(r"[a-z0-9]+")


def search_key(text: str) -> str:
    """Lower case, no accent, single spaces, `St` written out: `St-Égrève` → `saint egreve`."""
    lowered = text.lower().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not _is_mark(c))
    plain = _SLASH.sub(lambda match: " sur " if match[1] == "s" else " sous ", plain)
    return " ".join(SPELLINGS.get(word, word) for word in _WORD.findall(plain))


def typed_key(text: str) -> str:
    """`search_key` of something typed, a mistyped "saint" at its start put right."""
    words = search_key(text).split()
    if len(words) > 1 and words[0] not in COMMON_STARTS and len(words[0]) >= 4:
        for right in ("saint", "sainte"):
            if within_one_edit(words[0], right):
                words[0] = right
                break
    return " ".join(words)


def stem(key: str) -> str:
    """The key without first words that say nothing: `saint martin d heres` → `martin d heres`."""
    words = key.split()
    while len(words) > 1 and words[0] in COMMON_STARTS:
        words.pop(0)
    return " ".join(words)


def typo_keys(key: str) -> list[str]:
    """The start of the stem, whole and with each letter left out once.

    Two texts that differ by one typing error (a letter wrong, missing, too many, or two letters
    swapped) share at least one of these keys; so an index on them finds every candidate.
    """
    start = stem(key)[:STEM_LENGTH]
    if len(start) < SHORTEST_WITH_TYPO:
        return [start]
    return sorted({start} | {start[:i] + start[i + 1 :] for i in range(len(start))})


def postcode_starts(postcodes: Iterable[str]) -> list[str]:
    """The first three and the first four figures: `["38000"]` → `["380", "3800"]`."""
    return sorted({postcode[:size] for postcode in postcodes for size in (3, 4)})


def within_one_edit(typed: str, right: str, *, prefix: bool = False) -> bool:
    """Whether one typing error at most separates the texts; with `prefix`, `right` may go on."""
    same = 0
    for a, b in zip(typed, right, strict=False):
        if a != b:
            break
        same += 1
    rest, goal = typed[same:], right[same:]

    def agree(a: str, b: str) -> bool:
        return b.startswith(a) if prefix else a == b

    return (
        agree(rest, goal)
        or agree(rest[1:], goal)
        or agree(rest, goal[1:])
        or agree(rest[1:], goal[1:])
        or (len(goal) > 1 and rest[:2] == goal[1::-1] and agree(rest[2:], goal[2:]))
    )


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0
