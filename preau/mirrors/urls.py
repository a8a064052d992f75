"""Addresses of mirrors."""

from django.urls import path

from preau.mirrors.views import hook, opening, pages

app_name = "mirrors"
_M = "piloter/miroirs/<uuid:mirror_key>"
_C = "piloter/miroirs/conflits/<int:mirror_conflict>"

urlpatterns = [
    path("piloter/miroirs/", pages.listing, name="list"),
    path("piloter/miroirs/ouvrir/", opening.begin, name="open"),
    path(f"{_M}/", pages.mirror, name="mirror"),
    path(f"{_M}/document/", opening.document, name="document"),
    path(f"{_M}/colonnes/", opening.columns, name="columns"),
    path(f"{_M}/demarrer/", opening.start, name="start"),
    path(f"{_M}/tester/", pages.test, name="test"),
    path(f"{_M}/synchroniser/", pages.sync, name="sync"),
    path(f"{_M}/arreter/", pages.stop, name="stop"),
    path(f"{_M}/recreer/", pages.repair, name="repair"),
    path(f"{_M}/reprendre/", pages.take_over, name="take_over"),
    path(f"{_M}/fermer/", pages.close, name="close"),
    path(f"{_M}/fermer-sans-grist/", pages.close_anyway, name="close_anyway"),
    path(f"{_C}/garder/", pages.keep, name="keep"),
    path(f"{_C}/accepter/", pages.accept, name="accept"),
    path("miroirs/grist/<str:hook_token>/", hook.hook, name="hook"),
]
