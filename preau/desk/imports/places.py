"""Reading a file of places: every line with all that is wrong with it, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices

from preau.availability.opening import RuleData
from preau.core.errors import Refusal
from preau.core.tables.cells import words
from preau.core.tables.columns import refuse_missing
from preau.core.tables.reading import rows_of
from preau.desk.imports.columns import BY_KEY, COLUMNS, KEYS
from preau.desk.imports.hours import Unreadable, read_hours
from preau.places.enums import ApprovalMode, PlaceKind, SpaceKind
from preau.territories.models import Commune
from preau.territories.queries import suggest

MOST_LINES = 2000
_LONGEST = {"name": 120, "address": 200, "space_name": 120, "contact_phone": 20}
_YES, _NO = {"oui", "o", "vrai", "1", "x", "true"}, {"non", "n", "faux", "0", "false"}
PLACE_TEXTS = ("name", "address", "description", "contact_phone")
Position = tuple[float, float]


@dataclass
class Line:
    """One space of the file, with what it says of its place."""

    number: int
    place: dict[str, Any] = field(default_factory=dict)
    space: dict[str, Any] = field(default_factory=dict)
    commune: Commune | None = None
    position: Position | None = None
    hours: list[RuleData] | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Names the place: the same name at the same address is the same place."""
        return f"{words(self.place.get('name', ''))}|{words(self.place.get('address', ''))}"


def read_places(text: str) -> list[Line]:
    """Every line that says something.

    Raises:
        Refusal: the file as a whole cannot be read.
    """
    rows = rows_of(text)
    first = next(rows, None)
    if first is None:
        raise Refusal("Ce fichier est vide.", field="file")
    keys = [KEYS.get(words(heading), "") for heading in first.cells]
    refuse_missing(keys, COLUMNS)
    communes: dict[tuple[str, str], Commune | None] = {}
    lines = []
    for row in rows:
        values = {key: cell for key, cell in zip(keys, row.cells, strict=False) if key and cell}
        if values:
            lines.append(_line(row.number, values, communes))
        if len(lines) > MOST_LINES:
            raise Refusal(
                f"Ce fichier contient plus de {MOST_LINES} lignes. Coupez-le en plusieurs.",
                field="file",
            )
    if not lines:
        raise Refusal("Ce fichier ne contient aucun lieu sous ses titres.", field="file")
    _complete(lines)
    return lines


def _line(
    number: int, values: dict[str, str], communes: dict[tuple[str, str], Commune | None]
) -> Line:
    line = Line(number)
    for key, longest in _LONGEST.items():
        if len(values.get(key, "")) > longest:
            line.problems.append(f"{BY_KEY[key].label} : plus de {longest} caractères.")
    for column in COLUMNS:
        if column.needed and column.key not in values:
            line.problems.append(f"{column.label} : à remplir.")
    line.place = {key: values[key] for key in PLACE_TEXTS if key in values}
    _read_place(line, values)
    _read_commune(line, values, communes)
    _read_position(line, values)
    _read_space(line, values)
    return line


def _read_place(line: Line, values: dict[str, str]) -> None:
    if "kind" in values:
        line.place["kind"] = _choice(line, "kind", values["kind"], PlaceKind)
    if "postcode" in values:
        code = values["postcode"].replace(" ", "")
        code = code.zfill(5) if code.isdigit() else code  # spreadsheets eat the first zero
        if not (len(code) == 5 and code.isascii() and code.isdigit()):
            line.problems.append("code postal : cinq chiffres.")
        line.place["postcode"] = code[:5]
    if "is_accessible" in values:
        word = words(values["is_accessible"])
        if word not in _YES | _NO:
            line.problems.append("accessible : écrivez oui ou non.")
        line.place["is_accessible"] = word in _YES
    if "contact_email" in values:
        try:
            validate_email(values["contact_email"])
        except ValidationError:
            line.problems.append("courriel : cette adresse n’est pas complète.")
        line.place["contact_email"] = values["contact_email"]


def _choice(line: Line, key: str, text: str, choices: type[TextChoices]) -> str:
    """A kind by its label or its key."""
    for one in choices:
        if words(text) in {words(one.label), words(one.value)}:
            return str(one.value)
    near = [one.label for one in choices if words(text)[:4] and words(text)[:4] in words(one.label)]
    advice = near or [one.label for one in choices]
    shown = ", ".join(f"« {label} »" for label in advice[:6])
    line.problems.append(f"{BY_KEY[key].label} : « {text} » n’est pas connu. Choisissez {shown}…")
    return ""


