"""Addresses of bookings that come back: the rhythm asked for, then its dates."""

from django.urls import URLPattern, path

from preau.booking.views import dates, series

HELD = "reservations/en-cours/<slug:reference>/"

urlpatterns: list[URLPattern] = [
    path("reservations/recurrente/<int:space_id>/", series.start, name="series_start"),
    path(f"{HELD}changer-les-dates/", series.change, name="series_change"),
    path("reservations/dates/<int:date_id>/annuler/", dates.cancel, name="date_cancel"),
    path("reservations/<slug:reference>/dates/ajouter/", dates.add, name="dates_add"),
    path(
        "gerer/dates/<int:date_id>/annuler/", dates.cancel_as_manager, name="date_cancel_as_manager"
    ),
    path("gerer/dates/<int:date_id>/deplacer/", dates.move, name="date_move"),
    path("gerer/dates/<int:date_id>/horaires/", dates.hours, name="dates_hours"),
    path(
        "gerer/demandes/<slug:reference>/dates/ajouter/",
        dates.add_as_manager,
        name="dates_add_as_manager",
    ),
]
