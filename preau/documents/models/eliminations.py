"""What has been kept long enough: listed, approved by someone, then destroyed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock


class Elimination(models.Model):
    """A list of documents to destroy, of one organisation or of people (`organization` null)."""

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField("proposée le", default=clock.now)
    approved_at = models.DateTimeField("approuvée le", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    done_at = models.DateTimeField("exécutée le", null=True)

    class Meta:
        verbose_name = "bordereau d’élimination"
        constraints = [
            models.CheckConstraint(
                name="elimination_approved_first",
                condition=Q(done_at=None) | Q(approved_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(approved_at=None),
                nulls_distinct=False,
                name="elimination_one_open",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class EliminationLine(models.Model):
    """One document of the list. The title goes with the document; the digest stays."""

    elimination = models.ForeignKey(Elimination, models.CASCADE, related_name="lines")
    document = models.ForeignKey(
        "documents.Document", models.SET_NULL, null=True, related_name="elimination_lines"
    )
    kind = models.CharField("nature", max_length=30)
    title = models.CharField("titre", max_length=160, blank=True)
    sha256 = models.CharField("empreinte", max_length=64)
    deposited_on = models.DateField("déposé le")
    due_on = models.DateField("à détruire depuis le")
    reason = models.CharField("règle", max_length=200)
    destroyed_at = models.DateTimeField("détruit le", null=True)
    kept_because = models.CharField("gardé, car", max_length=200, blank=True)

    class Meta:
        verbose_name = "ligne d’un bordereau d’élimination"
