"""The album of a place or of a space, and the pictures themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.documents import store
from preau.documents.images import MEDIA_TYPE
from preau.documents.models import StoredFile
from preau.places import actions, queries
from preau.places.forms.place import DescribePhotoForm, PhotoForm
from preau.places.models import Photo, Place, Space
from preau.places.views.loading import load_photo, load_place, load_space

YEAR = 365 * 24 * 3600


def _album_url(photo: Photo) -> str:
    if photo.space_id:
        return reverse("places:space_photos", args=[photo.space_id])
    return reverse("places:photos", args=[photo.place_id])


def _album(request: HttpRequest, place: Place, space: Space | None) -> HttpResponse:
    form = PhotoForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            photo = actions.add_photo(
                actor=actor_of(request),
                place=place,
                space=space,
                upload=form.cleaned_data["file"],
                alternative_text=form.cleaned_data["alternative_text"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La photo est ajoutée.")
            return redirect(_album_url(photo))
    photos = list(queries.album(place, space))
    context = {"place": place, "space": space, "form": form, "photos": photos}
    return render(request, "places/photos.html", context)


@permission("photo.edit", load=load_place)
def place_photos(request: HttpRequest, place: Place) -> HttpResponse:
    return _album(request, place, None)


@permission("photo.edit", load=load_space)
def space_photos(request: HttpRequest, space: Space) -> HttpResponse:
    return _album(request, space.place, space)


@permission("photo.edit", load=load_photo)
def photo_describe(request: HttpRequest, photo: Photo) -> HttpResponse:
    initial = {"alternative_text": photo.alternative_text}
    form = DescribePhotoForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.describe_photo(actor=actor_of(request), photo=photo, **form.cleaned_data)
        messages.success(request, "La description est enregistrée.")
        return redirect(_album_url(photo))
    context = {"photo": photo, "form": form, "back": _album_url(photo)}
    return render(request, "places/photo_describe.html", context)


@permission("photo.edit", load=load_photo)
@require_POST
def photo_move(request: HttpRequest, photo: Photo) -> HttpResponse:
    steps = 1 if request.POST.get("sens") == "apres" else -1
    actions.move_photo(actor=actor_of(request), photo=photo, steps=steps)
    return redirect(_album_url(photo))


@permission("photo.edit", load=load_photo)
@require_POST
def photo_remove(request: HttpRequest, photo: Photo) -> HttpResponse:
    back = _album_url(photo)
    actions.remove_photo(actor=actor_of(request), photo=photo)
    messages.success(request, "La photo est retirée.")
    return redirect(back)


@permission("photo.read")
@require_GET
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture of a published place for anyone; of a draft, for those who may see the draft."""
    photos = list(queries.photos_showing(sha256)[:50])
    is_public = any(photo.is_public for photo in photos)
    if not is_public and not any(
        allowed(actor_of(request), "place.preview", photo) for photo in photos
    ):
        raise Http404("Cette image n’existe pas.")
    content = store.read(StoredFile.objects.get(sha256=sha256))
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if is_public else "private, no-store"
    )
    return response
