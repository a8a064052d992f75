"""Addresses of the manager's side, under `/gerer/`."""

from django.urls import URLPattern, URLResolver, path

import preau.desk.perms  # noqa: F401  (declares the matrix)
from preau.desk.views import closing, planning, today

PLANNING = "gerer/planning/<int:place_id>/"
USE = "gerer/planning/occupation/<int:occupancy_id>/"

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("gerer/", today.today, name="today"),
    path("gerer/demandes/", today.request_list, name="requests"),
    path(PLANNING, planning.week, name="planning"),
    path(f"{PLANNING}export/", planning.export, name="export"),
    path(f"{PLANNING}occuper/", planning.own_use, name="own_use"),
    path(f"{PLANNING}fermer/", closing.close_spaces, name="close"),
    path("gerer/journee/<int:place_id>/", planning.day, name="day"),
    path(USE, planning.occupancy, name="occupancy"),
    path(f"{USE}rendre/", planning.give_back, name="give_back"),
]
