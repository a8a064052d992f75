"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from preau.places.models import Photo, Place, PlaceRole, Space


def load_place(*, place_id: int) -> Place:
    return get_object_or_404(Place.objects.select_related("owner", "commune"), pk=place_id)


def load_space(*, space_id: int) -> Space:
    spaces = Space.objects.select_related("place__owner", "place__commune", "root")
    return get_object_or_404(spaces, pk=space_id)


def load_photo(*, photo_id: int) -> Photo:
    photos = Photo.objects.select_related("place", "space", "file", "thumbnail")
    return get_object_or_404(photos, pk=photo_id)


def load_role(*, role_id: int) -> PlaceRole:
    return get_object_or_404(PlaceRole.objects.select_related("place__owner", "user"), pk=role_id)
