"""Addresses of the occupant's pages."""

from django.urls import URLPattern, path

from preau.booking.views import by_link, changes, mine, occupant, page, pieces, waiting

urlpatterns: list[URLPattern] = [
    path("reservations/", mine.mine, name="mine"),
    path("reservations/passees/", mine.past, name="past"),
    path("reservations/nouvelle/<int:space_id>/", occupant.start, name="start"),
    path("reservations/en-cours/", occupant.live, name="holds"),
    path("reservations/en-cours/<slug:reference>/", occupant.details, name="details"),
    path("reservations/en-cours/<slug:reference>/recapitulatif/", occupant.recap, name="recap"),
    path("reservations/en-cours/<slug:reference>/pieces/", pieces.step, name="pieces"),
    path(
        "reservations/en-cours/<slug:reference>/pieces/<slug:kind>/",
        pieces.add_to_draft,
        name="piece_add",
    ),
    path("reservations/en-cours/<slug:reference>/retenir/", occupant.again, name="again"),
    path("reservations/en-cours/<slug:reference>/abandonner/", occupant.abandon, name="abandon"),
    path("reservations/attendre/<int:space_id>/", waiting.join, name="wait"),
    path("reservations/attente/<int:entry_id>/quitter/", waiting.leave, name="leave_line"),
    path(
        "reservations/changement/<int:change_id>/retirer/", changes.withdraw, name="change_withdraw"
    ),
    path("reservations/lien/<str:token>/", by_link.page, name="by_link"),
    path("reservations/<slug:reference>/", page.page, name="page"),
    path("reservations/<slug:reference>/envoyee/", page.sent, name="sent"),
    path("reservations/<slug:reference>/pieces/", pieces.add, name="piece_provide"),
    path("reservations/<slug:reference>/message/", page.write, name="write"),
    path("reservations/<slug:reference>/agenda.ics", page.calendar, name="calendar"),
    path("reservations/<slug:reference>/modifier/", page.amend, name="amend"),
    path("reservations/<slug:reference>/changement/", changes.ask, name="change_ask"),
    path("reservations/<slug:reference>/annuler/", page.cancel, name="cancel"),
]
