"""Any table of places whose columns somebody has matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from preau.core import formats as french
from preau.core.tables.cells import clean
from preau.core.tables.columns import Column
from preau.directory.enums import OpeningMode, Profile
from preau.directory.formats import checks
from preau.directory.formats.hours import Hours
from preau.directory.formats.osm_grammar import WEEKDAYS
from preau.directory.formats.osm_reading import read as read_osm
from preau.directory.formats.plain_hours import Unreadable, read_week, week_of
from preau.directory.formats.records import OfferRecord, Record, Row, several, text_of
from preau.places.enums import PlaceKind

DAY_KEYS = tuple(f"h{day}" for day in range(7))
COLUMNS: tuple[Column, ...] = (
    Column(
        "id",
        "identifiant",
        "Propre à chaque lieu dans cette liste : un second import le reconnaît.",
        ("fs-12",),
        needed=True,
        aliases=("id", "id fs", "numero", "code", "reference", "uid"),
    ),
    Column(
        "name",
        "nom",
        "Le nom du lieu.",
        ("Maison des services de Mens",),
        needed=True,
        aliases=("nom du lieu", "lib fs", "libelle", "intitule", "denomination", "name"),
    ),
    Column(
        "kind",
        "nature",
        "Une nature de lieu de l’annuaire ; sinon celle choisie pour toute la liste.",
        ("Médiathèque",),
        aliases=("type", "type de lieu", "categorie"),
    ),
    Column("description", "présentation", "", aliases=("description", "presentation detail")),
    Column(
        "address",
        "adresse",
        "Numéro et rue.",
        ("12 rue des Tilleuls",),
        aliases=("rue", "voie", "adresse postale", "street"),
    ),
    Column(
        "address_more",
        "complément d’adresse",
        "",
        aliases=("complement", "batiment", "complement adresse"),
    ),
    Column(
        "code",
        "code INSEE de la commune",
        "Cinq signes ; le code postal n’en est pas un.",
        ("38226",),
        aliases=("insee com", "code insee", "insee", "code commune", "depcom", "com insee"),
    ),
    Column("postcode", "code postal", "", ("38710",), aliases=("cp", "postal code")),
    Column(
        "commune",
        "commune",
        "Son nom : utile sans code INSEE, avec le code postal.",
        ("Mens",),
        aliases=("lib com", "ville", "nom commune", "city", "localite"),
    ),
    Column(
        "departement",
        "département",
        "Son code : utile quand la commune n’est dite que par le nom du lieu.",
        ("38",),
        aliases=("insee dep", "code departement", "dep", "departement code"),
    ),
    Column("latitude", "latitude", "En degrés : 44.8167.", ("44.8167",), aliases=("lat", "y")),
    Column(
        "longitude",
        "longitude",
        "En degrés : 5.7500.",
        ("5.7500",),
        aliases=("lon", "long", "lng", "x"),
    ),
    Column("phone", "téléphone", "", aliases=("tel", "numero de telephone", "phone")),
    Column(
        "email",
        "adresse électronique",
        "",
        aliases=("mail", "courriel", "email", "e mail", "courriels"),
    ),
    Column("website", "site", "", aliases=("site web", "site internet", "url", "web")),
    Column(
        "appointment_url", "prise de rendez-vous", "L’adresse d’une page.", aliases=("prise rdv",)
    ),
    Column("siret", "SIRET", "", aliases=("siret",)),
    Column("is_itinerant", "itinérant", "oui ou non", aliases=("itinerance", "mobile")),
    Column(
        "is_accessible",
        "accessible",
        "oui ou non : aux personnes à mobilité réduite.",
        aliases=("pmr", "accessibilite", "accessible pmr"),
    ),
    Column("profile", "profil", "Médiation, travail ou création.", aliases=("profil principal",)),
    Column("opening_mode", "mode d’ouverture", "", aliases=("ouverture",)),
    Column(
        "services",
        "services rendus",
        "Séparés par des points-virgules ou des barres.",
        ("Aide aux démarches;Accès internet",),
        aliases=("services", "service", "thematiques"),
    ),
    Column(
        "hours",
        "horaires de la semaine",
        "En français ou au format OSM : « lundi au vendredi 9h-12h, 14h-17h ».",
        ("Mo-Fr 09:00-12:00; PH off",),
        aliases=("horaires", "opening hours", "horaires ouverture", "heures ouverture"),
    ),
    *(
        Column(
            key,
            f"horaires du {name}",
            "« 09:00-12:00 / 13:30-17:00 », « fermé », « sur rendez-vous ».",
            ("09:00-12:00",),
            aliases=(f"h {name}", name, f"horaires {name}", f"ouverture {name}"),
        )
        for key, name in zip(DAY_KEYS, french.WEEKDAYS, strict=True)
    ),
    Column(
        "comment",
        "précisions sur les horaires",
        "Montrées à côté des horaires, telles quelles.",
        aliases=("commentaire", "commentaires", "remarques", "precisions"),
    ),
)
BY_KEY = {one.key: one for one in COLUMNS}
_PROFILES = {"mediation": Profile.MEDIATION, "travail": Profile.WORK, "creation": Profile.CREATION}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is said of every place of a list that does not say it."""

    kind: str = PlaceKind.MAISON_SERVICES
    main_profile: str = Profile.MEDIATION
    services: list[dict[str, str]] = field(default_factory=list)  # {"family", "name"}


