"""A spreadsheet saved as CSV: one use a line, columns in any order, named in plain French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from preau.availability.enums import OccupancyKind
from preau.core.errors import Refusal
from preau.core.tables.cells import Unreadable, day_of, plain
from preau.core.tables.reading import Row, rows_of
from preau.core.timeranges import local_instant
from preau.desk.reading.found import (
    MOST_LINES,
    Found,
    key_of,
    minute_of,
    on_quarters,
    space_named,
)
from preau.places.models import Place, Space

#: What a column may be called → what we call it.
NAMES = {
    "space": ("espace", "salle", "lieu", "ressource", "equipement"),
    "day": ("jour", "date", "date de debut", "le"),
    "last_day": ("jour de fin", "date de fin", "dernier jour"),
    "start": ("debut", "de", "heure de debut", "heure debut"),
    "end": ("fin", "a", "heure de fin", "heure fin"),
    "purpose": ("objet", "motif", "intitule", "evenement", "activite", "libelle"),
    "name": ("nom", "demandeur", "contact", "prenom et nom", "reserve par"),
    "structure": ("structure", "association", "organisme", "entreprise"),
    "phone": ("telephone", "tel", "portable"),
    "email": ("courriel", "email", "e-mail", "mail", "adresse electronique"),
    "attendance": ("personnes", "nombre de personnes", "effectif", "participants"),
    "kind": ("nature", "type"),
    "uid": ("identifiant", "reference", "id", "uid", "numero"),
}
NEEDED = {"day": "Jour", "start": "Début", "end": "Fin"}
_OWN = ("usage propre", "usage du proprietaire", "commune", "mairie", "interne")


def read_rows(text: str, place: Place, default: Space | None) -> list[Found]:
    """Every line of the file.

    Raises:
        Refusal: a column that we need is not there.
    """
    rows = rows_of(text)
    first = next(rows, None)
    headings = _headings(first.cells if first else [])
    return list(_lines(rows, headings, place, _spaces(place), default))


def _spaces(place: Place) -> list[Space]:
    return list(place.spaces.exclude(publication="archive").select_related("place__owner"))


def _headings(cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, cell in enumerate(cells):
        for name, words in NAMES.items():
            if plain(cell) in words and name not in found:
                found[name] = number
    lacks = [label for name, label in NEEDED.items() if name not in found]
    if lacks:
        raise Refusal(
            f"La première ligne doit nommer les colonnes. Il manque : {', '.join(lacks)}.",
            field="file",
        )
    return found


def _lines(
    rows: Iterator[Row],
    headings: dict[str, int],
    place: Place,
    spaces: list[Space],
    default: Space | None,
) -> Iterator[Found]:
    seen: dict[str, int] = {}
    for read in islice(rows, MOST_LINES + 1):
        cells = read.cells
        row = {name: cells[index] if index < len(cells) else "" for name, index in headings.items()}
        one = Found(read.number)
        try:
            _understand(one, row, place, spaces, default)
        except Unreadable as error:
            one.error = str(error)
        else:
            # The same line twice in one file is one booking.
            if one.key in seen:
                one.error = f"Cette ligne répète la ligne {seen[one.key]}."
            seen.setdefault(one.key, read.number)
        yield one


def _understand(
    one: Found, row: dict[str, str], place: Place, spaces: list[Space], default: Space | None
) -> None:
    own = plain(row.get("kind", "")) in _OWN
    one.kind = OccupancyKind.OWN_USE if own else OccupancyKind.BOOKING
    one.facts = {
        "purpose": row.get("purpose", "")[:160] or "Réservation reprise",
        "name": row.get("name", "")[:120],
        "structure": row.get("structure", "")[:160],
        "phone": row.get("phone", "")[:20],
        "email": row.get("email", "")[:200],
        "attendance": _number(row.get("attendance", "")),
        "space": row.get("space", "")[:120],
    }
    one.space = space_named(row.get("space", ""), spaces, default)
    day, start, end = day_of(row["day"]), minute_of(row["start"]), minute_of(row["end"])
    last = day_of(row["last_day"]) if row.get("last_day") else day
    if last == day and end <= start:  # past midnight
        end += 1440
    one.period = on_quarters(
        local_instant(day, start, place.zone), local_instant(last, end, place.zone)
    )
    uid = row.get("uid", "")
    one.key = key_of("csv", uid, one.space.pk, one.period.start, one.period.end)


def _number(text: str) -> int:
    digits = re.sub(r"\D", "", text)[:6]
    return max(int(digits), 1) if digits else 1
