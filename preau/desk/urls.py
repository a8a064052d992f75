"""Addresses of the manager's side, under `/gerer/`."""

from django.urls import URLPattern, URLResolver, include, path

import preau.desk.perms  # noqa: F401  (declares the matrix)
from preau.desk.bulk.views import change
from preau.desk.views import callers, closing, day, exports, imports, inventories, planning, today

ONE = "gerer/demandes/<slug:reference>/"
PLANNING = "gerer/planning/<int:place_id>/"
INVENTORY = "gerer/etats-des-lieux/<int:inventory_id>/"
PHOTO = "gerer/etats-des-lieux/photos/<int:inventory_photo_id>/"
IMPORT = "gerer/imports/<int:batch_id>/"
USE = "gerer/planning/occupation/<int:occupancy_id>/"

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("gerer/", today.today, name="today"),
    path("gerer/demandes/", today.request_list, name="requests"),
    path(PLANNING, planning.week, name="planning"),
    path("gerer/importer/lieux/", include("preau.desk.imports.urls")),
    path("gerer/demarrer/", include("preau.desk.setup.urls")),
    path("gerer/modifier-en-lot/", change, name="change_many"),
    path("gerer/exports/", exports.exports, name="exports"),
    path(f"{PLANNING}occuper/", planning.own_use, name="own_use"),
    path(f"{PLANNING}reserver-pour/", callers.book_for, name="book_for"),
    path(f"{PLANNING}importer/", imports.new, name="import"),
    path(IMPORT, imports.batch, name="import_batch"),
    path(f"{IMPORT}importer/", imports.begin, name="import_begin"),
    path(f"{IMPORT}arreter/", imports.halt, name="import_halt"),
    path(f"{PLANNING}fermer/", closing.close_spaces, name="close"),
    path("gerer/journee/<int:place_id>/", day.day, name="day"),
    path(f"{ONE}confirmation/", callers.confirmation, name="confirmation"),
    path(f"{ONE}confirmation.pdf", callers.confirmation_pdf, name="confirmation_pdf"),
    path(USE, planning.occupancy, name="occupancy"),
    path(f"{USE}rendre/", planning.give_back, name="give_back"),
    path(
        "gerer/journee/occupation/<int:occupancy_id>/etat-des-lieux/<slug:moment>/",
        inventories.sheet,
        name="inventory",
    ),
    path(
        "gerer/journee/occupation/<int:occupancy_id>/absence/",
        inventories.no_show,
        name="no_show",
    ),
    path(INVENTORY, inventories.read, name="inventory_read"),
    path(f"{INVENTORY}photos/ajouter/", inventories.add_photo, name="inventory_add_photo"),
    path(f"{INVENTORY}signer/", inventories.sign, name="inventory_sign"),
    path(f"{INVENTORY}reprendre/", inventories.reopen, name="inventory_reopen"),
    path(
        "gerer/etats-des-lieux/photos/<int:inventory_photo_id>.webp",
        inventories.photo,
        name="photo",
    ),
    path(f"{PHOTO}retirer/", inventories.remove_photo, name="remove_photo"),
]
