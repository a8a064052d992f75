"""Doors and codes: pages of those who run a place, and of those who come in."""

from django.urls import path

from preau.access.views import accounts, caretakers, codes, doors

app_name = "access"
PLACE = "gerer/lieux/<int:place_id>/portes/"
DOOR = "gerer/portes/<int:door_id>/"
ACCOUNT = "gerer/comptes-de-serrures/<int:lock_account_id>/"
GRANT = "gerer/codes/<int:grant_id>/"

urlpatterns = [
    path(PLACE, doors.door_list, name="doors"),
    path(f"{PLACE}nouvelle/", doors.choose, name="door_choose"),
    path(f"{PLACE}nouvelle/<slug:door_kind>/", doors.add, name="door_add"),
    path(f"{PLACE}comptes/<slug:account_kind>/", accounts.add, name="account_add"),
    path(f"{PLACE}gardiens/", caretakers.give, name="caretaker_give"),
    path(DOOR, doors.door, name="door"),
    path(f"{DOOR}modifier/", doors.edit, name="door_edit"),
    path(f"{DOOR}essayer/", doors.test, name="door_test"),
    path(f"{DOOR}retirer/", doors.retire, name="door_retire"),
    path(ACCOUNT, accounts.account, name="account"),
    path(f"{ACCOUNT}supprimer/", accounts.remove, name="account_remove"),
    path(f"{GRANT}lire/", codes.reveal, name="reveal"),
    path(f"{GRANT}reessayer/", codes.retry, name="retry"),
    path(f"{GRANT}retire-sur-place/", codes.removed, name="removed"),
    path(f"{GRANT}reprendre/", caretakers.take_back, name="take_back"),
    path("mes-codes/", codes.mine, name="mine"),
    path("mes-codes/<int:grant_id>/", codes.mine_one, name="mine_one"),
]
