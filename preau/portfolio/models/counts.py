"""How many projects there are, counted ahead: dashboards and portfolios read these rows alone.

Written by `counting.refresh`, and by nobody else; a test counts the projects again and compares.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from preau.projects.enums import ProjectState
from preau.resources.enums import Phase


class ProjectCount(models.Model):
    """Filed projects whose lead commune is in a département, by contract, programme, state, phase.

    With `programme_id` null each project is counted once; the rows of a programme count those that
    are in it now, so that a project in two programmes is in both.
    """

    departement_code = models.CharField(max_length=3)
    #: "" outside of any contract.
    crte_code = models.CharField(max_length=40, blank=True)
    programme_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=20, choices=ProjectState)
    phase = models.CharField(max_length=12, choices=Phase)
    projects = models.IntegerField()
    blocked = models.IntegerField()
    late = models.IntegerField()
    dormant = models.IntegerField()
    #: Of those that say theirs.
    budget_cents = models.BigIntegerField()
    with_budget = models.IntegerField()
    #: The middle of them, for the map of the whole country.
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        verbose_name = "décompte de projets"
        constraints = [
            models.UniqueConstraint(
                fields=["departement_code", "crte_code", "programme_id", "state", "phase"],
                name="project_count_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="project_count_of_some",
                condition=Q(projects__gt=0, blocked__gte=0, late__gte=0, dormant__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["programme_id", "departement_code"], name="project_count_where"),
            models.Index(fields=["crte_code"], name="project_count_of_crte"),
        ]


class ProjectFlow(models.Model):
    """What happened in a département in a month of Paris: the dates that projects bear."""

    departement_code = models.CharField(max_length=3)
    month = models.DateField("premier jour du mois")
    deposited = models.IntegerField(default=0)
    acknowledged = models.IntegerField(default=0)
    accompanied = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    #: Refused or redirected.
    turned_away = models.IntegerField(default=0)

    class Meta:
        verbose_name = "mouvement du mois"
        constraints = [
            models.UniqueConstraint(fields=["departement_code", "month"], name="project_flow_once"),
        ]
        indexes = [models.Index(fields=["month"], name="project_flow_by_month")]


class CountedAt(models.Model):
    """When the counts were last made: one row."""

    name = models.CharField(max_length=20, primary_key=True, default="projects")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "date des décomptes"
