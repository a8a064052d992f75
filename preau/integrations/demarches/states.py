"""What becomes of a dossier, in the service's words.

https://doc.demarches-simplifiees.fr, and `app/models/dossier.rb` of its public source.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """A dossier's state.

    `PREFILLED` and `EXPIRED` are of a prefilled dossier: nobody opened its link yet; it is no more
    (5 days without being opened, or deleted by its holder afterwards).
    """

    PREFILLED = "prefilled"
    BROUILLON = "brouillon"
    EN_CONSTRUCTION = "en_construction"
    EN_INSTRUCTION = "en_instruction"
    ACCEPTE = "accepte"
    REFUSE = "refuse"
    SANS_SUITE = "sans_suite"
    EXPIRED = "expired"

    @property
    def is_filed(self) -> bool:
        """Sent by its holder: from here on GraphQL shows it."""
        return self in _FILED

    @property
    def is_decided(self) -> bool:
        """Answered; an instructor may still take it back."""
        return self in DECIDED

    @property
    def nexts(self) -> frozenset[State]:
        """What it may become in one step."""
        return _NEXTS[self]

    def may_become(self, other: State) -> bool:
        """Whether steps lead from this one to another, or it is the same: one that asks from time
        to time sees only some of them."""
        reached, more = {self}, {self}
        while more:
            more = {found for one in more for found in one.nexts} - reached
            reached |= more
        return other in reached


DECIDED = frozenset({State.ACCEPTE, State.REFUSE, State.SANS_SUITE})
_FILED = DECIDED | {State.EN_CONSTRUCTION, State.EN_INSTRUCTION}
_NEXTS: dict[State, frozenset[State]] = {
    State.PREFILLED: frozenset({State.BROUILLON, State.EXPIRED}),
    State.BROUILLON: frozenset({State.EN_CONSTRUCTION, State.EXPIRED}),
    State.EN_CONSTRUCTION: frozenset({State.EN_INSTRUCTION, State.EXPIRED}),
    State.EN_INSTRUCTION: DECIDED | {State.EN_CONSTRUCTION},
    # The holder of an answered dossier may put it away.
    **dict.fromkeys(DECIDED, frozenset({State.EN_INSTRUCTION, State.EXPIRED})),
    State.EXPIRED: frozenset(),
}
