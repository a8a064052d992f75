"""Addresses of démarches and dossiers."""

from __future__ import annotations

from django.urls import path

from preau.connectors.views import dossiers, procedures

_ONE = "demarches/<uuid:procedure_key>/"
_PROJECT = "projets/<uuid:grant_project>/subventions/"
_DOSSIER = "subventions/<uuid:dossier_key>/"

addresses = [
    path("demarches/", procedures.procedures, name="procedures"),
    path("demarches/ajouter/", procedures.procedure_add, name="procedure_add"),
    path(_ONE, procedures.procedure, name="procedure"),
    path(f"{_ONE}reglages/", procedures.procedure_terms, name="procedure_terms"),
    path(f"{_ONE}correspondances/", procedures.procedure_mapping, name="procedure_mapping"),
    path(f"{_ONE}jeton/", procedures.procedure_token, name="procedure_token"),
    path(f"{_ONE}relire/", procedures.procedure_refresh, name="procedure_refresh"),
    path(f"{_ONE}proposer/", procedures.procedure_publish, name="procedure_publish"),
    path(f"{_ONE}retirer/", procedures.procedure_archive, name="procedure_archive"),
    path(_PROJECT, dossiers.grants, name="grants"),
    path(f"{_PROJECT}preparer/", dossiers.grant_prepare, name="grant_prepare"),
    path(_DOSSIER, dossiers.grant_dossier, name="grant_dossier"),
    path(f"{_DOSSIER}verifier/", dossiers.grant_check, name="grant_check"),
    path(f"{_DOSSIER}montant/", dossiers.grant_amount, name="grant_amount"),
]
