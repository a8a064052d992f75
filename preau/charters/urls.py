"""Addresses of charters and of networks."""

from django.urls import path

from preau.charters.views import adhesions, charters, keeping, networks

app_name = "charters"
_CHARTER = "chartes/<uuid:charter_key>"
_ADHESION = "chartes/adhesions/<uuid:adhesion_key>"

urlpatterns = [
    path("chartes/", charters.all_charters, name="all"),
    path(f"{_CHARTER}/", charters.charter, name="charter"),
    path(f"{_CHARTER}/adherer/", adhesions.join, name="join"),
    path(f"{_ADHESION}/", adhesions.adhesion, name="adhesion"),
    path(f"{_ADHESION}/confirmer/", adhesions.confirm, name="confirm"),
    path(f"{_ADHESION}/quitter/", adhesions.leave, name="leave"),
    path(f"{_ADHESION}/suspendre/", adhesions.suspend, name="suspend"),
    path(f"{_ADHESION}/reprendre/", adhesions.reinstate, name="reinstate"),
    path("piloter/chartes/", keeping.mine, name="mine"),
    path("piloter/chartes/nouvelle/", keeping.create, name="create"),
    path("piloter/chartes/<uuid:charter_key>/", keeping.manage, name="manage"),
    path("piloter/chartes/<uuid:charter_key>/modifier/", keeping.edit, name="edit"),
    path("piloter/chartes/<uuid:charter_key>/ouvrir/", keeping.open_charter, name="open"),
    path("piloter/chartes/<uuid:charter_key>/fermer/", keeping.close_charter, name="close"),
    path("reseaux/", networks.mine, name="networks"),
    path("reseaux/nouveau/", networks.create, name="create_network"),
    path("reseaux/<uuid:network_key>/", networks.network, name="network"),
    path("reseaux/<uuid:network_key>/inviter/", networks.invite, name="invite_place"),
    path("reseaux/lieux/<uuid:seat_key>/", networks.seat, name="seat"),
    path("reseaux/lieux/<uuid:seat_key>/sortir/", networks.leave, name="leave_network"),
    path("reseaux/membres/<slug:member_slug>/", networks.members, name="members"),
    path("reseaux/membres/<uuid:member_key>/terminer/", networks.end_member, name="end_member"),
    path("reseaux/invitation/<str:member_token>/", networks.accept, name="accept_member"),
    path("reseaux/cartes/", networks.cards, name="cards"),
    path("reseaux/cartes/<uuid:member_key>/", networks.card, name="card"),
    path("reseaux/verifier/<str:card_token>/", networks.check, name="check"),
]
