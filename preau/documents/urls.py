"""Addresses of the vault."""

from django.urls import URLPattern, path

from preau.documents.views import eliminations, vault, verify

app_name = "documents"
urlpatterns: list[URLPattern] = [
    path("verifier/", verify.verify, name="verify"),
    path("coffre/", vault.vault, name="vault"),
    path("coffre/ajouter/", vault.add, name="add"),
    path("coffre/<int:pk>/", vault.page, name="page"),
    path("coffre/<int:pk>/telecharger/", vault.download, name="download"),
    path("coffre/<int:pk>/remplacer/", vault.replace, name="replace"),
    path("coffre/<int:pk>/retirer/", vault.remove, name="remove"),
    path("archives/", eliminations.eliminations, name="eliminations"),
    path("archives/<int:elimination_id>/", eliminations.elimination, name="elimination"),
]
