"""What was handed to the finance service to be billed by titles, each line of a due once."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from preau.accounts.perms import Scope
from preau.core import clock
from preau.payments.models.dues import DueLine
from preau.payments.models.offices import CollectingOffice


class TitleBatch(models.Model):
    """One file (bordereau), written once: it is given again exactly as it was."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="title_batches")
    #: Without gap in an office and a year.
    year = models.PositiveSmallIntegerField("année")
    sequence = models.PositiveIntegerField("rang")
    #: What its lines make together; what is taken off counts below zero.
    cents = models.IntegerField("total, en centimes")
    #: `titles.Row`s as dicts, in their order.
    rows = models.JSONField("contenu")
    made_at = models.DateTimeField("établi le", default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "bordereau de sommes à facturer"
        verbose_name_plural = "bordereaux de sommes à facturer"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "sequence"], name="title_batch_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Bordereau n° {self.number}"

    @property
    def number(self) -> str:
        return f"{self.year}-{self.sequence:04d}"

    @property
    def permission_scope(self) -> Scope:
        return self.office.permission_scope


class TitledLine(models.Model):
    """Which line of a due a batch holds: one batch at most, for ever."""

    batch = models.ForeignKey(TitleBatch, models.PROTECT, related_name="lines")
    line = models.OneToOneField(DueLine, models.PROTECT, related_name="titled")

    class Meta:
        verbose_name = "ligne d’un bordereau"

    @property
    def permission_scope(self) -> Scope:
        return self.batch.permission_scope
