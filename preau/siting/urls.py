"""Addresses of siting studies and of the watch."""

from django.urls import path

from preau.siting.views import scenarios, studies, watch

app_name = "siting"
_S = "piloter/implantation/<uuid:study_key>"
_C = "piloter/implantation/scenarios/<uuid:scenario_key>"

urlpatterns = [
    path("piloter/implantation/", studies.listing, name="list"),
    path("piloter/implantation/ouvrir/", studies.add, name="add"),
    path("piloter/implantation/temps-de-trajet/", studies.travel_times, name="travel_times"),
    path(f"{_S}/", studies.study, name="study"),
    path(f"{_S}/modifier/", studies.edit, name="edit"),
    path(f"{_S}/comparer/", studies.compare, name="compare"),
    path(f"{_S}/lecteurs/", studies.show_to, name="show_to"),
    path(f"{_S}/archiver/", studies.archive, name="archive"),
    path(f"{_S}/scenario/", scenarios.add, name="scenario_add"),
    path(f"{_C}/", scenarios.scenario, name="scenario"),
    path(f"{_C}/points.json", scenarios.points, name="points"),
    path(f"{_C}/prouver/", scenarios.prove, name="prove"),
    path(f"{_C}/arreter/", scenarios.stop, name="stop"),
    path(f"{_C}/retirer/", scenarios.remove, name="remove"),
    path(f"{_C}/tableau.csv", scenarios.as_csv, name="csv"),
    path(f"{_C}/rapport.pdf", scenarios.as_pdf, name="pdf"),
    path(f"{_C}/ecarts/<str:gap_code>/", scenarios.gap, name="gap"),
    path(f"{_C}/appel/", scenarios.make_call, name="make_call"),
    path(f"{_C}/suivre/", scenarios.follow, name="follow"),
    path("piloter/veille/", watch.watch, name="watch"),
    path("piloter/veille/sujets/ajouter/", watch.add, name="watch_add"),
    path("piloter/veille/sujets/suivre/", watch.follow, name="watch_follow"),
    path("piloter/veille/sujets/<uuid:watch_key>/modifier/", watch.edit, name="watch_edit"),
    path("piloter/veille/sujets/<uuid:watch_key>/etat/", watch.move, name="watch_move"),
]
