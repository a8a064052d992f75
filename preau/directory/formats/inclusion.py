"""data·inclusion v1: structures and their services, validated by the schema's own models."""

from __future__ import annotations

from datetime import date
from typing import Any

from data_inclusion.schema.v1 import Thematique
from data_inclusion.schema.v1.services import Service
from data_inclusion.schema.v1.structures import Structure
from pydantic import ValidationError

from preau.directory.enums import Profile, ServiceFamily
from preau.directory.formats import checks
from preau.directory.formats.osm_reading import read as read_hours
from preau.directory.formats.osm_writing import write as write_hours
from preau.directory.formats.records import Format, OfferRecord, Record, Row, text_of
from preau.places.enums import PlaceKind

SOURCE = "preau"
COLUMNS = (*Structure.model_fields, "services")
NEEDED = frozenset({"source", "id", "nom", "date_maj"})
_FAMILIES = {
    "creer-une-entreprise": ServiceFamily.TRAINING,
    "se-former": ServiceFamily.TRAINING,
    "sante": ServiceFamily.LIFE,
    "famille": ServiceFamily.LIFE,
    "remobilisation": ServiceFamily.LIFE,
    "trouver-un-emploi": ServiceFamily.WORKERS,
    "preparer-sa-candidature": ServiceFamily.WORKERS,
}
_FEES = {"gratuit": "Gratuit", "payant": "Payant"}
THEMES: dict[str, str] = {one.value: one.label for one in Thematique}


def read(row: Row, today: date) -> Record:
    """A structure, with its services under « services »."""
    record = Record(external_id=text_of(row.get("id")))
    services = row.get("services") or []
    structure = {name: value for name, value in row.items() if name != "services"}
    _faults(record, Structure, structure, "")
    checks.name(record, "nom", row.get("nom"))
    checks.code(record, "code_insee", row.get("code_insee"))
    checks.postcode(record, "code_postal", row.get("code_postal"))
    checks.position(record, row.get("latitude"), row.get("longitude"))
    record.commune_name = text_of(row.get("commune"))
    record.told_on = checks.day(record, "date_maj", row.get("date_maj"))
    checks.put(
        record,
        kind=str(PlaceKind.MAISON_SERVICES),
        main_profile=str(Profile.MEDIATION),
        description=text_of(row.get("description")),
        address=text_of(row.get("adresse")),
        address_more=text_of(row.get("complement_adresse")),
        phone=checks.phone(record, "telephone", row.get("telephone")),
        email=checks.email(record, "courriel", row.get("courriel")),
        website=checks.web(record, "site_web", row.get("site_web")),
        accessibility_url=checks.web(record, "accessibilite_lieu", row.get("accessibilite_lieu")),
        siret=checks.siret(record, "siret", row.get("siret")),
    )
    record.hours = read_hours(text_of(row.get("horaires_accueil")), today=today)
    for remark in record.hours.remarks:
        record.note("horaires_accueil", remark)
    record.offers = []
    for rank, service in enumerate(services, start=1):
        if _faults(record, Service, service, f"service {rank}, "):
            record.offers.append(_offer(service))
    return record


def _faults(record: Record, model: Any, said: Any, where: str) -> bool:
    """Whether the schema accepts it; each fault is said, with its field."""
    try:
        model.model_validate(said)
    except ValidationError as error:
        for fault in error.errors():
            column = ".".join(str(one) for one in fault["loc"])
            record.wrong(f"{where}{column}", _sentence(fault))
        return False
    return True


_WHY = {
    "missing": "Ce champ est nécessaire.",
    "string_too_long": "Ce texte est trop long.",
    "string_too_short": "« {said} » est trop court.",
    "string_pattern_mismatch": "« {said} » n’a pas la forme attendue.",
}


def _sentence(fault: Any) -> str:
    said = str(fault.get("input", ""))[:60]
    text = str(fault.get("ctx", {}).get("error", ""))
    if fault["type"] == "value_error" and text[:3] in {"La ", "Le ", "`to"}:  # the schema's own
        return text
    why = _WHY.get(fault["type"], "« {said} » n’est pas une valeur du schéma.")
    return why.format(said=said)


def _offer(service: Row) -> OfferRecord:
    themes = sorted(service.get("thematiques") or [])
    theme = str(themes[0]) if themes else ""
    fee = service.get("frais_precisions") or _FEES.get(str(service.get("frais") or ""), "")
    return OfferRecord(
        name=text_of(service.get("nom"))[:160],
        family=_FAMILIES.get(theme.partition("--")[0], ServiceFamily.PUBLIC_SOCIAL),
        theme=theme,
        description=text_of(service.get("description")),
        publics=sorted(service.get("publics") or []),
        fee=str(fee)[:120],
        external_id=text_of(service.get("id"))[:120],
    )


def write(record: Record) -> Row:
    field = record.fields.get
    day = record.told_on.isoformat() if record.told_on else ""
    hours = record.hours
    structure: Row = {
        "source": SOURCE,
        "id": record.external_id,
        "nom": _name(field("name", "")),
        "date_maj": day,
        "description": _long(field("description", "")),
        "siret": field("siret") or None,
        "commune": record.commune_name or None,
        "code_postal": record.postcode or None,
        "code_insee": record.commune_code or None,
        "adresse": field("address") or None,
        "complement_adresse": field("address_more") or None,
        "longitude": record.longitude,
        "latitude": record.latitude,
        "telephone": field("phone") or None,
        "courriel": field("email") or None,
        "site_web": field("website") or None,
        "horaires_accueil": write_hours(hours.rules, hours.exceptions).text or None
        if hours
        else None,
        "accessibilite_lieu": field("accessibility_url") or None,
    }
    row = {name: structure.get(name) for name in COLUMNS}
    row["services"] = [
        _service(record, one, rank, day) for rank, one in enumerate(record.offers or [], start=1)
    ]
    return row


def _service(record: Record, offer: OfferRecord, rank: int, day: str) -> Row:
    free = offer.fee.lower().startswith("gratuit")
    return {
        "source": SOURCE,
        "structure_id": record.external_id,
        "id": offer.external_id or f"{record.external_id}-{rank}",
        "nom": _name(offer.name),
        "description": _long(offer.description) or f"{offer.name}, {record.fields.get('name')}",
        "date_maj": day,
        "thematiques": [offer.theme] if offer.theme in THEMES else None,
        "frais": ("gratuit" if free else "payant") if offer.fee else None,
        "frais_precisions": offer.fee if offer.fee and offer.fee not in _FEES.values() else None,
        "publics": [one for one in offer.publics if one] or None,
        "commune": record.commune_name or None,
        "code_postal": record.postcode or None,
        "code_insee": record.commune_code or None,
    }


def _name(text: str) -> str:
    return text[:150].rstrip(". ") if not text.endswith("etc.") else text[:150]


def _long(text: str) -> str | None:
    return text[:10_000] if len(text) >= 5 else None


def faults(row: Row) -> list[str]:
    """What the schema says against a row of ours, before it is published."""
    record = Record()
    _faults(record, Structure, {k: v for k, v in row.items() if k != "services"}, "")
    for rank, service in enumerate(row["services"], start=1):
        _faults(record, Service, service, f"service {rank}, ")
    return [f"{column} : {sentence}" for column, sentence in record.problems]


INCLUSION = Format(
    key="data-inclusion",
    label="data·inclusion v1 (JSON)",
    columns=COLUMNS,
    needed=NEEDED,
    read=read,
    write=write,
    cannot="La nature du lieu, ses profils, son origine, son animation, ce qui se partage,"
    " l’itinérance, et pour chaque service : son niveau et quand il est rendu.",
)
