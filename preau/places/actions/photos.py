"""Pictures of a place or of one of its spaces."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, QuerySet

from preau.accounts.actors import Actor
from preau.core import audit
from preau.core.errors import Refusal
from preau.documents import images
from preau.places.actions.saving import save_checked
from preau.places.models import Photo, Place, Space

MOST_PHOTOS = 12


def _album(place: Place, space: Space | None) -> QuerySet[Photo]:
    return Photo.objects.filter(place=place, space=space)


@transaction.atomic
def add_photo(
    *,
    actor: Actor,
    place: Place,
    upload: File[bytes],
    alternative_text: str,
    space: Space | None = None,
) -> Photo:
    """Keep a picture at the end of the album, with its description in words.

    Raises:
        Refusal: what was sent is no picture, has no description, or the album is full.
    """
    album = _album(Place.objects.select_for_update(no_key=True).get(pk=place.pk), space)
    if album.count() >= MOST_PHOTOS:
        raise Refusal(
            f"Il y a déjà {MOST_PHOTOS} photos : retirez-en une avant d’en ajouter.",
            field="file",
            code="full",
        )
    picture = images.keep(upload, actor=actor)
    photo = Photo(
        place=place,
        space=space,
        file=picture.full,
        thumbnail=picture.thumbnail,
        alternative_text=alternative_text.strip(),
        position=(album.aggregate(last=Max("position"))["last"] or 0) + 1,
    )
    save_checked(photo)
    audit.record(actor, "photo.add", photo, place=place.pk)
    return photo


@transaction.atomic
def describe_photo(*, actor: Actor, photo: Photo, alternative_text: str) -> Photo:
    photo.alternative_text = alternative_text.strip()
    save_checked(photo)
    audit.record(actor, "photo.describe", photo)
    return photo


@transaction.atomic
def move_photo(*, actor: Actor, photo: Photo, steps: int) -> None:
    """Move the picture by so many ranks: -1 is one nearer the front."""
    album = list(_album(photo.place, photo.space).select_for_update())
    here = album.index(photo)
    album.insert(max(0, here + steps), album.pop(here))
    for position, one in enumerate(album, start=1):
        one.position = position
    Photo.objects.bulk_update(album, ["position"])
    audit.record(actor, "photo.move", photo, steps=steps)


@transaction.atomic
def remove_photo(*, actor: Actor, photo: Photo) -> None:
    """Take the picture off the page. The stored file stays: another page may show it."""
    audit.record(actor, "photo.remove", photo, place=photo.place_id)
    photo.delete()
