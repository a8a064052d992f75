"""Addresses of the open data of the directory."""

from django.urls import URLPattern, path

from preau.directory.views import open_data

urlpatterns: list[URLPattern] = [
    path("donnees-ouvertes/", open_data.catalogue, name="open_data"),
    path("donnees-ouvertes/catalogue.jsonld", open_data.as_dcat, name="open_dcat"),
    path("donnees-ouvertes/osm/<slug:tags_slug>.json", open_data.osm_tags, name="osm_tags"),
    path("donnees-ouvertes/<str:open_name>", open_data.open_file, name="open_file"),
]
