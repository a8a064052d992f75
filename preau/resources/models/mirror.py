"""Each reading of a source that is mirrored."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from preau.core import clock
from preau.resources.enums import Source


class MirrorRun(models.Model):
    """One reading, whole or cut: what it changed, and what stopped it."""

    source = models.CharField("source", max_length=20, choices=Source)
    started_at = models.DateTimeField("commencée le", default=clock.now)
    ended_at = models.DateTimeField("finie le", null=True, blank=True)
    #: Read to its last page; else nothing was put away.
    is_whole = models.BooleanField("entière", default=False)
    read = models.PositiveIntegerField("lues", default=0)
    created = models.PositiveIntegerField("nouvelles", default=0)
    updated = models.PositiveIntegerField("changées", default=0)
    retired = models.PositiveIntegerField("retirées", default=0)
    skipped = models.PositiveIntegerField("écartées", default=0)
    #: The lines of the report, for whoever keeps the mirror.
    told = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = "lecture d’une source"
        constraints = [
            models.CheckConstraint(
                name="mirror_whole_is_ended",
                condition=Q(is_whole=False) | Q(ended_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["source", "-id"], name="mirror_runs")]
