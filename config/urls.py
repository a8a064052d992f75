"""Addresses: each room brings its own, in French, from the top of the site."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{room}.urls")) for room in settings.ROOMS if find_spec(f"{room}.urls")
]

handler400 = "preau.portal.errors.bad_request"
handler403 = "preau.portal.errors.permission_denied"
handler404 = "preau.portal.errors.not_found"
handler500 = "preau.portal.errors.server_error"
