"""Managers' pages on opening hours."""

from django.urls import path

import preau.availability.perms  # noqa: F401  (declares the matrix)
from preau.availability.views import days, opening

app_name = "availability"
PLACE = "gerer/horaires/<int:place_id>/"
CALENDAR = "gerer/horaires/calendrier/<int:calendar_id>/"

urlpatterns = [
    path(PLACE, opening.place_hours, name="place"),
    path(f"{PLACE}nouveau/", opening.choose_preset, name="choose"),
    path(f"{PLACE}nouveau/saisir/", opening.new_hours, name="new"),
    path(f"{PLACE}vacances/", days.school_holidays, name="school_holidays"),
    path(f"{PLACE}vacances/retirer/", days.school_holiday_remove, name="school_holiday_remove"),
    path(CALENDAR, opening.edit_hours, name="edit"),
    path(f"{CALENDAR}enregistre/", opening.saved_hours, name="saved"),
    path(f"{CALENDAR}retirer/", opening.remove_hours, name="remove"),
    path(f"{CALENDAR}exceptions/", days.exceptions, name="exceptions"),
    path(f"{CALENDAR}exceptions/retirer/", days.exception_remove, name="exception_remove"),
]
