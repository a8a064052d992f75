"""The words of a project, ready to be searched."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from preau.projects.models.project import Project


class ProjectText(models.Model):
    """Name and reference (A), holder and communes (B), purpose and description (C).

    Written by triggers alone. Apart from the project: its row changes at each event of its history,
    and would bring all its words along, in memory and in the index.
    """

    project = models.OneToOneField(
        Project, models.CASCADE, primary_key=True, related_name="text", editable=False
    )
    words = SearchVectorField()
    #: The project's own, so that one index answers for some words in a territory.
    departement_codes = ArrayField(models.CharField(max_length=3), default=list)

    class Meta:
        verbose_name = "mots d’un projet"
        indexes = [
            GinIndex(
                fields=["words", "departement_codes"], name="project_words_where", fastupdate=False
            )
        ]
