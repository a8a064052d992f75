"""What the engine does when a place or a space changes."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.availability.index import index_space
from preau.places.events import place_changed, space_changed
from preau.places.models import Place, Space


@receiver(space_changed)
def reindex_space(sender: Any, *, space: Space, **_: Any) -> None:
    index_space(space)


@receiver(place_changed)
def reindex_place(sender: Any, *, place: Place, **_: Any) -> None:
    for space in place.spaces.select_related("place").order_by("id"):
        index_space(space)
