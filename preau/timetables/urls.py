"""Addresses of the timetables."""

from django.urls import path

from preau.timetables.views import answering, grids, needs, publishing, settings, spaces

app_name = "timetables"
_ONE = "piloter/permanences/<uuid:timetable_key>"

urlpatterns = [
    path("piloter/permanences/", settings.timetable_list, name="list"),
    path("piloter/permanences/nouvelle/", settings.create, name="create"),
    path(f"{_ONE}/", grids.show, name="show"),
    path(f"{_ONE}/reglages/", settings.rules, name="rules"),
    path(f"{_ONE}/services/", needs.need_list, name="needs"),
    path(f"{_ONE}/services/nouveau/", needs.add_need, name="need_add"),
    path(f"{_ONE}/services/fichier/", needs.bring, name="needs_file"),
    path(f"{_ONE}/services/modele.csv", needs.template_file, name="needs_template"),
    path(f"{_ONE}/mediateurs/nouveau/", needs.add_mediator, name="mediator_add"),
    path(f"{_ONE}/lieux/", spaces.choose, name="spaces"),
    path(f"{_ONE}/lieux/ajouter/", spaces.add, name="space_add"),
    path(f"{_ONE}/composer/", grids.compose, name="compose"),
    path(f"{_ONE}/ameliorer/", grids.improve, name="improve"),
    path(f"{_ONE}/calculs/", grids.runs, name="runs"),
    path(f"{_ONE}/epingler/", grids.pin_all, name="pin_all"),
    path(f"{_ONE}/publier/", publishing.publish, name="publish"),
    path(f"{_ONE}/arreter/", publishing.stop, name="stop"),
    path(f"{_ONE}/conserver/", publishing.keep, name="keep"),
    path("piloter/permanences/services/<int:need_id>/", needs.edit_need, name="need"),
    path("piloter/permanences/services/<int:need_id>/retirer/", needs.drop_need, name="need_drop"),
    path("piloter/permanences/services/<int:need_id>/placer/", grids.place, name="place"),
    path("piloter/permanences/services/<int:need_id>/interdire/", grids.forbid, name="forbid"),
    path("piloter/permanences/interdictions/<int:forbidding_id>/lever/", grids.allow, name="allow"),
    path("piloter/permanences/mediateurs/<int:mediator_id>/", needs.edit_mediator, name="mediator"),
    path(
        "piloter/permanences/mediateurs/<int:mediator_id>/retirer/",
        needs.drop_mediator,
        name="mediator_drop",
    ),
    path("piloter/permanences/espaces/<int:candidate_id>/retirer/", spaces.drop, name="space_drop"),
    path("piloter/permanences/tenues/<int:sitting_id>/", grids.sitting, name="sitting"),
    path("piloter/permanences/tenues/<int:sitting_id>/epingler/", grids.pin, name="pin"),
    path("piloter/permanences/tenues/<int:sitting_id>/retirer/", grids.drop, name="sitting_drop"),
    path("piloter/permanences/calculs/<int:computation_id>/arreter/", grids.stop, name="run_stop"),
    path(
        "piloter/permanences/calculs/<int:computation_id>/reprendre/",
        grids.restore,
        name="run_restore",
    ),
    path("gerer/permanences/<int:hosting_id>/", answering.hosting, name="hosting"),
    path("gerer/permanences/<int:hosting_id>/accepter/", answering.accept, name="hosting_accept"),
    path("gerer/permanences/<int:hosting_id>/refuser/", answering.refuse, name="hosting_refuse"),
    path(
        "gerer/permanences/conventions/<int:hosting_agreement_id>/etablir/",
        answering.draw,
        name="agreement_draw",
    ),
    path(
        "permanences/<uuid:timetable_key>/<slug:feed_kind>-<int:feed_id>.ics",
        publishing.feed,
        name="feed",
    ),
]
