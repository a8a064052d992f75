"""A project's sheet and what is on it."""

from django.urls import URLPattern, path

from preau.projects.views import sheet

urlpatterns: list[URLPattern] = [
    path("projets/<uuid:key>/", sheet.sheet, name="sheet"),
    path("projets/<uuid:key>/modifier/", sheet.edit, name="edit"),
    path("projets/<uuid:key>/pause/", sheet.pause, name="pause"),
    path("projets/<uuid:key>/reprendre/", sheet.resume, name="resume"),
]
