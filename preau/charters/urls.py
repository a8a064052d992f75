"""Addresses of charters and of networks."""

from django.urls import path

from preau.charters.views import adhesions, charters, keeping

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
]
