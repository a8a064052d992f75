"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

import preau.stats.perms  # noqa: F401  (declares the matrix)
from preau.stats import project_views, views

app_name = "stats"
urlpatterns: list[URLPattern | URLResolver] = [
    path("statistiques/", views.public, name="public"),
    path("statistiques/preau-statistiques.csv", views.download, name="csv"),
    path("statistiques/projets/", project_views.projects, name="projects"),
    path("statistiques/preau-projets.csv", project_views.projects_csv, name="projects_csv"),
]
