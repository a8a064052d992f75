"""The words of a project, ready to be searched."""

from __future__ import annotations

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

    class Meta:
        verbose_name = "mots d’un projet"
        indexes = [GinIndex(fields=["words"], name="project_words", fastupdate=False)]
