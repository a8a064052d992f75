"""What is known of a draft beyond the project itself."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from preau.accounts.enums import OrganizationKind
from preau.accounts.perms import Scope
from preau.projects.models.project import Project


class Filing(models.Model):
    """How a project is being filed: steps gone through, how to reach whoever fills it in."""

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="filing")
    holder_kind = models.CharField(
        "nature de la structure", max_length=20, choices=OrganizationKind, blank=True
    )
    holder_commune = models.ForeignKey(
        "territories.Commune", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: The local authority with which an association files.
    partner_name = models.CharField("avec quelle collectivité", max_length=160, blank=True)
    #: Steps answered, in `filing_steps.Step` values: what is left is offered first.
    done = ArrayField(models.CharField(max_length=20), default=list)
    #: Page → what was left there half-written, field by field: shown again, saved nowhere else.
    typed = models.JSONField("écrit, pas encore enregistré", default=dict, blank=True)
    #: Where the link that takes the draft up again was sent.
    resume_email = models.EmailField("adresse pour reprendre", blank=True)
    #: When it was said that the draft would soon be thrown away.
    warned_at = models.DateTimeField(null=True, blank=True)
    #: Deposit was asked where no pair exists yet: told the day there is one.
    awaits_pair_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "dépôt d’un projet"
        indexes = [
            models.Index(
                fields=["resume_email"],
                condition=~models.Q(resume_email=""),
                name="filing_resume_email",
            ),
            models.Index(
                fields=["awaits_pair_since"],
                condition=models.Q(awaits_pair_since__isnull=False),
                name="filing_awaits_pair",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope
