"""Addresses of what brings portfolios and perimeters in."""

from django.urls import URLPattern, path

from preau.portfolio.bringing import perimeter_views, views

urlpatterns: list[URLPattern] = [
    path("piloter/reprise/", views.new, name="bringing"),
    path("piloter/reprise/modele.csv", views.template_file, name="bringing_template"),
    path("piloter/reprise/<int:batch_id>/", views.look, name="bringing_look"),
    path("piloter/reprise/<int:batch_id>/colonnes/", views.match, name="bringing_match"),
    path("piloter/reprise/<int:batch_id>/reprendre/", views.begin, name="bringing_begin"),
    path("piloter/reprise/<int:batch_id>/arreter/", views.stop, name="bringing_stop"),
    path("piloter/reprise/<int:batch_id>/annuler/", views.undo, name="bringing_undo"),
    path("piloter/reprise/<int:batch_id>/rejets.csv", views.rejected, name="bringing_rejected"),
    path("piloter/projets/export.json", views.as_mec, name="export_mec"),
    path("piloter/perimetres/", perimeter_views.new, name="perimeters"),
    path("piloter/perimetres/<int:file_id>/", perimeter_views.look, name="perimeters_look"),
    path(
        "piloter/perimetres/<int:file_id>/appliquer/",
        perimeter_views.apply,
        name="perimeters_apply",
    ),
]
