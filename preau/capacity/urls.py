"""Addresses of capacity and of the impact of places."""

from django.urls import path

import preau.capacity.perms  # noqa: F401  (declares the matrix)
from preau.capacity.views import impact, opening, overview

app_name = "capacity"
PLACE = "gerer/lieux/<int:counted_place>/"
SPACE = "gerer/espaces/<int:opened_space>/"

urlpatterns = [
    path("piloter/capacite/", overview.overview, name="overview"),
    path("piloter/capacite/suggestions/", overview.suggest, name="suggest"),
    path("piloter/capacite/semaine.csv", overview.grid_csv, name="grid_csv"),
    path("piloter/capacite/lieux.csv", overview.lines_csv, name="lines_csv"),
    path("piloter/capacite/ouvrir/", opening.more, name="more"),
    path("piloter/impact-lieux/", impact.overview, name="impact"),
    path("piloter/impact-lieux/chiffres.csv", impact.download, name="impact_csv"),
    path("piloter/impact-lieux/facteur/", impact.factor, name="factor"),
    path(f"{PLACE}capacite/", overview.place, name="place"),
    path(f"{PLACE}capacite/semaine.csv", overview.place_csv, name="place_csv"),
    path(f"{PLACE}capacite/ouvrir/", opening.place_more, name="place_more"),
    path(f"{PLACE}avant-apres/", impact.place_impact, name="place_impact"),
    path(f"{PLACE}avant-apres/noter/", impact.follow, name="follow"),
    path(
        "gerer/changements-suivis/<int:followed_change>/oublier/",
        impact.forget,
        name="forget_change",
    ),
    path(f"{SPACE}ouvrir-heures/", opening.open_hours, name="open_hours"),
    path(
        "gerer/espaces/<int:opened_space>/offrir-heures/", opening.offer_hours, name="offer_hours"
    ),
]
