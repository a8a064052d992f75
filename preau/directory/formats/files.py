"""From a file to rows: which text it is, which format, and back to a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from preau.core.errors import Refusal
from preau.core.tables import reading
from preau.core.tables.cells import words
from preau.core.tables.writing import harmless
from preau.directory.formats.data_es import DATA_ES
from preau.directory.formats.inclusion import INCLUSION
from preau.directory.formats.mednum import MEDNUM
from preau.directory.formats.own import OWN
from preau.directory.formats.records import Format, Row

FORMATS: dict[str, Format] = {one.key: one for one in (OWN, MEDNUM, INCLUSION, DATA_ES)}
#: Any other table: its columns are matched by the person.
TABLE = "tableau"
_ODD = ("Ã©", "Ã¨", "Ã ", "â€™", "\ufffd")


@dataclass
class Sent:
    """A file, taken apart.

    Attributes:
        format: a key of `FORMATS`, or `TABLE`.
        rows: (number that a spreadsheet shows, cells).
        told: what is worth knowing of the file as a whole, in French.
    """

    format: str
    headings: list[str]
    rows: list[tuple[int, list[Any]]]
    told: list[str] = field(default_factory=list)


def open_file(content: bytes, *, most_bytes: int, most_rows: int, sheet: str = "") -> Sent:
    """
    Raises:
        Refusal: the file as a whole cannot be read.
    """
    reading.refuse_weight(content, most_bytes)
    if content.startswith(b"PK\x03\x04"):
        sent = _workbook(content, most_bytes, sheet, most_rows)
    else:
        text, told = decoded(content)
        start = text.lstrip()[:1]
        sent = _json(text) if start in {"{", "["} else _csv(text)
        sent.told = told + sent.told
    if not sent.rows:
        raise Refusal("Ce fichier ne contient aucun lieu.", field="file", code="empty")
    if len(sent.rows) > most_rows:
        raise Refusal(f"Ce fichier contient plus de {most_rows} lignes.", field="file")
    return sent


def decoded(content: bytes) -> tuple[str, list[str]]:
    """The text, and what its encoding was."""
    text = reading.decoded(content, "pas un fichier de texte (CSV, JSON)")
    if content.startswith(b"\xef\xbb\xbf"):
        said = "Encodage reconnu : UTF-8 avec marque d’ordre (BOM)."
    elif content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        said = "Encodage reconnu : UTF-16."
    else:
        try:
            content.decode("utf-8")
            said = "Encodage reconnu : UTF-8."
        except UnicodeDecodeError:
            said = "Encodage reconnu : Windows-1252 (celui d’Excel), et non UTF-8."
    told = [said]
    if any(one in text for one in _ODD):
        told.append(
            "Des signes comme « Ã© » laissent penser que ce fichier a été enregistré avec un"
            " mauvais encodage : vérifiez les accents avant de reprendre."
        )
    return text.lstrip("\ufeff"), told


def _workbook(content: bytes, most_bytes: int, sheet: str, most_rows: int) -> Sent:
    table = reading.read(content, most_bytes=most_bytes, sheet=sheet)
    rows: list[tuple[int, list[Any]]] = []
    for row in table.rows:
        rows.append((row.number, list(row.cells)))
        if len(rows) > most_rows:
            break
    return _recognised(table.headings, rows)


def _csv(text: str) -> Sent:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=reading.separator_of(text))
    rows: list[tuple[int, list[Any]]] = []
    headings: list[str] = []
    number = 0
    try:
        for cells in reader:
            number += 1
            if not any(cell.strip() for cell in cells):
                continue
            if not headings:
                headings = [cell.strip() for cell in cells]
                continue
            rows.append((number, [_unquoted(cell) for cell in cells]))
    except csv.Error as error:
        raise Refusal(
            f"Après la ligne {number}, le fichier n’est plus lisible : un guillemet n’est"
            " peut-être pas fermé.",
            field="file",
            code="broken",
        ) from error
    if len(headings) > reading.MOST_COLUMNS:
        raise Refusal("Ce fichier a trop de colonnes : gardez celles qui servent.", field="file")
    return _recognised(headings, rows)


def _unquoted(cell: str) -> str:
    """Without the quote that our exports put before what looks like a formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _recognised(headings: list[str], rows: list[tuple[int, list[Any]]]) -> Sent:
    names = {words(one).replace(" ", "_"): one for one in headings}
    for form in (OWN, DATA_ES, MEDNUM):
        if form.needed <= names.keys():
            return Sent(form.key, [words(one).replace(" ", "_") for one in headings], rows)
    told = []
    for form in (MEDNUM, DATA_ES, OWN):
        missing = form.needed - names.keys()
        if (len(missing) <= 2 < len(form.needed) and form is not MEDNUM) or len(missing) == 1:
            told.append(
                f"Ce fichier ressemble au format « {form.label} », sans"
                f" {', '.join(f'« {one} »' for one in sorted(missing))} : dites vous-même quelle"
                " colonne est laquelle, ou complétez-le."
            )
    return Sent(TABLE, headings, rows, told)


