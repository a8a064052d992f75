"""The steps of opening a first place, and how far one is. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """Where a step stands; the value is the badge and its words."""

    DONE = ("success", "Fait")
    NEXT = ("info", "À faire")
    WAITING = ("waiting", "En attente")
    LATER = ("neutral", "Ensuite")


@dataclass(frozen=True, slots=True)
class Kind:
    """One page of the guide.

    Attributes:
        minutes: what it takes somebody who does it for the first time.
        is_needed: nothing is published without it; the others may wait.
    """

    key: str
    title: str
    minutes: int
    is_needed: bool
    url_name: str
    question: str


STRUCTURE = Kind(
    "structure", "Votre structure", 2, True, "desk:setup", "Quelle est votre structure ?"
)
VERIFICATION = Kind(
    "verification",
    "Vérification",
    1,
    True,
    "desk:setup_verification",
    "Parlez-vous bien pour elle ?",
)
PLACE = Kind(
    "lieu",
    "Votre premier lieu",
    2,
    True,
    "desk:setup_place",
    "Quel est le premier lieu que vous ouvrez ?",
)
SPACE = Kind(
    "espace", "Son premier espace", 1, True, "desk:setup_space", "Que réserve-t-on dans ce lieu ?"
)
HOURS = Kind("horaires", "Ses horaires", 1, False, "desk:setup_hours", "Quand est-ce ouvert ?")
PRICE = Kind(
    "prix",
    "Qui réserve, à quel prix",
    2,
    False,
    "desk:setup_price",
    "Qui peut réserver, et à quel prix ?",
)
RULES = Kind(
    "regles", "L’accord et l’assurance", 1, False, "desk:setup_rules", "Qui donne son accord ?"
)
AGREEMENT = Kind(
    "convention",
    "La convention",
    1,
    False,
    "desk:setup_agreement",
    "Faites-vous signer une convention ?",
)
SIGNATORY = Kind(
    "signataire", "Qui signe", 1, False, "desk:setup_signatory", "Qui signe les conventions ?"
)
PUBLISH = Kind("publier", "Relire et publier", 1, True, "desk:setup_publish", "Tout est-il juste ?")
KINDS = (
    STRUCTURE, VERIFICATION, PLACE, SPACE, HOURS, PRICE, RULES, AGREEMENT, SIGNATORY, PUBLISH,
)  # fmt: skip
#: Steps about the space: they wait until there is one.
OF_THE_SPACE = frozenset({HOURS, PRICE, RULES, AGREEMENT, SIGNATORY, PUBLISH})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the data says, and nothing else: the guide keeps no state of its own."""

    is_verified: bool = False
    has_asked: bool = False
    has_place: bool = False
    has_space: bool = False
    has_hours: bool = False
    has_price: bool = False
    has_rules: bool = False
    #: "" not answered, "aucune", "choisie".
    agreement: str = ""
    has_signatory: bool = False
    is_published: bool = False

    def done(self) -> frozenset[Kind]:
        said = {
            STRUCTURE: True,
            VERIFICATION: self.is_verified,
            PLACE: self.has_place,
            SPACE: self.has_space,
            HOURS: self.has_hours,
            PRICE: self.has_price,
            RULES: self.has_rules,
            AGREEMENT: bool(self.agreement),
            SIGNATORY: self.has_signatory,
            PUBLISH: self.is_published,
        }
        return frozenset(kind for kind, is_done in said.items() if is_done)


@dataclass(frozen=True, slots=True)
class Step:
    kind: Kind
    number: int
    state: State

    @property
    def is_open(self) -> bool:
        """Whether its page can be opened now."""
        return self.state != State.LATER and self.kind is not STRUCTURE


def steps_of(facts: Facts) -> list[Step]:
    """Every step that concerns this structure, in order, with its state."""
    done = facts.done()
    kinds = [one for one in KINDS if one is not SIGNATORY or facts.agreement != "aucune"]
    return [Step(kind, n, _state(kind, facts, done)) for n, kind in enumerate(kinds, start=1)]


def _state(kind: Kind, facts: Facts, done: frozenset[Kind]) -> State:
    if kind in done:
        return State.DONE
    if kind is VERIFICATION and facts.has_asked:
        return State.WAITING
    if kind is SPACE and PLACE not in done:
        return State.LATER
    if kind in OF_THE_SPACE and SPACE not in done:
        return State.LATER
    return State.NEXT


def next_step(steps: Sequence[Step], after: Kind | None = None) -> Step | None:
    """What to do now: the first step open and not done, looking first after the one just left."""
    todo = [one for one in steps if one.state == State.NEXT]
    if after is not None:
        here = KINDS.index(after)
        later = [one for one in todo if KINDS.index(one.kind) > here]
        return later[0] if later else None
    return todo[0] if todo else None


def minutes_left(steps: Sequence[Step]) -> int:
    return sum(one.kind.minutes for one in steps if one.state != State.DONE)
