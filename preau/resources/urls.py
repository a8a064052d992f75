"""Addresses of the library."""

from django.urls import path

from preau.resources.views import deciding, keeping, mirroring, public

app_name = "resources"
_KEPT = "gerer/ressources/<int:resource_id>"

urlpatterns = [
    path("ressources/", public.resource_list, name="list"),
    path("ressources/<int:resource_id>/", public.show, name="show"),
    path("ressources/<int:resource_id>/signaler/", public.signal, name="signal"),
    path("gerer/ressources/", keeping.mine, name="mine"),
    path("gerer/ressources/nouvelle/", keeping.create, name="create"),
    path("gerer/ressources/miroir/", mirroring.readings, name="readings"),
    path("gerer/ressources/miroir/lire/", mirroring.read_now, name="read_now"),
    path(f"{_KEPT}/", keeping.manage, name="manage"),
    path(f"{_KEPT}/modifier/", keeping.edit, name="edit"),
    path(f"{_KEPT}/contacts/", keeping.contacts, name="contacts"),
    path(f"{_KEPT}/soumettre/", deciding.submit, name="submit"),
    path(f"{_KEPT}/publier/", deciding.accept, name="accept"),
    path(f"{_KEPT}/renvoyer/", deciding.send_back, name="send_back"),
    path(f"{_KEPT}/reprendre/", deciding.reopen, name="reopen"),
    path(f"{_KEPT}/prolonger/", deciding.renew, name="renew"),
    path(f"{_KEPT}/archiver/", deciding.archive, name="archive"),
    path(
        "gerer/ressources/signalements/<int:signal_id>/traiter/",
        deciding.close_signal,
        name="close_signal",
    ),
]
