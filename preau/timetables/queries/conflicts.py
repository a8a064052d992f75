"""What does not hold in a grid, and why a service could not be placed, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from preau.timetables.building import Built, unfit
from preau.timetables.enums import OPEN
from preau.timetables.models import ServiceNeed, Session
from preau.timetables.solving.board import Board
from preau.timetables.solving.problem import Problem, Sitting

WORDS = {
    "enough": "Ce service a plus de permanences que demandé.",
    "room": "L’espace ne convient pas au service (capacité, équipement ou pièce fermée).",
    "reach": "Le lieu est trop loin de la base du médiateur.",
    "days": "Ce n’est pas un jour ou un moment du service, ou de son médiateur.",
    "forbidden": "Vous l’avez interdit.",
    "twice": "Le service est déjà dans ce lieu cette demi-journée.",
    "closed": "L’espace n’est pas ouvert et libre à cette heure assez souvent dans la saison.",
    "taken": "Une autre permanence occupe cet espace à cette heure, ou sa remise en état.",
    "mediator": "La même personne tient une autre permanence à cette heure, route comprise.",
    "places": "Trop de lieux pour cette personne dans la demi-journée.",
    "travel": "Trop de route pour cette personne dans la demi-journée.",
}
#: What cannot be held, whatever anybody says; the rest may be wanted so by hand.
IMPOSSIBLE = frozenset({"enough", "twice", "taken", "mediator", "places", "travel"})
_UNFIT = {
    "capacity": "aucun espace retenu n’est assez grand",
    "closed_room": "aucun espace retenu n’est une pièce fermée",
    "equipment": "aucun espace retenu n’a l’équipement demandé",
}


@dataclass(frozen=True, slots=True)
class Conflict:
    session: Session
    code: str

    @property
    def words(self) -> str:
        return WORDS[self.code]

    @property
    def is_impossible(self) -> bool:
        return self.code in IMPOSSIBLE


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A service that has fewer sittings than asked."""

    need: ServiceNeed
    missing: int
    why: str


def conflicts(built: Built, sessions: Sequence[Session]) -> list[Conflict]:
    """Each sitting that does not hold beside the others.

    Once published, a grid takes its spaces itself: that they are taken is no conflict.
    """
    is_open = built.timetable.state in OPEN
    pairs = [(one, built.sitting(one)) for one in sessions]
    board = Board(_bare(built), [sitting for _, sitting in pairs])
    found = []
    for session, sitting in pairs:
        board.remove(sitting)
        code = board.refusal(sitting)
        board.add(sitting)
        if code and (is_open or code != "closed"):
            found.append(Conflict(session, code))
    return found


def _bare(built: Built) -> Problem:
    return replace(built.problem, pins=())


def unplaced(built: Built, sessions: Sequence[Session]) -> list[Unplaced]:
    """The services that lack sittings, with the reason that counts most."""
    sittings = [built.sitting(one) for one in sessions]
    board = Board(_bare(built), sittings)
    held = Counter(one.service for one in sittings)
    return [
        Unplaced(need, need.sessions - held[number], _why(built, board, number))
        for number, need in enumerate(built.needs)
        if held[number] < need.sessions
    ]


def _why(built: Built, board: Board, number: int) -> str:
    need, problem = built.needs[number], built.problem
    if not problem.services[number].rooms:
        found = Counter(unfit(need, one) for one in built.candidates)
        return f"{_UNFIT[found.most_common(1)[0][0]]}." if found else "aucun espace retenu."
    if not problem.choices[number]:
        return (
            "aucun créneau ne convient à la fois aux jours du service, au médiateur et aux"
            " horaires des espaces."
        )
    places = range(problem.places)
    if any(next(iter(board.openings(number, place)), None) for place in places):
        return (
            "un créneau existe, mais il apporterait moins qu’il ne coûte selon vos réglages, ou"
            " il vient de se libérer : recomposez."
        )
    codes = Counter(board.refusal(one) for one in _tries(built, number))
    main = next((code for code, _ in codes.most_common() if code), "taken")
    return WORDS[main][0].lower() + WORDS[main][1:]


def _tries(built: Built, number: int) -> list[Sitting]:
    """The first hour of each stretch where it could sit, the others aside."""
    problem, found = built.problem, []
    for choice in problem.choices[number]:
        window = problem.windows[choice]
        start = -(-window.start // problem.step) * problem.step
        found.append(Sitting(window.half_day // 2, start, window.room, number))
    return found
