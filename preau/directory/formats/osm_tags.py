"""A place as tags of OpenStreetMap, for whoever adds it there by hand."""

from __future__ import annotations

from preau.directory.formats.osm_writing import write as write_hours
from preau.directory.formats.records import Record
from preau.places.enums import PlaceKind

K = PlaceKind
_HALL = {"amenity": "community_centre"}
#: No tag says what is not here: an itinerant service is no place, some kinds are too wide.
TAGS: dict[str, dict[str, str]] = {
    K.SALLE_DES_FETES: _HALL | {"community_centre": "village_hall"},
    K.SALLE_POLYVALENTE: _HALL | {"community_centre": "village_hall"},
    K.GYMNASE: {"leisure": "sports_hall"},
    K.AUDITORIUM: {"amenity": "theatre"},
    K.ETABLISSEMENT_SCOLAIRE: {"amenity": "school"},
    K.MAISON_ASSOCIATIONS: _HALL | {"community_centre": "club_home"},
    K.MAIRIE: {"amenity": "townhall"},
    K.PLACE_PUBLIQUE: {"place": "square"},
    K.EPN: {"amenity": "internet_cafe"},
    K.MAISON_SERVICES: {"office": "government", "government": "public_service"},
    K.MJC: _HALL | {"community_centre": "youth_centre"},
    K.MEDIATHEQUE: {"amenity": "library"},
    K.MULTI_SERVICES: {"shop": "general"},
    K.COWORKING: {"amenity": "coworking_space"},
    K.CANTINE: {"amenity": "coworking_space"},
    K.TELECENTRE: {"amenity": "coworking_space"},
    K.CENTRE_AFFAIRES: {"amenity": "coworking_space"},
    K.JARDIN_PARTAGE: {"leisure": "garden", "garden:type": "community"},
    K.ATELIER_QUARTIER: _HALL,
    K.FAB_LAB: {"leisure": "hackerspace", "hackerspace": "makerspace"},
    K.HACKERSPACE: {"leisure": "hackerspace"},
    K.EQUIPEMENT_SPORTIF: {"leisure": "sports_centre"},
    K.GARE_HALLE_MARCHE: {"amenity": "marketplace"},
}


def tags_of(record: Record) -> dict[str, str]:
    """Only what is known; `opening_hours` only where it says exactly the same as our rules."""
    field = record.fields.get
    kind = PlaceKind(field("kind") or K.MAISON_SERVICES)
    tags = {"name": field("name", "")} | TAGS.get(kind, {})
    accessible = field("is_accessible")
    said = {
        "ref:FR:SIRET": field("siret"),
        "contact:phone": field("phone"),
        "contact:email": field("email"),
        "contact:website": field("website"),
        "addr:postcode": record.postcode,
        "addr:city": record.commune_name,
        "wheelchair": None if accessible is None else "yes" if accessible else "no",
    }
    if record.hours:
        written = write_hours(record.hours.rules, record.hours.exceptions)
        said["opening_hours"] = written.text if written.exact else None
    return tags | {name: str(value) for name, value in said.items() if value}
