"""The columns of the file: their names, what they mean, an example; and the template itself."""

from __future__ import annotations

import csv
import io

from preau.core.tables.columns import Column, names_of

COLUMNS = (
    Column(
        "name",
        "lieu",
        "Nom du lieu, répété pour chacun de ses espaces.",
        ("Maison des associations", "Maison des associations"),
        True,
        ("nom du lieu", "nom"),
    ),
    Column(
        "kind",
        "nature du lieu",
        "Par exemple Gymnase, Salle polyvalente, Médiathèque.",
        ("Maison des associations", ""),
    ),
    Column(
        "address",
        "adresse",
        "Numéro et rue, répétés pour chacun de ses espaces.",
        ("12 rue des Écoles", "12 rue des Écoles"),
        True,
    ),
    Column(
        "postcode",
        "code postal",
        "Utile quand plusieurs communes portent le même nom.",
        ("38000", ""),
        aliases=("cp",),
    ),
    Column(
        "commune",
        "commune",
        "Nom de la commune, ou son code INSEE.",
        ("Grenoble", ""),
        aliases=("ville", "code insee", "insee"),
    ),
    Column(
        "latitude",
        "latitude",
        "Facultative. Sans elle, l’adresse est cherchée sur la carte.",
        ("45,1885", ""),
        aliases=("lat",),
    ),
    Column(
        "longitude",
        "longitude",
        "Facultative, avec la latitude.",
        ("5,7245", ""),
        aliases=("lon", "lng"),
    ),
    Column(
        "description",
        "présentation du lieu",
        "Ce que lira le public.",
        ("Au cœur du quartier, près du tram.", ""),
    ),
    Column(
        "is_accessible",
        "accessible",
        "oui ou non : aux personnes à mobilité réduite.",
        ("oui", ""),
        aliases=("pmr",),
    ),
    Column("contact_phone", "téléphone", "Celui du lieu.", ("04 76 00 00 00", "")),
    Column("contact_email", "courriel", "Celui du lieu.", ("accueil@exemple.fr", "")),
    Column(
        "space_name",
        "espace",
        "Ce qui se réserve : une salle, un terrain, une place.",
        ("Grande salle", "Salle de réunion"),
        True,
        ("nom de l’espace", "salle"),
    ),
    Column(
        "space_kind",
        "nature de l’espace",
        "Par exemple Salle de réunion, Salle d’activités.",
        ("Salle d’activités", "Salle de réunion"),
        True,
    ),
    Column("capacity", "capacité", "Nombre de personnes au plus.", ("120", "15"), True),
    Column("surface", "surface", "En m².", ("140", "25"), aliases=("surface en m²",)),
    Column(
        "space_description",
        "présentation de l’espace",
        "Ce que lira le public.",
        ("Parquet, scène et cuisine attenante.", ""),
    ),
    Column(
        "hours",
        "horaires",
        "Quand on peut réserver. Vide : à régler plus tard.",
        ("lun-ven 8h-22h; sam 9h-18h", "lun-ven 8h-12h, 14h-18h"),
    ),
    Column(
        "approval",
        "validation",
        "immédiate, ou gestionnaire (chaque demande est examinée).",
        ("gestionnaire", "immédiate"),
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
KEYS = names_of(COLUMNS)


def template() -> str:
    """A file to fill in: the headings, and a place with two spaces."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([column.label for column in COLUMNS])
    for number in range(2):
        writer.writerow([column.examples[number] for column in COLUMNS])
    return "\ufeff" + out.getvalue()
