"""Addresses of shared costs, economic models and negotiation rounds."""

from django.urls import path

from preau.economics.views import allocations, shares

app_name = "economics"
_COSTS = "piloter/couts/<uuid:allocation_key>"
_LINE = "piloter/couts/fournisseurs/<uuid:share_key>"

urlpatterns = [
    path("piloter/couts/", allocations.allocations, name="allocations"),
    path("piloter/couts/nouvelle/", allocations.create, name="create_allocation"),
    path(
        "piloter/couts/charges/<int:cost_item>/retirer/",
        allocations.remove_item,
        name="remove_item",
    ),
    path(f"{_LINE}/corriger/", allocations.edit_provider, name="edit_provider"),
    path(f"{_LINE}/retirer/", allocations.remove_provider, name="remove_provider"),
    path(f"{_COSTS}/", allocations.allocation, name="allocation"),
    path(f"{_COSTS}/charges/", allocations.add_item, name="add_item"),
    path(f"{_COSTS}/fournisseurs/", allocations.add_provider, name="add_provider"),
    path(f"{_COSTS}/planning/", allocations.prefill, name="prefill"),
    path(f"{_COSTS}/proposer/", allocations.propose, name="propose"),
    path(f"{_COSTS}/reprendre/", allocations.take_back, name="take_back"),
    path(f"{_COSTS}/arreter/", allocations.settle, name="settle"),
    path(f"{_COSTS}/supprimer/", allocations.delete, name="delete_allocation"),
    path(f"{_COSTS}/tableau.csv", allocations.csv, name="allocation_csv"),
    path("couts/parts/<uuid:share_key>/", shares.share, name="share"),
]
