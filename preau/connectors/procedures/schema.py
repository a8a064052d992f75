"""Champs of a démarche as they are kept, and what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from preau.integrations.demarches.champs import Champ

#: What people are told of champs that only the service can fill.
ELSEWHERE = {
    "PieceJustificative": "pièce à joindre",
    "Carte": "carte à dessiner",
    "RNA": "numéro RNA",
    "RNF": "numéro RNF",
    "TitreIdentite": "titre d’identité",
    "LinkedDropDownList": "choix liés",
    "Engagement": "engagement",
}
#: Read, not filled.
_WORDS_ONLY = frozenset({"HeaderSection", "Explication"})


def dumped(champ: Champ) -> dict[str, Any]:
    return {
        "id": champ.id,
        "type": champ.type,
        "label": champ.label,
        "required": champ.required,
        "options": list(champ.options),
        "other": champ.other,
        "champs": [dumped(one) for one in champ.champs],
    }


def loaded(kept: Sequence[dict[str, Any]]) -> tuple[Champ, ...]:
    return tuple(
        Champ(
            id=one["id"],
            type=one["type"],
            label=one["label"],
            required=one["required"],
            options=tuple(one["options"]),
            other=one["other"],
            champs=loaded(one["champs"]),
        )
        for one in kept
    )


def every(champs: Sequence[Champ]) -> Iterator[tuple[Champ, Champ | None]]:
    """Each champ that may be filled, with the repetition it is in; repetitions themselves aside."""
    for champ in champs:
        if champ.type == "Repetition":
            yield from ((inner, champ) for inner in champ.champs if inner.type not in _WORDS_ONLY)
        elif champ.type not in _WORDS_ONLY:
            yield champ, None


def by_hand(champs: Sequence[Champ]) -> list[tuple[str, str]]:
    """Champs that no prefilling reaches: label, and what they are."""
    return [
        (champ.label, ELSEWHERE.get(champ.type, "à remplir sur le service"))
        for champ, _ in every(champs)
        if not champ.is_prefillable
    ]


def vanished(champs: Sequence[Champ], mapping: dict[str, dict[str, str]]) -> list[str]:
    """Labels of champs that were mapped and are no more, or are of another type now."""
    types = {champ.id: champ.type for champ, _ in every(champs)}
    return sorted(
        said["label"] for champ, said in mapping.items() if types.get(champ) != said["type"]
    )