def read(row: Row, today: date, defaults: Defaults) -> Record:
    """
    Args:
        row: cells by key of `COLUMNS`; a column that the list has not is absent.
    """
    cell = {key: _said(value) for key, value in row.items()}
    record = Record(external_id=cell.get("id", "")[:120])
    record.departement_code = cell.get("departement", "").upper()
    for key, value in cell.items():
        if (mended := checks.unbroken(value)) != value:
            cell[key] = mended
            record.note(BY_KEY[key].label, f"Accents réparés : « {mended[:40]} ».")
    label = {key: BY_KEY[key].label for key in BY_KEY}
    if not record.external_id:
        record.wrong(label["id"], "L’identifiant manque : un second import ne le retrouverait pas.")
    checks.name(record, label["name"], cell.get("name", ""))
    checks.code(record, label["code"], cell.get("code", ""))
    checks.postcode(record, label["postcode"], cell.get("postcode", ""))
    record.commune_name = cell.get("commune", "")
    checks.position(record, cell.get("latitude"), cell.get("longitude"))
    _choices(record, cell, defaults)
    _texts(record, cell)
    _services(record, cell, defaults)
    record.hours = _hours(record, cell, today)
    return record


def _said(value: Any) -> str:
    text = clean(text_of(value))
    return "" if text.upper() in {"NULL", "0NULL", "N/A", "NAN", "NONE"} else text


def _texts(record: Record, cell: Mapping[str, str]) -> None:
    plain = {key: cell[key] for key in ("description", "address", "address_more") if key in cell}
    checks.put(record, **plain)
    for key, check in (
        ("phone", checks.phone),
        ("email", checks.email),
        ("website", checks.web),
        ("appointment_url", checks.web),
        ("siret", checks.siret),
    ):
        if key in cell:
            record.fields[key] = check(record, BY_KEY[key].label, cell[key])


def _choices(record: Record, cell: Mapping[str, str], defaults: Defaults) -> None:
    said = cell.get("kind", "")
    kind = checks.kind_of(said)
    if said and not kind:
        record.note(
            "nature", f"« {said[:40]} » n’est pas une nature de l’annuaire : celle de la liste."
        )
    profile = next(
        (one for word, one in _PROFILES.items() if word in checks.plain_words(cell.get("profile"))),
        None,
    )
    checks.put(
        record, kind=kind or defaults.kind, main_profile=str(profile or defaults.main_profile)
    )
    if "opening_mode" in cell:
        modes = {checks.plain_words(one.label): one for one in OpeningMode}
        record.fields["opening_mode"] = str(modes.get(checks.plain_words(cell["opening_mode"]), ""))
    if "is_itinerant" in cell:
        value = checks.yes_or_no(record, BY_KEY["is_itinerant"].label, cell["is_itinerant"])
        record.fields["is_itinerant"] = bool(value)
    if "is_accessible" in cell:
        value = checks.yes_or_no(record, BY_KEY["is_accessible"].label, cell["is_accessible"])
        record.fields["is_accessible"] = value


def _services(record: Record, cell: Mapping[str, str], defaults: Defaults) -> None:
    offers = [OfferRecord(name=one["name"], family=one["family"]) for one in defaults.services]
    names = several(cell.get("services", "").replace("|", ";"))
    offers += [OfferRecord(name=one[:160]) for one in names]
    if offers or "services" in cell:
        record.offers = offers


def _hours(record: Record, cell: Mapping[str, str], today: date) -> Hours | None:
    """Day by day, or a whole week in one cell; None when the list does not speak of hours."""
    days = {day: cell[key] for day, key in enumerate(DAY_KEYS) if key in cell}
    if not days and "hours" not in cell and "comment" not in cell:
        return None
    hours = Hours()
    notes: list[str] = []
    if any(days.values()):
        week = week_of(days)
        hours.rules, notes = week.rules, list(week.notes)
        for day, sentence in week.problems:
            record.note(BY_KEY[DAY_KEYS[day]].label, sentence)
            notes.append(f"{french.WEEKDAYS[day].capitalize()} : {days[day]} (à vérifier).")
    elif cell.get("hours"):
        hours, notes = _week(record, cell["hours"], today)
    if cell.get("comment"):
        notes.append(cell["comment"])
    text = " ".join(one for one in (hours.text, *notes) if one)
    if len(text) > 500:
        record.note(BY_KEY["comment"].label, "Ces précisions dépassent 500 signes : coupées.")
    hours.text = text[:500]
    return hours


def _week(record: Record, text: str, today: date) -> tuple[Hours, list[str]]:
    if any(text.startswith(one) for one in (*WEEKDAYS, "24/7", "PH", "SH")) and "undi" not in text:
        hours = read_osm(text, today=today)
        if hours.rules or hours.exceptions:
            for remark in hours.remarks:
                record.note(BY_KEY["hours"].label, remark)
            return hours, []
    try:
        week = read_week(text)
    except Unreadable as unreadable:
        hours = read_osm(text, today=today)
        if hours.rules or hours.exceptions:
            return hours, []
        record.note(BY_KEY["hours"].label, str(unreadable))
        return Hours(text=text), []
    return Hours(week.rules), week.notes


def keyed(mapping: Iterable[str], cells: Iterable[Any]) -> Row:
    """A line of the file by the keys of its columns."""
    return {key: cell for key, cell in zip(mapping, cells, strict=False) if key}
