"""How many projects there are, counted ahead: dashboards and portfolios read these rows alone.

Written by `counting.refresh`, and by nobody else; a test counts the projects again and compares.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.projects.enums import ProjectState
from preau.resources.enums import Phase

#: The order of `ProjectCount.cells`. Drafts are counted nowhere.
STATES = tuple(one for one in ProjectState if one != ProjectState.DRAFT)
CELLS = tuple((state, phase) for state in STATES for phase in Phase)


class ProjectCount(models.Model):
    """Filed projects of a perimeter: one row for each that a page shows, so that none is summed.

    The perimeter is a contract in a département, a département (no contract: null), or the nation
    (no département either). With `programme_id` null each project is counted once; the rows of a
    programme count those that are in it now, so that a project in two programmes is in both.
    """

    #: Where the lead commune is.
    departement_code = models.CharField(max_length=3, null=True)  # noqa: DJ001  null: all of them
    #: "" outside of any contract.
    crte_code = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001  the same
    programme_id = models.BigIntegerField(null=True)
    #: How many in each state and phase, as in `CELLS`.
    cells = ArrayField(models.IntegerField())
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
                fields=["departement_code", "crte_code", "programme_id"],
                name="project_count_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="project_count_of_some",
                condition=Q(projects__gt=0, blocked__gte=0, late__gte=0, dormant__gte=0),
            ),
            models.CheckConstraint(
                name="project_count_contract_in_departement",
                condition=Q(crte_code=None) | Q(departement_code__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["crte_code"], name="project_count_of_crte")]


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
