"""Addresses of what brings lists of places in."""

from django.urls import URLPattern, path

from preau.directory.views import bringing

urlpatterns: list[URLPattern] = [
    path("annuaire/reprise/", bringing.new, name="bringing"),
    path("annuaire/reprise/modele.csv", bringing.template_file, name="bringing_template"),
    path("annuaire/reprise/<int:list_id>/", bringing.look, name="bringing_look"),
    path("annuaire/reprise/<int:list_id>/colonnes/", bringing.match, name="bringing_match"),
    path("annuaire/reprise/<int:list_id>/reprendre/", bringing.begin, name="bringing_begin"),
    path("annuaire/reprise/<int:list_id>/arreter/", bringing.stop, name="bringing_stop"),
    path("annuaire/reprise/<int:list_id>/annuler/", bringing.undo, name="bringing_undo"),
    path("annuaire/reprise/<int:list_id>/lignes.csv", bringing.report, name="bringing_report"),
    path("annuaire/reprise/<int:list_id>/liste/", bringing.given_back, name="bringing_back"),
]
