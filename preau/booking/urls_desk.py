"""Addresses of the manager's desk and planning."""

from django.urls import URLPattern, path

from preau.booking.views import closing, desk, planning

ONE = "gerer/demandes/<slug:reference>/"
PLANNING = "gerer/planning/<int:place_id>/"
USE = "gerer/planning/occupation/<int:occupancy_id>/"

urlpatterns: list[URLPattern] = [
    path("gerer/", desk.today, name="desk"),
    path("gerer/demandes/", desk.request_list, name="requests"),
    path(f"{ONE}accepter/", desk.accept, name="accept"),
    path(f"{ONE}refuser/", desk.refuse, name="refuse"),
    path(f"{ONE}demander-une-modification/", desk.ask_change, name="ask_change"),
    path(f"{ONE}deplacer/", desk.reschedule, name="reschedule"),
    path(f"{ONE}annuler/", desk.cancel, name="cancel_as_manager"),
    path(PLANNING, planning.week, name="planning"),
    path(f"{PLANNING}export/", planning.export, name="export"),
    path(f"{PLANNING}occuper/", planning.own_use, name="own_use"),
    path(f"{PLANNING}fermer/", closing.close_spaces, name="close"),
    path("gerer/journee/<int:place_id>/", planning.day, name="day"),
    path(USE, planning.occupancy, name="occupancy"),
    path(f"{USE}rendre/", planning.give_back, name="give_back"),
]
