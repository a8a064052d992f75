"""Addresses of the room."""

from django.urls import URLPattern, URLResolver

import preau.agreements.perms  # noqa: F401  (declares the matrix)

app_name = "agreements"
urlpatterns: list[URLPattern | URLResolver] = []
