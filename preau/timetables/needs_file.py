"""Services to hold, from a table that a spreadsheet wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from preau.core.errors import Refusal
from preau.core.formats import WEEKDAYS
from preau.core.tables.cells import Unreadable, plain, whole_of
from preau.core.tables.columns import Column, guess, refuse_missing
from preau.core.tables.reading import MEGABYTE, read
from preau.directory.enums import ServiceFamily
from preau.directory.themes import themes
from preau.places.enums import Equipment
from preau.timetables.enums import Part
from preau.timetables.models import Timetable
from preau.timetables.queries.providers import registered

MOST_LINES = 200
COLUMNS = (
    Column("label", "Service", "", ("Aide aux démarches CAF", "Conciliateur"), needed=True),
    Column("provider_name", "Structure", "", ("CAF de l’Isère", "Tribunal"), needed=True),
    Column("siret", "SIRET", "", ("", "")),
    Column("family", "Famille", "", ("Services publics et sociaux", "")),
    Column("theme", "Thème", "", ("", "")),
    Column("sessions", "Permanences", "", ("2", "1"), needed=True,
           aliases=("permanences par semaine", "nombre")),
    Column("minutes", "Durée en minutes", "", ("180", "120"), needed=True, aliases=("duree",)),
    Column("priority", "Priorité", "", ("4", "3")),
    Column("weekdays", "Jours", "", ("lundi, mardi", "")),
    Column("part", "Moment", "", ("matin", "")),
    Column("mediator", "Médiateur", "", ("", "")),
    Column("capacity", "Personnes", "", ("6", "4"), aliases=("capacite",)),
    Column("needs_closed_room", "Pièce fermée", "", ("oui", "oui")),
    Column("equipment", "Équipement", "", ("Wi-Fi, Ordinateurs", "")),
    Column("signatory_name", "Signataire", "", ("", "")),
    Column("signatory_capacity", "Qualité du signataire", "", ("", "")),
    Column("signatory_email", "Adresse du signataire", "", ("", "")),
)  # fmt: skip
_PARTS = {plain(one.label): one for one in Part} | {
    "matin": Part.MORNING,
    "apres-midi": Part.AFTERNOON,
    "": Part.ANY,
}


@dataclass
class ReadNeeds:
    """What a file says: values ready to be saved, and what is wrong, line by line."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)


def read_needs(timetable: Timetable, content: bytes) -> ReadNeeds:
    """
    Raises:
        Refusal: the file as a whole cannot be read.
    """
    table = read(content, most_bytes=MEGABYTE)
    keys = guess(table.headings, COLUMNS)
    refuse_missing(keys, COLUMNS)
    found, reader = ReadNeeds(), _Reader(timetable)
    for row in table.rows:
        if len(found.rows) + len(found.problems) >= MOST_LINES:
            raise Refusal(f"Envoyez au plus {MOST_LINES} services.", field="file")
        cells = {key: cell for key, cell in zip(keys, row.cells, strict=False) if key}
        values: dict[str, Any] = {}
        problems = []
        for column in COLUMNS:
            try:
                values |= reader.read(column.key, cells.get(column.key, ""))
            except Unreadable as error:
                problems.append((row.number, column.label, str(error)))
        found.problems += problems
        if not problems:
            found.rows.append(values)
    return found


class _Reader:
    def __init__(self, timetable: Timetable) -> None:
        self.mediators = {plain(one.name): one for one in timetable.mediators.all()}
        self.themes = {plain(label): key for key, label in themes().items()}
        self.themes |= {plain(key): key for key in themes()}
        self.families = {plain(one.label): one for one in ServiceFamily}
        self.families |= {plain(one.value): one for one in ServiceFamily}
        self.equipment = {plain(one.label): int(one) for one in Equipment}

    def read(self, key: str, text: str) -> dict[str, Any]:
        """The fields that one cell gives.

        Raises:
            Unreadable: with a sentence.
        """
        return dict(getattr(self, f"_{key}", self._text(key))(text.strip()))

    @staticmethod
    def _text(key: str) -> Any:
        def take(text: str) -> dict[str, Any]:
            if key in {"label", "provider_name"} and not text:
                raise Unreadable("Cette case est vide.")
            return {key: text[:160]}

        return take

    @staticmethod
    def _siret(text: str) -> dict[str, Any]:
        siret = "".join(text.split())
        known = registered(siret)
        if siret and known is None:
            raise Unreadable(f"Aucune structure vérifiée n’a le SIRET « {text[:20]} ».")
        return {"provider": known}

    def _family(self, text: str) -> dict[str, Any]:
        if not text:
            return {"family": ServiceFamily.PUBLIC_SOCIAL}
        return {"family": _among(self.families, text)}

    def _theme(self, text: str) -> dict[str, Any]:
        return {"theme": _among(self.themes, text) if text else ""}

    @staticmethod
    def _sessions(text: str) -> dict[str, Any]:
        return {"sessions": _between(text, 1, 20)}

    @staticmethod
    def _minutes(text: str) -> dict[str, Any]:
        minutes = _between(text, 30, 360)
        if minutes % 15:
            raise Unreadable(f"{minutes} minutes : les durées vont par quarts d’heure.")
        return {"minutes": minutes}

    @staticmethod
    def _priority(text: str) -> dict[str, Any]:
        return {"priority": _between(text, 1, 5) if text else 3}

    @staticmethod
    def _capacity(text: str) -> dict[str, Any]:
        return {"capacity": _between(text, 1, 2000) if text else 1}

    @staticmethod
    def _weekdays(text: str) -> dict[str, Any]:
        if not text:
            return {"weekdays": [0, 1, 2, 3, 4]}
        names = {name: n for n, name in enumerate(WEEKDAYS)}
        days = [_among(names, word) for word in text.replace(";", ",").split(",") if word.strip()]
        return {"weekdays": sorted(set(days))}

    @staticmethod
    def _part(text: str) -> dict[str, Any]:
        return {"part": _among(_PARTS, text) if text else Part.ANY}

    def _mediator(self, text: str) -> dict[str, Any]:
        return {"mediator": _among(self.mediators, text) if text else None}

    @staticmethod
    def _needs_closed_room(text: str) -> dict[str, Any]:
        return {"needs_closed_room": plain(text) in {"oui", "o", "x", "1", "vrai"}}

    def _equipment(self, text: str) -> dict[str, Any]:
        words = [word for word in text.replace(";", ",").split(",") if word.strip()]
        return {"equipment": sorted({_among(self.equipment, word) for word in words})}


def _among(known: dict[str, Any], text: str) -> Any:
    found = known.get(plain(text))
    if found is None:
        raise Unreadable(f"« {text.strip()[:60]} » n’est pas connu ici.")
    return found


def _between(text: str, least: int, most: int) -> int:
    number = whole_of(text)
    if not least <= number <= most:
        raise Unreadable(f"{number} : écrivez un nombre de {least} à {most}.")
    return number
