"""What the service kept of a prefilling: it drops what it does not read, and does not say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from preau.integrations.demarches.champs import Sent, key_of
from preau.integrations.demarches.graphql import Dossier, FiledChamp


@dataclass(frozen=True, slots=True)
class Comparison:
    """Keys of champs that were sent, each in one of these, sorted.

    Attributes:
        kept: prefilled in the dossier, as often as it was sent; its holder may have changed it.
        dropped: in the dossier, and not prefilled, or in fewer rows.
        absent: not in the dossier: not of this version of the démarche, or hidden by a condition.
    """

    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    absent: tuple[str, ...]


def compared(sent: Mapping[str, Sent], dossier: Dossier) -> Comparison:
    """What became of what was sent, in a filed dossier read with its champs.

    Champs inside a repetition are counted by rows: its holder may have moved them.
    """
    asked = Counter(_keys(sent))
    filed = list(_every(dossier.champs))
    there = {key_of(champ.champ) for champ in filed}
    taken = Counter(key_of(champ.champ) for champ in filed if champ.prefilled)
    return Comparison(
        kept=tuple(sorted(key for key in asked if taken[key] >= asked[key])),
        dropped=tuple(sorted(key for key in asked if key in there and taken[key] < asked[key])),
        absent=tuple(sorted(key for key in asked if key not in there)),
    )


def _keys(sent: Mapping[str, Sent]) -> Iterator[str]:
    for key, value in sent.items():
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        for row in rows:
            yield from _keys(row)
        if not rows:
            yield key


def _every(champs: Iterable[FiledChamp]) -> Iterator[FiledChamp]:
    for champ in champs:
        yield champ
        for row in champ.rows:
            yield from _every(row)
