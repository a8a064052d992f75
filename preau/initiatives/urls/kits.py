"""Addresses of kits, their uses, supports."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from preau.initiatives.views import kits, supports
from preau.initiatives.views import steering_kits as steering

_U = "kits/en-cours/<uuid:kit_use_key>"
_V = "kits/gerer/versions/<int:kit_version_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("kits/", kits.kits, name="kits"),
    path("kits/gerer/", steering.desk, name="kit_desk"),
    path("kits/gerer/ajouter/", steering.add, name="kit_add"),
    path(f"{_V}/", steering.version, name="kit_version"),
    path(f"{_V}/modifier/", steering.edit, name="kit_edit"),
    path(f"{_V}/etapes/ajouter/", steering.step_add, name="kit_step_add"),
    path(f"{_V}/publier/", steering.publish, name="kit_publish"),
    path("kits/gerer/etapes/<int:kit_step_id>/", steering.step_edit, name="kit_step_edit"),
    path(
        "kits/gerer/etapes/<int:kit_step_id>/retirer/",
        steering.step_remove,
        name="kit_step_remove",
    ),
    path(
        "kits/gerer/<int:kept_kit_id>/nouvelle-version/",
        steering.new_version,
        name="kit_new_version",
    ),
    path("kits/gerer/<int:kept_kit_id>/retirer/", steering.withdraw, name="kit_withdraw"),
    path(f"{_U}/", kits.use, name="kit_use"),
    path(f"{_U}/etape/", kits.tick, name="kit_tick"),
    path(f"{_U}/retirer/", kits.remove, name="kit_remove"),
    path(f"{_U}/soutiens/", kits.open_support, name="support_open"),
    path(f"{_U}/soutiens/fermer/", kits.close_support, name="support_close"),
    path("kits/soutiens/<int:support_id>/mot/", kits.judge_words, name="support_words"),
    path("kits/<slug:kit_slug>/", kits.kit, name="kit"),
    path("kits/<slug:kit_slug>/utiliser/", kits.take, name="kit_take"),
    path(
        "projets/<uuid:currency_key>/monnaie-complementaire/",
        kits.currency_add,
        name="currency_add",
    ),
    path(
        "projets/monnaie-complementaire/<int:currency_id>/",
        kits.currency_edit,
        name="currency_edit",
    ),
    path("soutenir/<uuid:support_page_key>/", supports.page, name="support_page"),
    path("soutenir/<uuid:support_page_key>/retirer/", supports.take_back, name="support_take_back"),
    path("soutenir/lien/<str:support_token>/", supports.by_link, name="support_by_link"),
]
