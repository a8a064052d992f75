"""Addresses of the room."""

from django.urls import URLPattern, URLResolver

import preau.pricing.perms  # noqa: F401  (declares the matrix)

app_name = "pricing"
urlpatterns: list[URLPattern | URLResolver] = []
