"""Addresses to positions: https://geoservices.ign.fr/documentation/services/services-geoplateforme/geocodage

The interface is addok's, which the Base Adresse Nationale and IGN's Géoplateforme share: `GET
<url>/search?q=…` answers a GeoJSON FeatureCollection, best match first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from preau.integrations.http import Service, Unavailable

__all__ = ["Address", "Unavailable", "search"]

TIMEOUT_SECONDS = 2.0
#: Under this score (0 to 1) the service itself calls a match doubtful.
LEAST_SCORE = 0.4
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Address:
    """A place found. Degrees; `commune_code` is INSEE's; `name` is the number and the street."""

    label: str
    latitude: float
    longitude: float
    commune_code: str
    score: float
    name: str = field(default="")
    postcode: str = field(default="")


def search(text: str, *, url: str, timeout: float = TIMEOUT_SECONDS) -> Address | None:
    """The best match for an address, or None when nothing resembles it.

    Args:
        url: the service's root, without `/search`.
        timeout: seconds, for the whole exchange.

    Raises:
        Rejected: it does not read such a text (fewer than 3 characters, none of them a letter).
        Unavailable: no answer in time, an error, or an answer of another shape.
    """
    query: dict[str, str | int] = {
        "q": " ".join(text.split())[:LONGEST_QUERY],
        "limit": 1,
        "autocomplete": 0,
    }
    said = Service(url, timeout=timeout).get("/search", query).json()
    try:
        features = said["features"]
        return _address(features[0]) if features else None
    except (ValueError, KeyError, TypeError, IndexError):
        raise Unavailable("the answer has another shape") from None


def _address(feature: dict[str, Any]) -> Address | None:
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    properties = feature["properties"]
    found = Address(
        label=str(properties["label"]),
        latitude=float(latitude),
        longitude=float(longitude),
        commune_code=str(properties["citycode"]),
        score=float(properties["score"]),
        name=str(properties.get("name") or ""),
        postcode=str(properties.get("postcode") or ""),
    )
    return found if found.score >= LEAST_SCORE else None
