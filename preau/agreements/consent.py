"""The sentences by which people consent. A version once published is never changed: add another."""

from __future__ import annotations

from dataclasses import dataclass

#: What the current pages show.
CURRENT = "2026-1"
LEVEL = "signature électronique simple"


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a person signing for themself reads, and what is added for a legal person."""

    person: str
    legal_person: str


SENTENCES: dict[str, Sentence] = {
    "2026-1": Sentence(
        person=(
            "Je déclare avoir lu la convention {number} (empreinte {fingerprint}) et j’accepte de "
            "la signer électroniquement. J’accepte que le dossier de preuve de cette signature "
            "soit conservé."
        ),
        legal_person=(
            "Je déclare avoir lu la convention {number} (empreinte {fingerprint}), être "
            "habilité(e) à engager «\u00a0{party}\u00a0», et j’accepte de la signer "
            "électroniquement. J’accepte que le dossier de preuve de cette signature soit conservé."
        ),
    )
}


def sentence(version: str, *, number: str, fingerprint: str, party: str = "") -> str:
    """The whole sentence, with the beginning of the fingerprint of the very file shown.

    The journal keeps the fingerprint whole, on the same line as the consent.
    """
    words = SENTENCES[version]
    wording = words.legal_person if party else words.person
    return wording.format(number=number, fingerprint=short(fingerprint), party=party)


def short(fingerprint: str) -> str:
    """Enough of it for two people to compare aloud."""
    return f"{fingerprint[:12]}…"
