"""Follow-up of a person: with their consent, minimal, erased in time (RGPD, articles 5 to 7)."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.core.sealed import unseal
from preau.mediation.enums import Consent, FileState, Theme
from preau.mediation.people import heir_of, mediators_of

#: The name and how to reach the person are sealed under this purpose.
PURPOSE = "mediation.follow-up"
#: Without any step for so long, a file is closed; closed for so long, it is erased.
DORMANT = timedelta(days=180)
KEPT = timedelta(days=90)
F = FileState


class FollowUpFile(models.Model):
    """One person's file in one place. Its mediator reads it, and whom they share it with."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: What is said aloud and written on papers instead of a name: « S-2026-0014 ».
    reference = models.CharField("référence", max_length=20)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    sheet = models.ForeignKey("directory.Sheet", models.PROTECT, related_name="+")
    mediator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=10, choices=F, default=F.OPEN)
    theme = models.CharField("thème", max_length=20, choices=Theme)
    sealed_name = models.TextField(blank=True)
    sealed_contact = models.TextField(blank=True)
    consent = models.CharField("consentement", max_length=10, choices=Consent)
    consented_on = models.DateField("consentement donné le")
    opened_at = models.DateTimeField("ouvert le", default=clock.now)
    last_step_on = models.DateField("dernière démarche le")
    closed_on = models.DateField("clos le", null=True, blank=True)
    erased_at = models.DateTimeField("effacé le", null=True, blank=True)

    class Meta:
        verbose_name = "dossier de suivi"
        ordering = ["-last_step_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "reference"], name="follow_up_reference_once"
            ),
            models.CheckConstraint(
                name="follow_up_closed_is_dated",
                condition=Q(state=F.OPEN, closed_on=None) | ~Q(state=F.OPEN),
            ),
            models.CheckConstraint(
                name="follow_up_erased_says_nothing",
                condition=Q(
                    state=F.ERASED, sealed_name="", sealed_contact="", erased_at__isnull=False
                )
                | ~Q(state=F.ERASED) & ~Q(sealed_name="") & Q(erased_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["mediator", "state"], name="follow_up_of_mediator"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def name(self) -> str:
        return unseal(self.sealed_name, purpose=PURPOSE) if self.sealed_name else ""

    @property
    def contact(self) -> str:
        return unseal(self.sealed_contact, purpose=PURPOSE) if self.sealed_contact else ""

    @property
    def permission_scope(self) -> Scope:
        """Its mediator alone, as long as they mediate there; no administrator reads it. Once
        they have left, the structure, whose administrators give it to somebody."""
        if self.is_left:
            return Scope(organization_id=self.home_id)
        return Scope(holder_user_id=self.mediator_id)

    @property
    def is_left(self) -> bool:
        """Whether its mediator no longer mediates in the structure."""
        return not mediators_of(self.home_id).filter(user=self.mediator_id).exists()

    @property
    def home_id(self) -> int:
        """The structure, or the one it has become."""
        return heir_of(self.organization)


class Mandate(models.Model):
    """What the person lets the mediator do for them, and until when."""

    file = models.ForeignKey(FollowUpFile, models.CASCADE, related_name="mandates")
    scope = models.CharField("démarches confiées", max_length=300)
    signed_on = models.DateField("signé le")
    until = models.DateField("jusqu’au (inclus)")
    revoked_on = models.DateField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "mandat"
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="mandate_a_year_at_most",
                condition=Q(until__gte=models.F("signed_on"))
                & Q(until__lte=models.F("signed_on") + timedelta(days=366)),
                violation_error_message="Un mandat dure un an au plus.",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.file.permission_scope


class FollowUpStep(models.Model):
    """One thing done, or to do, for the person."""

    file = models.ForeignKey(FollowUpFile, models.CASCADE, related_name="steps")
    day = models.DateField("le")
    theme = models.CharField("thème", max_length=20, choices=Theme)
    text = models.CharField("démarche", max_length=300)
    next_on = models.DateField("à revoir le", null=True, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "démarche"
        ordering = ["day", "id"]

    @property
    def permission_scope(self) -> Scope:
        return self.file.permission_scope
