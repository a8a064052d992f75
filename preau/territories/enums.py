"""Closed lists of the room: school zones and kinds of EPCI."""

from __future__ import annotations

from django.db import models


class SchoolZone(models.TextChoices):
    A = "A", "Zone A"
    B = "B", "Zone B"
    C = "C", "Zone C"
    CORSE = "CORSE", "Corse"
    GUADELOUPE = "GUADELOUPE", "Guadeloupe"
    MARTINIQUE = "MARTINIQUE", "Martinique"
    GUYANE = "GUYANE", "Guyane"
    REUNION = "REUNION", "La Réunion"
    MAYOTTE = "MAYOTTE", "Mayotte"
    SAINT_PIERRE_ET_MIQUELON = "SAINT_PIERRE_ET_MIQUELON", "Saint-Pierre-et-Miquelon"
    SAINT_BARTHELEMY = "SAINT_BARTHELEMY", "Saint-Barthélemy"
    SAINT_MARTIN = "SAINT_MARTIN", "Saint-Martin"
    WALLIS_ET_FUTUNA = "WALLIS_ET_FUTUNA", "Wallis-et-Futuna"
    POLYNESIE = "POLYNESIE", "Polynésie française"
    NOUVELLE_CALEDONIE = "NOUVELLE_CALEDONIE", "Nouvelle-Calédonie"


class EpciKind(models.TextChoices):
    COMMUNITY_OF_COMMUNES = "CC", "Communauté de communes"
    COMMUNITY_OF_AGGLOMERATION = "CA", "Communauté d’agglomération"
    URBAN_COMMUNITY = "CU", "Communauté urbaine"
    METROPOLIS = "METRO", "Métropole"
    METROPOLIS_OF_LYON = "MET69", "Métropole de Lyon"
