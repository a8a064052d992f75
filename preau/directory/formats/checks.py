"""Cells that many formats share: positions, telephones, addresses of pages, yes and no."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from preau.core.tables.cells import Unreadable, day_of, words
from preau.directory.formats.records import Record, text_of
from preau.places.enums import PlaceKind

#: Where France is, overseas included, as (south, north, west, east).
_LANDS = (
    (41.0, 51.6, -5.6, 9.8),
    (14.2, 18.3, -63.3, -60.7),
    (2.0, 6.0, -54.7, -51.5),
    (-21.5, -20.8, 55.1, 55.9),
    (-13.2, -12.4, 44.9, 45.4),
    (46.6, 47.2, -56.5, -56.0),
    (-28.0, -7.0, -155.0, -134.0),
    (-23.0, -17.9, 158.0, 172.5),
    (-14.5, -13.0, -178.5, -176.0),
)
_YES = {"oui", "yes", "true", "vrai", "1", "x", "o", "itinerant"}
_NO = {"non", "no", "false", "faux", "0", "n", "fixe"}
_url = URLValidator(schemes=["http", "https"])
_BY_WORDS = {words(one.label): one for one in PlaceKind} | {
    words(one.value): one for one in PlaceKind
}


def in_france(latitude: float, longitude: float) -> bool:
    return any(
        south <= latitude <= north and west <= longitude <= east
        for south, north, west, east in _LANDS
    )


def position(
    record: Record,
    latitude: object,
    longitude: object,
    *,
    columns: tuple[str, str] = ("latitude", "longitude"),
) -> None:
    """Fill in the position; say what is wrong with it."""
    written = (text_of(latitude), text_of(longitude))
    if not any(written):
        return
    numbers = []
    for column, said in zip(columns, written, strict=True):
        cell = said if "." in said else said.replace(",", ".")
        if cell != said:
            record.note(column, "La virgule décimale a été lue comme un point.")
        try:
            numbers.append(float(cell))
        except ValueError:
            record.wrong(column, f"« {cell} » n’est pas un nombre. Écrivez par exemple : 45.18842.")
            return
    lat, lon = numbers
    if not -90 <= lat <= 90 or not -180 <= lon <= 180:
        record.wrong(columns[0], f"({lat:g}, {lon:g}) n’est pas une position sur Terre, en degrés.")
    elif in_france(lat, lon):
        record.latitude, record.longitude = lat, lon
    elif in_france(lon, lat):
        record.wrong(columns[0], "La latitude et la longitude semblent inversées.")
    else:
        record.wrong(columns[0], f"({lat:g}, {lon:g}) n’est pas en France.")


def yes_or_no(record: Record, column: str, cell: object) -> bool | None:
    said = words(text_of(cell))
    if not said:
        return None
    if said in _YES:
        return True
    if said in _NO:
        return False
    record.wrong(column, f"« {text_of(cell)} » : écrivez oui ou non.")
    return None


def phone(record: Record, column: str, cell: object) -> str:
    """The first number; the others are said."""
    text = re.sub(r"[.\u00a0\u202f]", " ", text_of(cell))
    numbers = [one.strip() for one in re.split(r"[/;,]|\bou\b", text) if one.strip()]
    if not numbers:
        return ""
    if len(numbers) > 1:
        record.note(column, f"Seul le premier numéro est repris : {numbers[0]}.")
    first = re.sub(r"\s+", " ", numbers[0])
    if len(first) > 20 or not re.fullmatch(r"[+\d\s()-]{3,20}", first):
        record.note(column, f"« {first[:40]} » n’est pas un numéro de téléphone : non repris.")
        return ""
    return first


def email(record: Record, column: str, cell: object) -> str:
    addresses = [one.strip() for one in re.split(r"[;,\s]+|\|", text_of(cell)) if one.strip()]
    if len(addresses) > 1:
        record.note(column, f"Seule la première adresse est reprise : {addresses[0]}.")
    for one in addresses[:1]:
        try:
            validate_email(one)
        except ValidationError:
            record.note(column, f"« {one[:60]} » n’est pas une adresse électronique : non reprise.")
            return ""
        return one
    return ""


def web(record: Record, column: str, cell: object) -> str:
    pages = [one.strip() for one in re.split(r"[;|\s]+", text_of(cell)) if one.strip()]
    if not pages:
        return ""
    first = pages[0] if "://" in pages[0] else f"https://{pages[0]}"
    try:
        _url(first)
    except ValidationError:
        record.note(column, f"« {pages[0][:60]} » n’est pas l’adresse d’une page : non reprise.")
        return ""
    if len(first) > 200:
        record.note(column, "Cette adresse de page est trop longue : non reprise.")
        return ""
    return first


def siret(record: Record, column: str, cell: object) -> str:
    digits = re.sub(r"\s", "", text_of(cell))
    if digits and not re.fullmatch(r"\d{14}", digits):
        record.note(column, f"« {digits[:20]} » n’est pas un SIRET (14 chiffres) : non repris.")
        return ""
    return digits


def day(record: Record, column: str, cell: object) -> date | None:
    text = text_of(cell)
    if not text:
        return None
    try:
        return day_of(text)
    except Unreadable as unreadable:
        record.wrong(column, str(unreadable))
        return None


def name(record: Record, column: str, cell: object) -> None:
    text = " ".join(text_of(cell).split())
    if not text:
        record.wrong(column, "Le nom du lieu manque.")
    if len(text) > 160:
        record.note(column, "Le nom dépasse 160 signes : il est coupé.")
    record.fields["name"] = text[:160]


def code(record: Record, column: str, cell: object) -> None:
    """The INSEE code, with the zero that spreadsheets eat."""
    text = re.sub(r"\s", "", text_of(cell)).upper()
    if re.fullmatch(r"\d{4}", text):
        text = f"0{text}"
        record.note(column, f"Le zéro perdu du code de la commune a été remis : {text}.")
    if text and not re.fullmatch(r"\d[\dAB]\d{3}", text):
        record.wrong(column, f"« {text[:20]} » n’est pas un code de commune (5 signes : 38185).")
        return
    record.commune_code = text


def postcode(record: Record, column: str, cell: object) -> None:
    text = re.sub(r"\s", "", text_of(cell))
    if re.fullmatch(r"\d{4}", text):
        text = f"0{text}"
    if text and not re.fullmatch(r"\d{5}", text):
        record.note(column, f"« {text[:20]} » n’est pas un code postal : non repris.")
        text = ""
    record.postcode = text


def unbroken(text: str) -> str:
    """« LÃ©guillon » → « Léguillon »: UTF-8 that somebody has read as Windows-1252."""
    if "Ã" not in text and "â€" not in text:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def plain_words(cell: object) -> str:
    """Compared without accents, capitals nor signs."""
    return words(text_of(cell))


def kind_of(cell: object) -> str:
    """The nature of a place from its words, or ""."""
    return str(_BY_WORDS.get(words(text_of(cell)), ""))


def put(record: Record, **fields: Any) -> None:
    """Fields, cut to what a sheet holds."""
    most = {"address": 200, "address_more": 200, "description": 20_000}
    for key, value in fields.items():
        too_long = isinstance(value, str) and key in most and len(value) > most[key]
        if too_long:
            record.note(key, f"Ce texte dépasse {most[key]} signes : il est coupé.")
        record.fields[key] = value[: most[key]] if too_long else value


def number(value: float | None) -> str:
    """As machines write it."""
    return "" if value is None else f"{value:.15g}"
