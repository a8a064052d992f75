"""The same facts for search engines: schema.org, as JSON-LD."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

from preau.core.structured import script
from preau.places.models import Photo, Place, Space, SpaceEquipment


def place_data(place: Place, url: str, photos: list[Photo], site: str) -> SafeString:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "CivicStructure",
        "name": place.name,
        "url": url,
        "additionalType": place.get_kind_display(),
        "address": _address(place),
        "geo": _geo(place),
        "publicAccess": True,
    }
    data |= _optional(place, photos, site)
    if place.max_attendance:
        data["maximumAttendeeCapacity"] = place.max_attendance
    return script(data)


def space_data(
    space: Space,
    url: str,
    photos: list[Photo],
    equipment: list[SpaceEquipment],
    site: str,
    *,
    has_tariff: bool = False,
) -> SafeString:
    place = space.place
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Place",
        "name": f"{space.name}, {place.name}",
        "url": url,
        "additionalType": space.get_kind_display(),
        "address": _address(place),
        "geo": _geo(place),
        "maximumAttendeeCapacity": space.capacity,
        "containedInPlace": {"@type": "CivicStructure", "name": place.name},
        "amenityFeature": [
            {
                "@type": "LocationFeatureSpecification",
                "name": one.get_kind_display(),
                "value": one.quantity,
            }
            for one in equipment
        ],
    }
    if space.price_from_cents is not None and not has_tariff:
        data["isAccessibleForFree"] = space.price_from_cents == 0
    return script(data | _optional(place, photos, site, space.description))


def _optional(
    place: Place, photos: list[Photo], site: str, description: str = ""
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if text := description or place.description:
        found["description"] = text
    if photos:
        found["image"] = [site + photo.url for photo in photos]
    if place.contact_phone:
        found["telephone"] = place.contact_phone
    return found


def _address(place: Place) -> dict[str, str]:
    return {
        "@type": "PostalAddress",
        "streetAddress": place.address,
        "postalCode": place.postcode,
        "addressLocality": place.commune.name,
        "addressCountry": "FR",
    }


def _geo(place: Place) -> dict[str, Any]:
    return {
        "@type": "GeoCoordinates",
        "latitude": round(place.latitude, 6),
        "longitude": round(place.longitude, 6),
    }
