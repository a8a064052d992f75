"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, include, path

import preau.agreements.perms  # noqa: F401  (declares the matrix)

app_name = "agreements"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("preau.agreements.library_urls")),
    path("", include("preau.agreements.signing_urls")),
]