def _read_commune(
    line: Line, values: dict[str, str], known: dict[tuple[str, str], Commune | None]
) -> None:
    text, postcode = values.get("commune", ""), line.place.get("postcode", "")
    if not text:
        return
    if (text, postcode) not in known:
        known[text, postcode] = _find_commune(text, postcode)
    line.commune = known[text, postcode]
    if line.commune is None:
        where = f" avec le code postal {postcode}" if postcode else ""
        line.problems.append(
            f"commune : « {text} » est inconnue{where}. Vérifiez le nom, ou mettez le code INSEE."
        )


def _find_commune(text: str, postcode: str) -> Commune | None:
    code = text.replace(" ", "").upper()
    if len(code) == 4 and code.isdigit():
        code = f"0{code}"
    by_code = Commune.objects.filter(code=code, active=True).select_related("departement")
    found = by_code.first() if len(code) == 5 and code[-3:].isdigit() else None
    if found is not None:
        return found
    named = suggest(f"{postcode} {text}".strip(), 5)
    exact = [one for one in named if words(one.name) == words(text)]
    # Many communes share a name: without a postcode, only one of them all will do.
    if not postcode and len(exact) > 1:
        return None
    return next(iter(exact or (named if postcode else [])), None)


def _read_position(line: Line, values: dict[str, str]) -> None:
    texts = [values.get(key, "").replace(",", ".") for key in ("latitude", "longitude")]
    if not any(texts):
        return
    try:
        latitude, longitude = (float(text) for text in texts)
    except ValueError:
        line.problems.append("latitude et longitude : deux nombres, par exemple 45,1885 et 5,7245.")
        return
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        line.problems.append("latitude et longitude : sont-elles inversées ?")
        return
    line.position = latitude, longitude


def _read_space(line: Line, values: dict[str, str]) -> None:
    if "space_name" in values:
        line.space["name"] = values["space_name"]
    if "space_description" in values:
        line.space["description"] = values["space_description"]
    if "space_kind" in values:
        line.space["kind"] = _choice(line, "space_kind", values["space_kind"], SpaceKind)
    for key in ("capacity", "surface"):
        if key in values:
            line.space[key] = _whole(line, key, values[key])
    if "approval" in values:
        word = words(values["approval"])
        modes = {"immediate": ApprovalMode.IMMEDIATE, "gestionnaire": ApprovalMode.MANAGER}
        if word not in modes:
            line.problems.append("validation : écrivez immédiate ou gestionnaire.")
        line.space["approval"] = str(modes.get(word, ApprovalMode.MANAGER))
    if "hours" in values:
        try:
            line.hours = read_hours(values["hours"])
        except Unreadable as error:
            line.problems.append(f"horaires : {error}")


def _whole(line: Line, key: str, text: str) -> int:
    number = text.replace(" ", "").replace("\u202f", "").removesuffix(",0").removesuffix(".0")
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= 1_000_000):
        line.problems.append(
            f"{BY_KEY[key].label} : « {text} » n’est pas un nombre entier positif."
        )
        return 1
    return int(number)


def _complete(lines: list[Line]) -> None:
    """The first line of a place speaks for the next ones; none may contradict it."""
    first: dict[str, Line] = {}
    spaces: dict[tuple[str, str], int] = {}
    for line in lines:
        head = first.setdefault(line.key, line)
        if head is not line:
            _compare(line, head)
        elif line.commune is None and not any(one.startswith("commune") for one in line.problems):
            line.problems.append("commune : à remplir sur la première ligne d’un lieu.")
        if head is line and "kind" not in line.place:
            line.problems.append("nature du lieu : à remplir sur la première ligne d’un lieu.")
        same = (line.key, words(line.space.get("name", "")))
        if same[1] and spaces.setdefault(same, line.number) != line.number:
            line.problems.append(f"espace : le même est déjà à la ligne {spaces[same]}.")


def _compare(line: Line, head: Line) -> None:
    for key, value in line.place.items():
        if key in {"name", "address"} or head.place.setdefault(key, value) == value:
            continue
        label = BY_KEY[key].label
        line.problems.append(f"{label} : différent de la ligne {head.number} pour le même lieu.")
    if line.commune and head.commune and line.commune != head.commune:
        line.problems.append(f"commune : différente de la ligne {head.number} pour le même lieu.")
    if line.position and head.position and line.position != head.position:
        line.problems.append(f"position : différente de la ligne {head.number} pour le même lieu.")
    head.commune, head.position = head.commune or line.commune, head.position or line.position
