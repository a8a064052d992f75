"""Addresses of the portfolio, under « Piloter »; imports and figures bring their own."""

from django.urls import URLPattern, URLResolver, include, path

from preau.portfolio.bringing import urls as bringing
from preau.portfolio.figures import urls as figures
from preau.portfolio.views import board, contracts, dashboards, exports, listing, map

app_name = "portfolio"
urlpatterns: list[URLPattern | URLResolver] = [
    path("piloter/projets/", listing.projects, name="projects"),
    path("piloter/projets/carte/", map.page, name="map"),
    path("piloter/projets/carte/points.json", map.points, name="points"),
    path("piloter/projets/tableau/", board.board, name="board"),
    path("piloter/projets/tableau/<uuid:key>/", board.move, name="move"),
    path("piloter/projets/export.csv", exports.as_csv, name="export_csv"),
    path("piloter/projets/export.xlsx", exports.as_xlsx, name="export_xlsx"),
    path("piloter/crte/", contracts.crtes, name="crtes"),
    path("piloter/crte/<str:code>/", contracts.crte, name="crte"),
    path("piloter/programmes/", contracts.programmes, name="programmes"),
    path("piloter/programmes/<slug:slug>/", contracts.programme, name="programme"),
    path("piloter/tableau-de-bord/", dashboards.mine, name="dashboard"),
    path("piloter/tableau-de-bord/france/", dashboards.nation, name="nation"),
    path("piloter/tableau-de-bord/region/<str:code>/", dashboards.region, name="region"),
    path(
        "piloter/tableau-de-bord/departement/<str:code>/",
        dashboards.departement,
        name="departement",
    ),
    path("", include(bringing)),
    path("", include(figures)),
]
