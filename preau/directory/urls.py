"""Addresses of the directory."""

from django.urls import include, path

from preau.directory.views import editing, hours, listing, moderation, sheet, signalling

app_name = "directory"
SHEET = "annuaire/<slug:sheet_slug>/"

urlpatterns = [
    path("annuaire/", listing.directory_list, name="list"),
    path("annuaire/carte/", listing.directory_map, name="map"),
    path("annuaire/carte/points/", listing.directory_points, name="points"),
    path("annuaire/signaler/", signalling.signal_missing, name="signal_missing"),
    path("annuaire/signaler/merci/", signalling.signal_sent, name="signal_sent"),
    path("annuaire/ajouter/", editing.create, name="create"),
    path("annuaire/a-traiter/", moderation.inbox, name="inbox"),
    path(
        "annuaire/a-traiter/signalement/<uuid:sheet_signal_key>/",
        moderation.signal,
        name="signal",
    ),
    path("annuaire/a-traiter/doublon/<int:sheet_pair_id>/", moderation.pair, name="pair"),
    path(
        "annuaire/a-traiter/demande/<uuid:sheet_claim_key>/",
        moderation.decide_on_claim,
        name="claim_decide",
    ),
    path("", include("preau.directory.urls_bringing")),
    path("", include("preau.directory.urls_open")),
    # Last: an address of the room is never taken for a place's.
    path(SHEET, sheet.sheet, name="sheet"),
    path(f"{SHEET}affiche/", sheet.sheet_poster, name="poster"),
    path(f"{SHEET}affiche.pdf", sheet.sheet_poster_pdf, name="poster_pdf"),
    path(f"{SHEET}signaler/", signalling.signal_wrong, name="signal_wrong"),
    path(f"{SHEET}tenir/", signalling.claim, name="claim"),
    path(f"{SHEET}modifier/", editing.edit, name="edit"),
    path(f"{SHEET}adresse/", editing.edit_where, name="where"),
    path(f"{SHEET}horaires/", hours.edit_hours, name="hours"),
    path(f"{SHEET}jours-exceptionnels/", hours.edit_exceptions, name="exceptions"),
    path(
        f"{SHEET}jours-exceptionnels/retirer/",
        hours.remove_exception,
        name="exception_remove",
    ),
    path(f"{SHEET}services/", editing.edit_services, name="services"),
    path(
        f"{SHEET}services/<int:sheet_offer_id>/",
        editing.edit_offer,
        name="offer",
    ),
    path(
        f"{SHEET}services/<int:sheet_offer_id>/retirer/",
        editing.remove_offer,
        name="offer_remove",
    ),
    path(f"{SHEET}confirmer/", editing.confirm, name="confirm"),
    path(f"{SHEET}etat/", editing.change_state, name="state"),
    path(f"{SHEET}decider/", moderation.decide_on_sheet, name="decide"),
]
