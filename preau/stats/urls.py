"""Addresses of the room."""

from django.urls import URLPattern, URLResolver

import preau.stats.perms  # noqa: F401  (declares the matrix)

app_name = "stats"
urlpatterns: list[URLPattern | URLResolver] = []
