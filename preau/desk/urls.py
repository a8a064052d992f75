"""Addresses of the room."""

from django.urls import URLPattern, URLResolver

import preau.desk.perms  # noqa: F401  (declares the matrix)

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = []
