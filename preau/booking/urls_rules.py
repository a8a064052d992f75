"""Addresses of the rules of an organisation's places."""

from django.urls import URLPattern, path

from preau.booking.views import rules

urlpatterns: list[URLPattern] = [
    path("gerer/regles/<int:organization_id>/", rules.rules_list, name="rules"),
    path("gerer/regles/<int:organization_id>/nouveau/", rules.create, name="rules_create"),
    path("gerer/regles/modele/<int:rules_id>/", rules.edit, name="rules_edit"),
    path("gerer/regles/modele/<int:rules_id>/lieux/", rules.assign, name="rules_assign"),
    path("gerer/regles/modele/<int:rules_id>/archiver/", rules.archive, name="rules_archive"),
    path("gerer/delegations/<int:place_id>/", rules.delegations, name="delegations"),
    path("gerer/delegations/<int:delegation_id>/retirer/", rules.revoke, name="delegation_revoke"),
]
