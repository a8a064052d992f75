"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

import preau.stats.perms  # noqa: F401  (declares the matrix)
from preau.stats import views

app_name = "stats"
urlpatterns: list[URLPattern | URLResolver] = [
    path("statistiques/", views.public, name="public"),
    path("statistiques/preau-statistiques.csv", views.download, name="csv"),
]
