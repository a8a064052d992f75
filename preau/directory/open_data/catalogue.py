"""The catalogue in DCAT's words (JSON-LD), for portals that harvest it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from preau.directory.models import OpenDataFile
from preau.directory.open_data.exporting import EXPORTS, LICENCE_URL

TITLE = "Annuaire des lieux partagés et des services qui y sont rendus"
ABOUT = (
    "Lieux qui accueillent le public : nature, services, horaires, contacts. Tenu par leurs"
    " gestionnaires et par les collectivités ; refait chaque nuit."
)


def dcat(made: Iterable[OpenDataFile], page: str, address_of: Any) -> dict[str, Any]:
    """
    Args:
        address_of: the absolute address of a file, by its key.
    """
    made = list(made)
    latest = max((one.made_at for one in made), default=None)
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "spdx": "http://spdx.org/rdf/terms#",
        },
        "@type": "dcat:Dataset",
        "@id": page,
        "dct:title": TITLE,
        "dct:description": ABOUT,
        "dct:language": "fr",
        "dct:license": {"@id": LICENCE_URL},
        "dct:accrualPeriodicity": "http://publications.europa.eu/resource/authority/frequency/DAILY",
        "dct:modified": latest.isoformat() if latest else None,
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [_distribution(one, address_of(one.format)) for one in made],
    }


def _distribution(one: OpenDataFile, address: str) -> dict[str, Any]:
    export = EXPORTS[one.format]
    return {
        "@type": "dcat:Distribution",
        "dct:title": export.label,
        "dct:description": export.about,
        "dct:modified": one.made_at.isoformat(),
        "dct:license": {"@id": LICENCE_URL},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": export.media_type.partition(";")[0],
        "dcat:byteSize": one.file.size,
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": "sha256",
            "spdx:checksumValue": one.file.sha256,
        },
    }
