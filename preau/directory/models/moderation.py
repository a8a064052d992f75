"""What the public signals, and sheets that may be of one place."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.directory.enums import PairState, SignalKind, SignalState
from preau.directory.models.sheets import Sheet
from preau.directory.territory import territory_keys


class Signal(models.Model):
    """Anybody's word that a place is missing or wrong; a manager accepts or refuses it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=10, choices=SignalKind)
    sheet = models.ForeignKey(Sheet, models.CASCADE, null=True, blank=True, related_name="signals")
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+")
    departement_code = models.CharField(max_length=3)
    # What should be written, field by field: {"name": "…", "phone": "…", "hours": […]}.
    proposed = models.JSONField("ce qui est proposé", default=dict, blank=True)
    text = models.TextField("précisions", blank=True)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Only to say what became of it; erased once it has been said.
    sender_email = models.EmailField("adresse électronique", blank=True)
    state = models.CharField(
        "état", max_length=10, choices=SignalState, default=SignalState.WAITING
    )
    reason = models.CharField("motif", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("traité le", null=True, blank=True)
    created_at = models.DateTimeField("envoyé le", default=clock.now)
    #: When whoever decides was told that it still waits.
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "signalement"
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="signal_of_a_sheet_unless_missing",
                condition=Q(kind=SignalKind.MISSING) | Q(sheet__isnull=False),
            ),
            models.CheckConstraint(
                name="signal_decided_is_dated",
                condition=Q(state=SignalState.WAITING, decided_at=None)
                | ~Q(state=SignalState.WAITING) & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="signal_refusal_has_reason",
                condition=~Q(state=SignalState.REFUSED) | ~Q(reason=""),
                violation_error_message="Un refus est motivé.",
            ),
        ]

    @property
    def is_answered(self) -> bool:
        """Whether somebody left how to be told what became of it."""
        return bool(self.sender_id or self.sender_email)

    @property
    def permission_scope(self) -> Scope:
        if self.sheet is not None:
            return self.sheet.permission_scope
        return Scope(reader_keys=territory_keys(self.commune))


class SheetPair(models.Model):
    """Two sheets that look like one place, found on entry or import; a person decides once."""

    first = models.ForeignKey(Sheet, models.CASCADE, related_name="+")
    second = models.ForeignKey(Sheet, models.CASCADE, related_name="+")
    score = models.FloatField("ressemblance")  # 0 to 1
    reasons = models.JSONField(default=list)  # French words shown: ["même commune", "60 m", …]
    state = models.CharField("état", max_length=20, choices=PairState, default=PairState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("tranché le", null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "doublon possible"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="sheet_pair_once"),
            models.CheckConstraint(name="sheet_pair_in_order", condition=Q(first__lt=F("second"))),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.first.permission_scope


class SheetClaim(models.Model):
    """An organisation asks to keep a sheet; the territory's authority or the operator decides."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="claims")
    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField("ce qui montre que vous tenez ce lieu", blank=True)
    state = models.CharField(
        "état", max_length=10, choices=SignalState, default=SignalState.WAITING
    )
    reason = models.CharField("motif", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("tranchée le", null=True, blank=True)
    created_at = models.DateTimeField("envoyée le", default=clock.now)

    class Meta:
        verbose_name = "demande de gestion d’une fiche"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "organization"],
                condition=Q(state=SignalState.WAITING),
                name="sheet_claim_once",
                violation_error_message="Votre structure a déjà demandé à tenir cette fiche.",
            ),
            models.CheckConstraint(
                name="sheet_claim_decided_is_dated",
                condition=Q(state=SignalState.WAITING, decided_at=None)
                | ~Q(state=SignalState.WAITING) & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="sheet_claim_refusal_has_reason",
                condition=~Q(state=SignalState.REFUSED) | ~Q(reason=""),
                violation_error_message="Un refus est motivé.",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        """Whoever keeps the territory; never who keeps the sheet now."""
        return Scope(reader_keys=territory_keys(self.sheet.commune))
