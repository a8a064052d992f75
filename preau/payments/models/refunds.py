"""Money to be given back: asked by one person, approved by another, paid by the accounts."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from preau.accounts.perms import Scope
from preau.core import clock
from preau.payments.enums import RefundCause, RefundState
from preau.payments.models.dues import Due
from preau.payments.models.money import Incident, Payment
from preau.payments.models.offices import CollectingOffice

_DECIDED = [RefundState.APPROVED, RefundState.EXPORTED, RefundState.PAID, RefundState.REFUSED]


class RefundExport(models.Model):
    """One file handed to the finance service. The bank details in it are kept nowhere after."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="refund_exports")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField("fait le", default=clock.now)

    class Meta:
        verbose_name = "transmission de remboursements"
        ordering = ["-id"]

    @property
    def permission_scope(self) -> Scope:
        return self.office.permission_scope


class Refund(models.Model):
    """One sum to give back to who paid. A trigger keeps all of a due's below what was paid."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="refunds")
    due = models.ForeignKey(Due, models.PROTECT, related_name="refunds")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="refunds")
    cents = models.PositiveIntegerField("à rendre, en centimes")
    cause = models.CharField("cause", max_length=12, choices=RefundCause)
    reason = models.CharField("motif", max_length=500)
    state = models.CharField("état", max_length=10, choices=RefundState, default=RefundState.ASKED)
    #: Null when Préau asked, because a booking was cancelled.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField("demandé le", default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("décidé le", null=True)
    decision = models.CharField("motif du refus", max_length=500, blank=True)
    #: Name and IBAN, encrypted; emptied once they were handed over.
    bank_sealed = models.TextField("coordonnées bancaires", blank=True)
    bank_hint = models.CharField("compte", max_length=40, blank=True)
    bank_given_at = models.DateTimeField("coordonnées données le", null=True)
    bank_asked_at = models.DateTimeField("coordonnées demandées le", null=True)
    export = models.ForeignKey(RefundExport, models.PROTECT, null=True, related_name="refunds")
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="refund")

    class Meta:
        verbose_name = "remboursement"
        constraints = [
            models.CheckConstraint(name="refund_some_amount", condition=Q(cents__gte=1)),
            models.CheckConstraint(
                name="refund_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Dites pourquoi cette somme est rendue.",
            ),
            models.CheckConstraint(
                name="refund_decided_coherent",
                condition=Q(state=RefundState.ASKED, decided_at=None)
                | Q(state__in=_DECIDED, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="refund_four_eyes",
                condition=Q(decided_by=None) | Q(asked_by=None) | ~Q(decided_by=F("asked_by")),
                violation_error_message="Qui demande un remboursement ne l’approuve pas.",
            ),
            models.CheckConstraint(
                name="refund_refusal_has_reason",
                condition=~Q(state=RefundState.REFUSED) | ~Q(decision=""),
                violation_error_message="Dites pourquoi : la personne le lira.",
            ),
            models.CheckConstraint(
                name="refund_exported_coherent",
                condition=~Q(state=RefundState.EXPORTED) | Q(export__isnull=False),
            ),
            models.CheckConstraint(
                name="refund_bank_forgotten",
                condition=Q(state__in=[RefundState.ASKED, RefundState.APPROVED])
                | Q(bank_sealed=""),
            ),
            models.CheckConstraint(
                name="refund_paid_has_entry",
                condition=Q(state=RefundState.PAID, payment__isnull=False)
                | ~Q(state=RefundState.PAID) & Q(payment=None),
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="refund_of_office")]

    def __str__(self) -> str:
        return f"Remboursement de {self.due.label}"

    def get_absolute_url(self) -> str:
        return reverse("payments:refund", args=[self.key])

    @property
    def has_bank(self) -> bool:
        return bool(self.bank_sealed)

    @property
    def permission_scope(self) -> Scope:
        return self.due.permission_scope
