"""Addresses of shared costs, economic models and negotiation rounds."""

from django.urls import path

from preau.economics.views import allocations, answering, economy, rounds, shares

app_name = "economics"
_COSTS = "piloter/couts/<uuid:allocation_key>"
_LINE = "piloter/couts/fournisseurs/<uuid:share_key>"
_MODEL = "modeles-economiques/<uuid:economy_key>"
_VERSION = f"{_MODEL}/versions/<int:economy_version>"
_ROUND = "piloter/negociations/<uuid:round_key>"

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
    path("projets/<uuid:economy_project>/modele-economique/", economy.create, name="create_model"),
    path(f"{_MODEL}/", economy.model, name="model"),
    path(f"{_MODEL}/modifier/", economy.edit, name="edit_model"),
    path(f"{_MODEL}/ajouter/", economy.add_line, name="add_line"),
    path(f"{_MODEL}/hypothese/", economy.edit_line, name="edit_line"),
    path(f"{_MODEL}/retirer/", economy.remove_line, name="remove_line"),
    path(f"{_MODEL}/calculer/", economy.compute, name="compute"),
    path(f"{_VERSION}/", economy.version, name="version"),
    path(f"{_VERSION}/comparer/", economy.compare, name="compare"),
    path(f"{_VERSION}/reprendre/", economy.resume, name="resume"),
    path(f"{_VERSION}/tableau.csv", economy.csv, name="version_csv"),
    path("piloter/negociations/", rounds.rounds, name="rounds"),
    path("piloter/negociations/nouvelle/", rounds.create, name="create_round"),
    path(f"{_ROUND}/", rounds.round_page, name="round"),
    path(f"{_ROUND}/modifier/", rounds.edit, name="edit_round"),
    path(f"{_ROUND}/inviter/", rounds.invite, name="invite"),
    path(f"{_ROUND}/ouvrir/", rounds.open_round, name="open_round"),
    path(f"{_ROUND}/abandonner/", rounds.abandon, name="abandon_round"),
    path(f"{_ROUND}/conventions/", rounds.prepare, name="prepare_sharing"),
    path(
        "piloter/negociations/invites/<uuid:invitee_key>/retirer/",
        rounds.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("negociations/<uuid:invitee_key>/", answering.invitation, name="invitation"),
    path("negociations/lien/<str:round_token>/", answering.by_link, name="by_link"),
]
