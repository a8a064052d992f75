"""What a line of a list reads of a space: what it shows and what that is computed from, no more."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from preau.places.models import Photo, Space

_OF_SPACE = (
    *("name", "slug", "root", "capacity", "is_pool", "is_accessible", "price_from_cents"),
    *("min_minutes", "max_minutes", "step_minutes", "lead_minutes", "horizon_days"),
)
_OF_PLACE = ("name", "slug", "kind", "latitude", "longitude", "time_zone", "is_accessible")
_OF_COMMUNE = ("name", "school_zone")
_FIELDS = (
    *_OF_SPACE,
    *(f"place__{name}" for name in _OF_PLACE),
    *(f"place__commune__{name}" for name in _OF_COMMUNE),
)


def shown_spaces(ids: Iterable[int]) -> dict[int, Space]:
    """The spaces of the lines, each with its place and its commune."""
    return Space.objects.select_related("place__commune").only(*_FIELDS).in_bulk(list(ids))


def first_photos(spaces: Iterable[Space]) -> dict[int, Photo]:
    """The picture that stands for each space: its own first one, else the place's."""
    spaces = list(spaces)
    shown = Q(space__in=spaces) | Q(space=None, place__in={space.place_id for space in spaces})
    first = (
        Photo.objects.filter(shown)
        .order_by("place", "space", "position", "id")
        .distinct("place", "space")
        .select_related("thumbnail")
        .only("place", "space", "alternative_text", "thumbnail__sha256")
    )
    own: dict[int, Photo] = {}
    of_place: dict[int, Photo] = {}
    for photo in first:
        if photo.space_id:
            own[photo.space_id] = photo
        else:
            of_place[photo.place_id] = photo
    chosen = {space.pk: own.get(space.pk) or of_place.get(space.place_id) for space in spaces}
    return {pk: photo for pk, photo in chosen.items() if photo}
