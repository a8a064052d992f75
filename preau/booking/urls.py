"""Addresses of bookings: the occupant's `/reservations/`, the answers `/gerer/demandes/`."""

from django.urls import URLPattern, URLResolver, include, path

import preau.booking.perms  # noqa: F401  (declares the matrix)

app_name = "booking"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("preau.booking.urls_series")),
    path("", include("preau.booking.urls_occupant")),
    path("", include("preau.booking.urls_answers")),
    path("", include("preau.booking.urls_rules")),
]
