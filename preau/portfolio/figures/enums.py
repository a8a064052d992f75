"""Of what, and when."""

from __future__ import annotations

from django.db.models import TextChoices


class ScopeKind(TextChoices):
    NATION = "nation", "France entière"
    REGION = "region", "Région"
    DEPARTEMENT = "departement", "Département"
    CRTE = "crte", "CRTE"
    PROGRAMME = "programme", "Programme"


class Period(TextChoices):
    """By the day of the deposit: figures follow the projects of that time, to the present day."""

    ALL = "tout", "Depuis le début"
    YEAR = "douze-mois", "Déposés depuis douze mois"
