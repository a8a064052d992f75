"""Lieux de médiation numérique: the national CSV schema (comma, UTF-8, `;` inside a cell)."""

from __future__ import annotations

from datetime import date

from preau.core.tables.cells import words
from preau.directory.enums import Profile, ServiceFamily
from preau.directory.formats import checks
from preau.directory.formats.osm_reading import read as read_hours
from preau.directory.formats.osm_writing import write as write_hours
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
    *("id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse"),
    *("complement_adresse", "latitude", "longitude", "typologie", "telephone", "courriels"),
    *("site_web", "horaires", "presentation_resume", "presentation_detail", "source"),
    *("itinerance", "structure_parente", "date_maj", "services"),
    *("publics_specifiquement_adresses", "prise_en_charge_specifique", "frais_a_charge"),
    *("dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels"),
    *("modalites_acces", "modalites_accompagnement", "fiche_acces_libre", "prise_rdv"),
)
NEEDED = frozenset({"id", "nom", "commune", "code_postal", "adresse", "pivot", "date_maj"})
#: The schema's own words for services, and the theme of data·inclusion that is nearest.
SERVICES = {
    "Aide aux démarches administratives": "numerique--acceder-a-des-services-en-ligne",
    "Maîtrise des outils numériques du quotidien": "numerique--maitriser-les-fondamentaux-du-"
    "numerique",
    "Accès internet et matériel informatique": "numerique--acceder-a-une-connexion-internet",
    "Acquisition de matériel informatique à prix solidaire": "numerique--acquerir-un-equipement",
    "Utilisation sécurisée du numérique": "numerique--maitriser-les-fondamentaux-du-numerique",
    "Insertion professionnelle via le numérique": "",
    "Parentalité et éducation avec le numérique": "",
    "Loisirs et créations numériques": "",
    "Compréhension du monde numérique": "",
}
_BY_WORDS = {words(name): (name, theme) for name, theme in SERVICES.items()}
_KINDS = {
    "RFS": PlaceKind.MAISON_SERVICES,
    "TIERS_LIEUX": PlaceKind.COWORKING,
    "BIB": PlaceKind.MEDIATHEQUE,
    "MUNI": PlaceKind.MAIRIE,
    "MJC": PlaceKind.MJC,
    "ESPACE_PUBLIC_NUMERIQUE": PlaceKind.EPN,
    "EPN": PlaceKind.EPN,
    "ASSO": PlaceKind.MAISON_ASSOCIATIONS,
    "ESS": PlaceKind.EPN,
}
_TYPES = {kind: name for name, kind in reversed(_KINDS.items())}


def read(row: Row, today: date) -> Record:
    record = Record(external_id=text_of(row.get("id")))
    cell = {name: text_of(row.get(name)) for name in COLUMNS}
    for needed in ("id", "commune"):
        if not cell[needed]:
            record.wrong(needed, "Cette colonne est nécessaire.")
    checks.name(record, "nom", cell["nom"])
    checks.code(record, "code_insee", cell["code_insee"])
    checks.postcode(record, "code_postal", cell["code_postal"])
    checks.position(record, cell["latitude"], cell["longitude"])
    record.commune_name = cell["commune"]
    record.told_on = checks.day(record, "date_maj", cell["date_maj"])
    types = several(cell["typologie"])
    checks.put(
        record,
        kind=next((str(_KINDS[one]) for one in types if one in _KINDS), str(PlaceKind.EPN)),
        main_profile=str(Profile.MEDIATION),
        address=cell["adresse"],
        address_more=cell["complement_adresse"],
        phone=checks.phone(record, "telephone", cell["telephone"]),
        email=checks.email(record, "courriels", cell["courriels"]),
        website=checks.web(record, "site_web", cell["site_web"]),
        appointment_url=checks.web(record, "prise_rdv", cell["prise_rdv"]),
        accessibility_url=checks.web(record, "fiche_acces_libre", cell["fiche_acces_libre"]),
        description=cell["presentation_detail"] or cell["presentation_resume"],
        siret=cell["pivot"] if len(cell["pivot"]) == 14 and cell["pivot"].isdigit() else "",
        is_itinerant="itinerant" in words(cell["itinerance"]).split(),
    )
    _services(record, several(cell["services"]), cell)
    record.hours = read_hours(cell["horaires"], today=today)
    for remark in record.hours.remarks:
        record.note("horaires", remark)
    return record


def _services(record: Record, names: list[str], cell: Row) -> None:
    record.offers = []
    for name in names:
        said, theme = _BY_WORDS.get(words(name), (name, ""))
        if words(name) not in _BY_WORDS:
            record.note("services", f"« {name[:60]} » n’est pas un service de ce schéma.")
        record.offers.append(
            OfferRecord(
                name=said[:160],
                family=ServiceFamily.PUBLIC_SOCIAL,
                theme=theme,
                fee=cell["frais_a_charge"][:120],
                by_appointment="rendez vous" in words(cell["modalites_acces"]),
            )
        )


def write(record: Record) -> Row:
    field = record.fields.get
    hours = record.hours
    said = write_hours(hours.rules, hours.exceptions).text if hours else ""
    offers = record.offers or []
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "id": record.external_id,
        "pivot": field("siret", ""),
        "nom": field("name", ""),
        "commune": record.commune_name,
        "code_postal": record.postcode,
        "code_insee": record.commune_code,
        "adresse": field("address", ""),
        "complement_adresse": field("address_more", ""),
        "latitude": checks.number(record.latitude),
        "longitude": checks.number(record.longitude),
        "typologie": _TYPES.get(PlaceKind(field("kind") or PlaceKind.EPN), ""),
        "telephone": field("phone", ""),
        "courriels": field("email", ""),
        "site_web": field("website", ""),
        "horaires": said,
        "presentation_resume": field("description", "")[:280],
        "presentation_detail": field("description", ""),
        "itinerance": "Itinérant" if field("is_itinerant") else "Fixe",
        "date_maj": record.told_on.isoformat() if record.told_on else "",
        "services": joined([one.name for one in offers]),
        "frais_a_charge": joined(list(dict.fromkeys(one.fee for one in offers if one.fee))),
        "fiche_acces_libre": field("accessibility_url", ""),
        "prise_rdv": field("appointment_url", ""),
        "source": "Préau",
    }
    return row


MEDNUM = Format(
    key="mednum",
    label="Lieux de médiation numérique (CSV national)",
    columns=COLUMNS,
    needed=NEEDED,
    read=read,
    write=write,
    cannot="Les profils secondaires, l’origine, l’animation, ce qui se partage, la précision de la"
    " position, et pour chaque service : sa famille, son niveau, qui le rend et quand.",
)
