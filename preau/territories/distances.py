"""Distances on the globe, in Python and in SQL, without a geographic extension."""

from __future__ import annotations

from math import asin, cos, degrees, radians, sin, sqrt

from django.db.models import F, FloatField, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import ASin, Cast, Cos, Least, Power, Radians, Sin, Sqrt

EARTH_RADIUS_KM = 6371.0088


def km_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres."""
    phi1, phi2 = radians(lat1), radians(lat2)
    half_lat = sin((phi2 - phi1) / 2)
    half_lon = sin(radians(lon2 - lon1) / 2)
    chord = half_lat**2 + cos(phi1) * cos(phi2) * half_lon**2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def distance_km(
    lat: float, lon: float, *, latitude: str = "latitude", longitude: str = "longitude"
) -> Combinable:
    """The same as an SQL expression on two columns: `.annotate(km=distance_km(45.2, 5.7))`."""
    half_lat = Sin((Radians(F(latitude)) - radians(lat)) / 2.0)
    half_lon = Sin((Radians(F(longitude)) - radians(lon)) / 2.0)
    chord = Power(half_lat, 2) + Value(cos(radians(lat))) * Cos(Radians(F(latitude))) * Power(
        half_lon, 2
    )
    angle = ASin(Least(Value(1.0), Sqrt(chord)))
    return Cast(angle, FloatField()) * Value(2 * EARTH_RADIUS_KM)


def in_box(
    lat: float, lon: float, km: float, *, latitude: str = "latitude", longitude: str = "longitude"
) -> Q:
    """A frame that holds every point within `km`: an index serves it before `distance_km`."""
    angle = degrees(km / EARTH_RADIUS_KM)
    low, high = lat - angle, lat + angle
    box = Q(**{f"{latitude}__range": (low, high)})
    if low <= -90 or high >= 90:
        return box  # a pole is inside: every meridian
    # Meridians draw together: the frame is widest where the circle touches them.
    width = degrees(asin(min(1.0, sin(radians(min(angle, 90))) / cos(radians(lat)))))
    west, east = lon - width, lon + width
    side = f"{longitude}__range"
    if west < -180:
        return box & (Q(**{side: (-180, east)}) | Q(**{side: (west + 360, 180)}))
    if east > 180:
        return box & (Q(**{side: (west, 180)}) | Q(**{side: (-180, east - 360)}))
    return box & Q(**{side: (west, east)})
