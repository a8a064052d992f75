"""Addresses of the directory."""

from django.urls import include, path

app_name = "directory"
urlpatterns = [
    path("", include("preau.directory.urls_bringing")),
    path("", include("preau.directory.urls_open")),
]
