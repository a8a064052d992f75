"""Addresses of the import of places."""

from django.urls import URLPattern, path

from preau.desk.imports import views

urlpatterns: list[URLPattern] = [
    path("", views.new, name="places_import"),
    path("modele.csv", views.template_file, name="places_template"),
    path("<int:place_import_id>/", views.look, name="places_import_look"),
    path("<int:place_import_id>/importer/", views.begin, name="places_import_begin"),
]
