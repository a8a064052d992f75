"""What happens to a resource: its history, and what readers signal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.resources import enums
from preau.resources.models.resources import Resource


class Entry(models.Model):
    """One line of a resource's history, with what it said from then on. Never changed."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="entries")
    kind = models.CharField("quoi", max_length=10, choices=enums.EntryKind)
    at = models.DateTimeField("quand", default=clock.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("motif", max_length=1000, blank=True)
    #: The names of the fields that changed, and the whole content afterwards.
    changed = models.JSONField(default=list, blank=True)
    content = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "ligne d’historique"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Signal(models.Model):
    """A reader says that something is wrong with a record."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="signals")
    reason = models.CharField("motif", max_length=10, choices=enums.Signal)
    message = models.CharField("précision", max_length=1000, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("signalé le", default=clock.now)
    closed_at = models.DateTimeField("traité le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField("suite donnée", max_length=500, blank=True)

    class Meta:
        verbose_name = "signalement"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="signal_closed_by_somebody",
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["resource"], name="signal_open", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()

    @property
    def permission_scope(self) -> Scope:
        return self.resource.permission_scope
