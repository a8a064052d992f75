"""What a departure inventory found broken, for whoever keeps the deposit of the booking."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.desk.enums import Moment
from preau.desk.models import Inventory
from preau.documents.models import StoredFile


@dataclass(frozen=True, slots=True)
class Evidence:
    """One picture, and the page of the inventory it is part of."""

    file: StoredFile
    thumbnail: StoredFile
    caption: str
    url: str


def of_source(request: HttpRequest, source: str) -> list[Evidence]:
    """The pictures of the departure inventories of a booking, those one may read."""
    room, _, reference = source.partition(":")
    if room != "booking":
        return []
    found = Inventory.objects.filter(
        occupancy__booking_date__booking__reference=reference, moment=Moment.DEPARTURE
    ).select_related("occupancy__place")
    actor = actor_of(request)
    return [
        Evidence(
            photo.file,
            photo.thumbnail,
            photo.caption,
            reverse("desk:inventory_read", args=[one.pk]),
        )
        for one in found
        if allowed(actor, "desk.inventory_read", one)
        for photo in one.photos.select_related("file", "thumbnail")
    ]
