"""Managers' pages on places, and the pictures of places."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from preau.places.views import division, people, photos, places, spaces


class Digest(StringConverter):
    """A SHA-256 in hexadecimal."""

    regex = "[0-9a-f]{64}"


register_converter(Digest, "digest")
app_name = "places"
PLACE = "gerer/lieux/<int:place_id>/"
SPACE = "gerer/lieux/espaces/<int:space_id>/"
PHOTO = "gerer/lieux/photos/<int:photo_id>/"

urlpatterns = [
    path("fichiers/<digest:sha256>.webp", photos.picture, name="picture"),
    path("gerer/lieux/", places.place_list, name="list"),
    path("gerer/lieux/nouveau/", places.place_create, name="create"),
    path(PLACE, places.place_detail, name="detail"),
    path(f"{PLACE}presentation/", places.edit_identity, name="edit_identity"),
    path(f"{PLACE}adresse/", places.edit_address, name="edit_address"),
    path(f"{PLACE}acces/", places.edit_access, name="edit_access"),
    path(f"{PLACE}securite/", places.edit_safety, name="edit_safety"),
    path(f"{PLACE}photos/", photos.place_photos, name="photos"),
    path(f"{PLACE}personnes/", people.people, name="people"),
    path(f"{PLACE}publier/", places.place_publish, name="publish"),
    path(f"{PLACE}depublier/", places.place_unpublish, name="unpublish"),
    path(f"{PLACE}archiver/", places.place_archive, name="archive"),
    path(f"{PLACE}agenda/", places.renew_feed, name="renew_feed"),
    path(f"{PLACE}espaces/nouveau/", spaces.space_create, name="space_create"),
    path("gerer/lieux/roles/<int:role_id>/retirer/", people.role_remove, name="role_remove"),
    path(SPACE, spaces.space_detail, name="space_detail"),
    path(f"{SPACE}presentation/", spaces.edit_essentials, name="edit_essentials"),
    path(f"{SPACE}equipement/", spaces.edit_equipment, name="edit_equipment"),
    path(f"{SPACE}regles/", spaces.edit_rules, name="edit_rules"),
    path(f"{SPACE}division/", division.division, name="division"),
    path(f"{SPACE}reunir/", division.undivide, name="undivide"),
    path(f"{SPACE}photos/", photos.space_photos, name="space_photos"),
    path(f"{SPACE}dupliquer/", spaces.space_duplicate, name="space_duplicate"),
    path(f"{SPACE}publier/", spaces.space_publish, name="space_publish"),
    path(f"{SPACE}depublier/", spaces.space_unpublish, name="space_unpublish"),
    path(f"{SPACE}archiver/", spaces.space_archive, name="space_archive"),
    path(f"{PHOTO}description/", photos.photo_describe, name="photo_describe"),
    path(f"{PHOTO}deplacer/", photos.photo_move, name="photo_move"),
    path(f"{PHOTO}retirer/", photos.photo_remove, name="photo_remove"),
]
