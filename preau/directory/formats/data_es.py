"""Data ES: the national census of sports facilities (CSV, one line a facility)."""

from __future__ import annotations

from datetime import date

from preau.core.tables.cells import words
from preau.directory.enums import Profile, ServiceFamily, Shared
from preau.directory.formats import checks
from preau.directory.formats.records import (
    Format,
    OfferRecord,
    Record,
    Row,
    joined,
    several,
    text_of,
)
from preau.places.enums import PlaceKind

COLUMNS = (
    *("inst_numero", "inst_nom", "inst_adresse", "inst_cp", "inst_com_code", "inst_com_nom"),
    *("inst_siret", "inst_uai", "inst_acc_handi_bool", "inst_trans_bool", "equip_numero"),
    *("equip_nom", "equip_type_code", "equip_type_name", "equip_type_famille", "equip_x"),
    *("equip_y", "equip_surf", "equip_long", "equip_larg", "equip_nature", "equip_eclair"),
    *("equip_acc_libre", "equip_ouv_public_bool", "equip_loc_bool", "equip_saison"),
    *("equip_douche", "equip_sanit", "equip_prop_type", "equip_gest_type", "equip_utilisateur"),
    *("equip_url", "equip_maj_date", "aps_name"),
)
NEEDED = frozenset({"inst_numero", "inst_nom", "equip_numero", "equip_nom", "inst_com_code"})
_BETWEEN = " – "


def read(row: Row, today: date) -> Record:
    cell = {name: text_of(row.get(name)) for name in COLUMNS}
    record = Record(external_id=cell["equip_numero"])
    if not record.external_id:
        record.wrong("equip_numero", "Cette colonne est nécessaire.")
    both = [one for one in (cell["inst_nom"], cell["equip_nom"]) if one]
    checks.name(record, "equip_nom", _BETWEEN.join(both))
    checks.code(record, "inst_com_code", cell["inst_com_code"])
    checks.postcode(record, "inst_cp", cell["inst_cp"])
    checks.position(record, cell["equip_y"], cell["equip_x"], columns=("equip_y", "equip_x"))
    record.commune_name = cell["inst_com_nom"]
    record.told_on = checks.day(record, "equip_maj_date", cell["equip_maj_date"])
    record.offers = [
        OfferRecord(name=one[:160], family=ServiceFamily.LIFE) for one in several(cell["aps_name"])
    ]
    checks.put(
        record,
        kind=str(_kind(cell)),
        main_profile=str(Profile.CREATION),
        shared=[str(Shared.ROOMS), str(Shared.EQUIPMENT)],
        address=cell["inst_adresse"],
        siret=checks.siret(record, "inst_siret", cell["inst_siret"]),
        website=checks.web(record, "equip_url", cell["equip_url"]),
        is_accessible=checks.yes_or_no(record, "inst_acc_handi_bool", cell["inst_acc_handi_bool"]),
    )
    return record


def _kind(cell: Row) -> PlaceKind:
    said = words(f"{cell['equip_type_name']} {cell['equip_nom']}")
    if "polyvalente" in said or "salle des fetes" in said:
        return PlaceKind.SALLE_POLYVALENTE
    if "gymnase" in said or "salle multisports" in said:
        return PlaceKind.GYMNASE
    return PlaceKind.EQUIPEMENT_SPORTIF


def write(record: Record) -> Row:
    field = record.fields.get
    inst, _, equip = str(field("name", "")).partition(_BETWEEN)
    accessible = field("is_accessible")
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "inst_nom": inst,
        "inst_adresse": field("address", ""),
        "inst_cp": record.postcode,
        "inst_com_code": record.commune_code,
        "inst_com_nom": record.commune_name,
        "inst_siret": field("siret", ""),
        "inst_acc_handi_bool": "" if accessible is None else str(bool(accessible)).lower(),
        "equip_numero": record.external_id,
        "equip_nom": equip or inst,
        "equip_x": checks.number(record.longitude),
        "equip_y": checks.number(record.latitude),
        "equip_url": field("website", ""),
        "equip_maj_date": record.told_on.isoformat() if record.told_on else "",
        "aps_name": joined([one.name for one in record.offers or []]),
    }
    return row


DATA_ES = Format(
    key="data-es",
    label="Data ES, équipements sportifs (CSV)",
    columns=COLUMNS,
    needed=NEEDED,
    read=read,
    write=write,
    cannot="Les horaires, la présentation, les contacts, les profils, et pour chaque service :"
    " sa famille, son niveau, qui le rend.",
)
