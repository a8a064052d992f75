"""Addresses of figures."""

from django.urls import URLPattern, path

import preau.portfolio.figures.perms  # noqa: F401  (declares its line of the matrix)
from preau.portfolio.figures import views

urlpatterns: list[URLPattern] = [
    path("piloter/impact/", views.impact, name="impact"),
    path("piloter/impact/chiffres.csv", views.download, name="impact_csv"),
]
