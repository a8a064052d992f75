"""Lists of places: read, written again, and what is said of bad ones. No database."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from data_inclusion.schema.v1.services import Service
from data_inclusion.schema.v1.structures import Structure

from preau.availability.opening import RuleData
from preau.core.errors import Refusal
from preau.directory.enums import ServiceLevel
from preau.directory.formats import files
from preau.directory.formats.data_es import DATA_ES
from preau.directory.formats.hours import ExceptionData, Hours
from preau.directory.formats.inclusion import INCLUSION, faults
from preau.directory.formats.mednum import MEDNUM
from preau.directory.formats.own import OWN
from preau.directory.formats.records import Format, OfferRecord, Record, Row, again

TODAY = date(2027, 1, 4)
MB = 1024 * 1024

MEDNUM_ROW = {
    "id": "mednum-12",
    "pivot": "21380185500015",
    "nom": "Espace numérique des Tilleuls",
    "commune": "Grenoble",
    "code_postal": "38000",
    "code_insee": "38185",
    "adresse": "12 rue des Tilleuls",
    "latitude": "45.18842",
    "longitude": "5.72453",
    "typologie": "BIB;ASSO",
    "telephone": "+33476000000",
    "courriels": "accueil@tilleuls.example;contact@tilleuls.example",
    "site_web": "https://tilleuls.example",
    "horaires": "Mo-Fr 09:00-12:00,14:00-17:00; PH off",
    "presentation_resume": "Un lieu",
    "presentation_detail": "Un lieu ouvert à tous",
    "source": "Hub",
    "itinerance": "Fixe",
    "date_maj": "2026-10-02",
    "services": "Aide aux démarches administratives;Loisirs et créations numériques",
    "frais_a_charge": "Gratuit",
    "formations_labels": "Aidants Connect;France Services",
    "modalites_acces": "Se présenter;Téléphoner",
    "fiche_acces_libre": "https://acceslibre.example/tilleuls",
    "prise_rdv": "https://rdv.example/tilleuls",
}
DATA_ES_ROW = {
    "inst_numero": "I381850001",
    "inst_nom": "Complexe des Écureuils",
    "inst_adresse": "3 allée du Stade",
    "inst_cp": "38000",
    "inst_com_code": "38185",
    "inst_com_nom": "Grenoble",
    "inst_acc_handi_bool": "true",
    "equip_numero": "E001I381850001",
    "equip_nom": "Gymnase A",
    "equip_type_name": "Salle multisports (gymnase)",
    "equip_x": "5.72453",
    "equip_y": "45.18842",
    "equip_surf": "1056",
    "equip_maj_date": "2026-03-01",
    "aps_name": "Basket-ball;Badminton",
}
STRUCTURE = {
    "source": "dora",
    "id": "dora--42",
    "nom": "Maison des droits",
    "date_maj": "2024-02-14",
    "description": "Accueil et orientation de tous.",
    "siret": "13003013300016",
    "commune": "Grenoble",
    "code_postal": "38000",
    "code_insee": "38185",
    "adresse": "1 place de la Paix",
    "longitude": 5.72,
    "latitude": 45.18,
    "telephone": "+33476000001",
    "horaires_accueil": "Mo-Fr 08:30-12:30; PH off",
    "reseaux_porteurs": ["mission-locale"],
}
SERVICE = {
    "source": "dora",
    "structure_id": "dora--42",
    "id": "dora--42-1",
    "nom": "Aide aux démarches",
    "description": "Un médiateur aide à faire ses démarches.",
    "date_maj": "2024-02-14",
    "type": "accompagnement",
    "thematiques": [
        "numerique--acceder-a-des-services-en-ligne",
        "sante--acces-aux-soins",
    ],
    "frais": "gratuit",
    "publics": ["tous-publics"],
}


def _whole(row: dict[str, Any], form: Format) -> Row:
    empty: Any = None if form is INCLUSION else ""
    return {name: row.get(name, empty) for name in form.columns}


def _sent(rows: list[Row], form: Format) -> files.Sent:
    text = "".join(files.csv_text(form.columns, rows))
    return files.open_file(text.encode(), most_bytes=MB, most_rows=100)


@pytest.mark.parametrize(
    ("form", "row"),
    [
        (MEDNUM, MEDNUM_ROW),
        (DATA_ES, DATA_ES_ROW),
        (INCLUSION, STRUCTURE | {"services": [SERVICE]}),
    ],
)
def test_a_row_comes_back_as_it_came(form: Format, row: Row) -> None:
    raw = _whole(row, form)
    record = form.read(raw, TODAY)
    assert not record.problems
    assert again(form.write(record), form.write(form.read(raw, TODAY)), raw) == raw
    # What has changed since shows through, and nothing else does.
    record.fields["name"] = "Un autre nom – Ici"
    changed = again(form.write(record), form.write(form.read(raw, TODAY)), raw)
    different = {name for name in raw if changed[name] != raw[name]}
    assert different <= {"nom", "inst_nom", "equip_nom"} and different


@pytest.mark.parametrize(
    ("form", "row", "lost"),
    [
        (
            MEDNUM,
            MEDNUM_ROW,
            # Columns that no sheet carries: kept beside it, and given back from there.
            {"courriels", "typologie", "presentation_resume", "source", "formations_labels",
             "modalites_acces"},
        ),
        (DATA_ES, DATA_ES_ROW, {"inst_numero", "equip_type_name", "equip_surf"}),
    ],
)  # fmt: skip
def test_what_a_sheet_alone_gives_back(form: Format, row: Row, lost: set[str]) -> None:
    raw = _whole(row, form)
    written = form.write(form.read(raw, TODAY))
    assert {name for name in raw if written[name] != raw[name]} == lost


@pytest.mark.parametrize(("form", "row"), [(MEDNUM, MEDNUM_ROW), (DATA_ES, DATA_ES_ROW)])
def test_a_csv_is_recognised_and_written_again_to_the_letter(form: Format, row: Row) -> None:
    raw = _whole(row, form)
    sent = _sent([raw, raw], form)
    assert sent.format == form.key
    rows = [dict(zip(sent.headings, cells, strict=True)) for _, cells in sent.rows]
    assert rows == [raw, raw]
    assert [number for number, _ in sent.rows] == [2, 3]


def _everything() -> Record:
    return Record(
        external_id="2f1c8a9e-0000-4000-8000-000000000001",
        fields={
            "name": "=Halle « L’Étincelle »",
            "kind": "fab_lab",
            "description": "Deux lignes\net une virgule, un ; point-virgule",
            "main_profile": "creation",
            "secondary_profiles": ["travail", "mediation"],
            "origin": "reconquis",
            "opening_mode": "semi_ouvert",
            "staffing": ["associations"],
            "animation": "forte",
            "colouring": ["numerique", "ess"],
            "shared": ["outils"],
            "is_itinerant": False,
            "is_accessible": None,
            "accessibility_url": "https://a.example/x",
            "address": "3 rue",
            "address_more": "Bâtiment B",
            "phone": "04 76 00 00 00",
            "email": "a@b.example",
            "website": "https://b.example",
            "appointment_url": "https://c.example",
            "siret": "13003013300016",
        },
        commune_code="2A004",
        commune_name="Ajaccio",
        postcode="20000",
        latitude=41.9192,
        longitude=8.7386,
        hours=Hours(
            [
                RuleData([3, 4], 20 * 60 + 10, 26 * 60, when="vacances"),
                RuleData([0], 540, 720, not_on_public_holidays=True, valid_from=date(2027, 1, 1)),
            ],
            [ExceptionData("ferme", date(2027, 5, 3), date(2027, 5, 9), reason="Travaux")],
            "sauf le premier lundi",
        ),
        offers=[
            OfferRecord(
                "Aide",
                theme="numerique--acceder-a-des-services-en-ligne",
                level=ServiceLevel.FULL,
                publics=["jeunes"],
                by_appointment=True,
                since=date(2026, 1, 1),
            )
        ],
        told_on=date(2024, 12, 1),
    )


def test_our_own_csv_loses_nothing() -> None:
    record = _everything()
    sent = _sent([OWN.write(record)], OWN)
    assert sent.format == OWN.key
    again_ = OWN.read(dict(zip(sent.headings, sent.rows[0][1], strict=True)), TODAY)
    assert again_ == record
    assert OWN.write(again_) == OWN.write(record)


def test_our_geojson_loses_nothing() -> None:
    record = _everything()
    text = "".join(files.geojson_text([OWN.write(record)] * 2))
    assert json.loads(text)["features"][0]["geometry"]["coordinates"] == [8.7386, 41.9192]
    sent = files.open_file(text.encode(), most_bytes=MB, most_rows=10)
    assert sent.format == OWN.key
    assert OWN.read(dict(zip(sent.headings, sent.rows[1][1], strict=True)), TODAY) == record


def test_data_inclusion_is_written_as_its_schema_wants() -> None:
    record = _everything()
    record.fields["name"] = "Un nom qui finit par un point."
    row = INCLUSION.write(record)
    assert faults(row) == []
    said = json.loads("".join(files.inclusion_text([row])))
    Structure.model_validate(said["structures"][0])
    Service.model_validate(said["services"][0])
    sent = files.open_file(json.dumps(said).encode(), most_bytes=MB, most_rows=10)
    assert sent.format == INCLUSION.key
    back = INCLUSION.read(dict(zip(sent.headings, sent.rows[0][1], strict=True)), TODAY)
    assert INCLUSION.write(back) == row


# --- Bad files


def _csv(text: str, encoding: str = "utf-8") -> files.Sent:
    return files.open_file(text.encode(encoding), most_bytes=MB, most_rows=10)


@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ("utf-8", "UTF-8."),
        ("utf-8-sig", "BOM"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
    ],
)
def test_the_encoding_is_found_and_said(encoding: str, says: str) -> None:
    sent = _csv("nom;commune\nMédiathèque de l’Été;Grenoble\n", encoding)
    assert sent.rows[0][1][0] == "Médiathèque de l’Été"
    assert says in sent.told[0]


def test_accents_broken_by_whoever_wrote_the_file_are_said() -> None:
    sent = _csv("nom,commune\nMÃ©diathÃ¨que,Grenoble\n")
    assert "mauvais encodage" in sent.told[1]


def test_a_missing_column_of_a_known_format_is_said() -> None:
    columns = [name for name in MEDNUM.columns if name != "pivot"]
    sent = _csv(",".join(columns) + "\n" + ",".join("x" for _ in columns))
    assert sent.format == files.TABLE
    assert "« pivot »" in sent.told[1]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "aucun lieu"),
        (b"nom,commune\n", "aucun lieu"),
        (b'{"structures": [', "ligne 1"),
        (b'{"bonjour": 1}', "liste de lieux"),
        (b"\x00\x01\x02", "pas un fichier de texte"),
        (b"PK\x03\x04zzz", "classeur"),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        files.open_file(content, most_bytes=MB, most_rows=10)


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"latitude": "5.72453", "longitude": "45.18842"}, "latitude", "inversées"),
        ({"latitude": "145.2"}, "latitude", "pas une position sur Terre"),
        ({"latitude": "12.5", "longitude": "100.2"}, "latitude", "n’est pas en France"),
        ({"latitude": "quarante-cinq"}, "latitude", "n’est pas un nombre"),
        ({"code_insee": "Grenoble"}, "code_insee", "pas un code de commune"),
        ({"nom": ""}, "nom", "manque"),
        ({"id": ""}, "id", "nécessaire"),
        ({"date_maj": "hier"}, "date_maj", "pas lisible"),
    ],
)
def test_a_wrong_cell_is_said_with_its_column(change: Row, column: str, says: str) -> None:
    record = MEDNUM.read(_whole(MEDNUM_ROW | change, MEDNUM), TODAY)
    assert [(where, says in sentence) for where, sentence in record.problems] == [(column, True)]


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"latitude": "45,18842", "longitude": "5,72453"}, "latitude", "virgule"),
        ({"horaires": "Lu-Ve 9h-12h"}, "horaires", "gardés tels quels"),
        ({"code_insee": "1004"}, "code_insee", "zéro perdu"),
        ({"courriels": "pas une adresse"}, "courriels", "pas une adresse"),
    ],
)
def test_a_cell_that_forbids_nothing_is_remarked(change: Row, column: str, says: str) -> None:
    record = MEDNUM.read(_whole(MEDNUM_ROW | change, MEDNUM), TODAY)
    assert not record.problems
    assert any(where == column and says in sentence for where, sentence in record.remarks)


def test_data_inclusion_faults_are_those_of_its_schema() -> None:
    wrong = STRUCTURE | {
        "nom": "X",
        "siret": "12",
        "date_maj": "1990-01-01",
        "services": [SERVICE | {"thematiques": ["inconnue"]}],
    }
    record = INCLUSION.read(_whole(wrong, INCLUSION), TODAY)
    columns = {column for column, _ in record.problems}
    assert columns == {"nom", "siret", "date_maj", "service 1, thematiques.0"}
    assert not record.offers