# --- JSON


def _json(text: str) -> Sent:
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refusal(
            f"Ce JSON n’est plus lisible à la ligne {error.lineno}, signe {error.colno}.",
            field="file",
            code="broken",
        ) from error
    if isinstance(said, dict) and said.get("type") == "FeatureCollection":
        return _geojson(said.get("features"))
    return _structures(said)


def _structures(said: Any) -> Sent:
    """data·inclusion: `{"structures": […], "services": […]}`, or the structures alone."""
    structures = said.get("structures") if isinstance(said, dict) else said
    if not isinstance(structures, list) or not all(isinstance(one, dict) for one in structures):
        raise Refusal(
            "Ce JSON n’est pas une liste de lieux connue : GeoJSON, ou data·inclusion"
            " (« structures » et « services »).",
            field="file",
            code="not_a_list",
        )
    services: dict[str, list[Row]] = {}
    for one in (said.get("services") or []) if isinstance(said, dict) else []:
        if isinstance(one, dict):
            services.setdefault(str(one.get("structure_id")), []).append(one)
    rows: list[tuple[int, list[Any]]] = []
    names = [name for name in INCLUSION.columns if name != "services"]
    for number, one in enumerate(structures, start=1):
        own = one.get("services") or services.get(str(one.get("id")), [])
        rows.append((number, [*(one.get(name) for name in names), own]))
    lost = set(services) - {str(one.get("id")) for one in structures}
    told = []
    if lost:
        told.append(f"Des services sont de structures absentes du fichier : {len(lost)}.")
    return Sent(INCLUSION.key, [*names, "services"], rows, told)


def _geojson(features: Any) -> Sent:
    if not isinstance(features, list):
        raise Refusal("Ce GeoJSON n’a pas d’objets (« features »).", field="file", code="broken")
    headings: dict[str, None] = {}
    read: list[tuple[int, Row]] = []
    for number, said in enumerate(features, start=1):
        feature = said if isinstance(said, dict) else {}
        row = dict(feature.get("properties") or {})
        if "id" in feature:
            row.setdefault("id", feature["id"])
        geometry = feature.get("geometry") or {}
        point = geometry.get("coordinates") if geometry.get("type") == "Point" else None
        if isinstance(point, list) and len(point) >= 2:
            row["longitude"], row["latitude"] = point[0], point[1]
        elif geometry:
            row["latitude"] = f"objet « {geometry.get('type')} », et non un point"
        headings |= dict.fromkeys(row)
        read.append((number, row))
    names = list(headings)
    rows = [(number, [_flat(row.get(name)) for name in names]) for number, row in read]
    return _recognised(names, rows)


def _flat(value: Any) -> str:
    """A property as a cell would say it."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ";".join(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


# --- Back to files


def csv_text(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """For machines: UTF-8, commas, points in numbers, ISO days; harmless in a spreadsheet."""
    yield _line(columns)
    for row in rows:
        yield _line([harmless_cell(row.get(name)) for name in columns])


def harmless_cell(value: Any) -> str:
    text = "" if value is None else str(value)
    # A number or a telephone may begin with a sign.
    number = text[:1] in "+-" and text[1:].replace(".", "").replace(" ", "").isdigit()
    return text if number else harmless(text)


def _line(values: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue()


def geojson_text(rows: Iterable[Row]) -> Iterator[str]:
    """Rows of our own columns as points; the canonical order of properties is that of the CSV."""
    yield '{"type":"FeatureCollection","features":['
    between = ""
    for row in rows:
        properties = {k: v for k, v in row.items() if k not in {"latitude", "longitude"}}
        feature = {
            "type": "Feature",
            "id": row["id"],
            "geometry": {
                "type": "Point",
                "coordinates": [float(row["longitude"]), float(row["latitude"])],
            }
            if row["latitude"] and row["longitude"]
            else None,
            "properties": properties,
        }
        yield between + json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        between = ",\n"
    yield "]}"


def inclusion_text(rows: Iterable[Row]) -> Iterator[str]:
    """Structures, then their services, as the schema has them."""
    services: list[Row] = []
    yield '{"structures":['
    between = ""
    for row in rows:
        services += row["services"]
        structure = {k: v for k, v in row.items() if k != "services" and v is not None}
        yield between + json.dumps(structure, ensure_ascii=False, separators=(",", ":"))
        between = ",\n"
    yield '],"services":['
    between = ""
    for service in services:
        kept = {k: v for k, v in service.items() if v is not None}
        yield between + json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        between = ",\n"
    yield "]}"
