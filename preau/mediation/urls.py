"""Addresses of the mediators, and of the agenda that anybody reads."""

from django.urls import path

from preau.mediation.views import agenda, counting, following, trainings

app_name = "mediation"
_SHEET = "mediation/lieux/<uuid:visited_key>"
_FILE = "mediation/suivis/<uuid:file_key>"
_EVENT = "agenda/rendez-vous/<uuid:event_key>"

urlpatterns = [
    path("mediation/", counting.mine, name="mine"),
    path(f"{_SHEET}/compter/", counting.count, name="count"),
    path(f"{_SHEET}/chiffres/", counting.figures, name="figures"),
    path("mediation/visites/<int:visit_id>/retirer/", counting.take_back, name="take_back"),
    path("mediation/suivis/", following.files, name="files"),
    path("mediation/suivis/nouveau/", following.open_file, name="open_file"),
    path(f"{_FILE}/", following.file, name="file"),
    path(f"{_FILE}/demarche/", following.add_step, name="add_step"),
    path(f"{_FILE}/mandat/", following.give_mandate, name="give_mandate"),
    path(f"{_FILE}/confier/", following.hand_over, name="hand_over"),
    path(f"{_FILE}/reattribuer/", following.reassign, name="reassign"),
    path(f"{_FILE}/clore/", following.close, name="close_file"),
    path(f"{_FILE}/effacer/", following.erase, name="erase_file"),
    path("mediation/demarches/<int:follow_step_id>/faite/", following.tick, name="tick"),
    path("mediation/mandats/<int:mandate_id>/retirer/", following.revoke, name="revoke_mandate"),
    path("mediation/formations/", trainings.register, name="trainings"),
    path(
        "mediation/formations/<int:training_id>/retirer/", trainings.remove, name="remove_training"
    ),
    path("agenda/", agenda.around, name="agenda"),
    path("agenda/lieux/<slug:agenda_slug>/", agenda.place, name="place_agenda"),
    path("agenda/lieux/<slug:agenda_slug>/agenda.ics", agenda.feed, name="place_feed"),
    path(f"{_EVENT}/", agenda.event, name="event"),
    path(f"{_EVENT}/modifier/", agenda.edit, name="edit_event"),
    path(f"{_EVENT}/annoncer/", agenda.announce, name="announce_event"),
    path(f"{_EVENT}/annuler/", agenda.cancel, name="cancel_event"),
    path(f"{_SHEET}/agenda/ajouter/", agenda.write, name="write_event"),
]
