"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

import preau.pricing.perms  # noqa: F401  (declares the matrix)
from preau.pricing.views import lines, simulation, tariffs

TARIFF = "gerer/tarifs/<int:tariff_id>/"

app_name = "pricing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("gerer/tarifs/", tariffs.tariff_list, name="list"),
    path("gerer/tarifs/nouveau/", tariffs.tariff_create, name="create"),
    path("gerer/tarifs/simulateur/", simulation.simulation, name="simulation"),
    path("gerer/tarifs/lieux/<int:place_id>/options/", lines.place_options, name="place_options"),
    path(TARIFF, tariffs.tariff_detail, name="detail"),
    path(f"{TARIFF}presentation/", tariffs.edit_settings, name="settings"),
    path(f"{TARIFF}grille/", tariffs.edit_grid, name="grid"),
    path(f"{TARIFF}lieux/", tariffs.assign, name="assign"),
    path(f"{TARIFF}dupliquer/", tariffs.duplicate, name="duplicate"),
    path(f"{TARIFF}archiver/", tariffs.archive, name="archive"),
    path(f"{TARIFF}<slug:sort>/", lines.tariff_lines, name="lines"),
]
