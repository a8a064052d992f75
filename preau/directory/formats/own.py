"""Our own CSV: all of a sheet, nothing lost. Also the properties of our GeoJSON."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from preau.availability.opening import RuleData
from preau.directory.enums import (
    Animation,
    Colouring,
    OpeningMode,
    Origin,
    Profile,
    Shared,
    Staffing,
)
from preau.directory.formats import checks
from preau.directory.formats.hours import ExceptionData, Hours
from preau.directory.formats.osm_writing import write as write_osm
from preau.directory.formats.records import Format, OfferRecord, Record, Row, several, text_of
from preau.places.enums import PlaceKind

#: column → field of `Sheet`, as text.
TEXTS = {
    "presentation": "description",
    "adresse": "address",
    "complement_adresse": "address_more",
    "telephone": "phone",
    "courriel": "email",
    "site_web": "website",
    "prise_rdv": "appointment_url",
    "siret": "siret",
    "fiche_accessibilite": "accessibility_url",
}
CHOICES = {
    "nature": ("kind", PlaceKind),
    "profil_principal": ("main_profile", Profile),
    "origine": ("origin", Origin),
    "mode_ouverture": ("opening_mode", OpeningMode),
    "animation": ("animation", Animation),
}
SEVERAL = {
    "profils_secondaires": ("secondary_profiles", Profile),
    "accueil": ("staffing", Staffing),
    "orientation": ("colouring", Colouring),
    "partage": ("shared", Shared),
}
FLAGS = {"itinerant": "is_itinerant", "accessible": "is_accessible"}
COLUMNS = (
    *("id", "nom", "nature", "presentation", "profil_principal", "profils_secondaires"),
    *("origine", "mode_ouverture", "accueil", "animation", "orientation", "partage"),
    *("itinerant", "accessible", "fiche_accessibilite", "adresse", "complement_adresse"),
    *("code_postal", "code_insee", "commune", "latitude", "longitude", "telephone", "courriel"),
    *("site_web", "prise_rdv", "siret", "horaires", "horaires_regles", "horaires_texte"),
    *("services", "mise_a_jour"),
)
NEEDED = frozenset({"id", "nom", "nature", "code_insee", "horaires_regles", "services"})


def read(row: Row, today: date) -> Record:
    cell = {name: text_of(row.get(name)) for name in COLUMNS}
    record = Record(external_id=cell["id"], commune_name=cell["commune"])
    checks.name(record, "nom", cell["nom"])
    checks.code(record, "code_insee", cell["code_insee"])
    checks.postcode(record, "code_postal", cell["code_postal"])
    checks.position(record, cell["latitude"], cell["longitude"])
    record.told_on = checks.day(record, "mise_a_jour", cell["mise_a_jour"])
    for column, name in TEXTS.items():
        checks.put(record, **{name: cell[column]})
    for column, (name, choices) in CHOICES.items():
        if cell[column] and cell[column] not in choices.values:
            record.wrong(column, f"« {cell[column][:40]} » n’est pas une valeur de cette colonne.")
        else:
            record.fields[name] = cell[column]
    for column, (name, choices) in SEVERAL.items():
        values = several(cell[column], "|")
        if odd := [one for one in values if one not in choices.values]:
            record.wrong(column, f"« {odd[0][:40]} » n’est pas une valeur de cette colonne.")
        else:
            record.fields[name] = values
    record.fields["is_itinerant"] = bool(checks.yes_or_no(record, "itinerant", cell["itinerant"]))
    record.fields["is_accessible"] = checks.yes_or_no(record, "accessible", cell["accessible"])
    _nested(record, cell)
    return record


def _nested(record: Record, cell: Row) -> None:
    for column, reader in (("horaires_regles", _hours), ("services", _offers)):
        try:
            reader(record, json.loads(cell[column] or "null"), cell)
        except (ValueError, TypeError, KeyError, AttributeError):
            record.wrong(column, "Cette colonne n’est pas lisible : elle ne s’écrit pas à la main.")


def _hours(record: Record, said: Any, cell: Row) -> None:
    said = said or {}
    record.hours = Hours(
        [_rule(one) for one in said.get("regles", [])],
        [ExceptionData(**_dated(one)) for one in said.get("exceptions", [])],
        cell["horaires_texte"],
    )


def _rule(said: dict[str, Any]) -> RuleData:
    return RuleData(**_dated(said))


def _offers(record: Record, said: Any, cell: Row) -> None:
    record.offers = [OfferRecord(**_dated(one)) for one in said or []]


_DATES = ("valid_from", "valid_until", "first_day", "last_day", "since", "until")


def _dated(said: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in _DATES and value else value
        for name, value in said.items()
    }


def plain(thing: Any) -> dict[str, Any]:
    """A dataclass as JSON says it, what is at its default left out."""
    empty = {one.name: one.default for one in fields(thing)}
    found = {}
    for name, value in asdict(thing).items():
        if value == empty.get(name) or value in ([], "", None):
            continue
        found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def write(record: Record) -> Row:
    field = record.fields.get
    hours = record.hours or Hours()
    row: Row = dict.fromkeys(COLUMNS, "")
    row |= {column: field(name) or "" for column, name in TEXTS.items()}
    row |= {column: str(field(name) or "") for column, (name, _) in CHOICES.items()}
    row |= {column: "|".join(field(name) or []) for column, (name, _) in SEVERAL.items()}
    for column, name in FLAGS.items():
        value = field(name)
        row[column] = "" if value is None else "oui" if value else "non"
    rules = {
        "regles": [plain(one) for one in hours.rules],
        "exceptions": [plain(one) for one in hours.exceptions],
    }
    row |= {
        "id": record.external_id,
        "nom": field("name", ""),
        "code_postal": record.postcode,
        "code_insee": record.commune_code,
        "commune": record.commune_name,
        "latitude": checks.number(record.latitude),
        "longitude": checks.number(record.longitude),
        "horaires": write_osm(hours.rules, hours.exceptions).text,
        "horaires_regles": _json(rules) if hours.rules or hours.exceptions else "",
        "horaires_texte": hours.text,
        "services": _json([plain(one) for one in record.offers]) if record.offers else "",
        "mise_a_jour": record.told_on.isoformat() if record.told_on else "",
    }
    return row


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


OWN = Format(
    key="preau",
    label="CSV de Préau",
    columns=COLUMNS,
    needed=NEEDED,
    read=read,
    write=write,
)
