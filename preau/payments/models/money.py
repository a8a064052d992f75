"""Money that came: tries at a provider, the journal, and what went wrong."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.payments.enums import (
    GIVES_BACK,
    LIVING,
    UNSETTLED,
    IncidentKind,
    IncidentState,
    Means,
    Nature,
    OperationState,
    Provider,
)
from preau.payments.models.dues import Due
from preau.payments.models.offices import CollectingOffice


class Operation(models.Model):
    """One try at a provider. What it says is never believed by a notification: it is asked."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    due = models.ForeignKey(Due, models.PROTECT, related_name="operations")
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="+")
    provider = models.CharField("prestataire", max_length=10, choices=Provider)
    #: Its name there (PayFiP: idOp); "" until it answered.
    remote_id = models.CharField("identifiant", max_length=60, blank=True)
    #: What we call it there (PayFiP: refdet).
    reference = models.CharField("référence", max_length=30, unique=True)
    cents = models.PositiveIntegerField("montant, en centimes")
    state = models.CharField(
        "état", max_length=12, choices=OperationState, default=OperationState.CREATED
    )
    pay_url = models.URLField("page de paiement", max_length=500, blank=True)
    #: The provider's own answer, in its words: « P », « Z », a code that nobody knows.
    result_code = models.CharField("réponse", max_length=40, blank=True)
    created_at = models.DateTimeField("ouverte le", default=clock.now)
    checked_at = models.DateTimeField("vérifiée le", null=True)
    #: When it is asked again; null once nothing more is expected.
    check_at = models.DateTimeField("à vérifier le", null=True)
    ended_at = models.DateTimeField("close le", null=True)

    class Meta:
        verbose_name = "opération de paiement"
        verbose_name_plural = "opérations de paiement"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "remote_id"],
                condition=~Q(remote_id=""),
                name="operation_remote_once",
            ),
            models.UniqueConstraint(
                fields=["due"], condition=Q(state__in=LIVING), name="operation_one_living"
            ),
            models.CheckConstraint(name="operation_some_amount", condition=Q(cents__gte=1)),
            models.CheckConstraint(
                name="operation_ended_coherent",
                condition=Q(state__in=LIVING, ended_at=None)
                | ~Q(state__in=LIVING) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="operation_waiting_has_a_name_there",
                condition=Q(state__in=[OperationState.CREATED, OperationState.EXPIRED])
                | ~Q(remote_id=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["check_at"], condition=Q(check_at__isnull=False), name="operation_to_ask"
            ),
            models.Index(fields=["office", "state", "-id"], name="operation_of_office"),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.due.permission_scope


class Payment(models.Model):
    """One entry of an office's journal, written once. A contra entry reverses one."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="journal")
    #: Its place in the journal: no gap in an office and a year.
    year = models.PositiveSmallIntegerField("année")
    sequence = models.PositiveIntegerField("numéro")
    due = models.ForeignKey(Due, models.PROTECT, related_name="payments")
    nature = models.CharField("nature", max_length=18, choices=Nature, default=Nature.IN)
    #: Signed: what came in is positive, what went back negative.
    cents = models.IntegerField("montant, en centimes")
    means = models.CharField("moyen", max_length=12, choices=Means)
    operation = models.OneToOneField(Operation, models.PROTECT, null=True, related_name="payment")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    cheque_number = models.CharField("numéro du chèque", max_length=20, blank=True)
    reason = models.CharField("motif", max_length=300, blank=True)
    #: When the money came, and the office's day it is counted in.
    at = models.DateTimeField("le", default=clock.now)
    day = models.DateField("jour")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "écriture du journal"
        verbose_name_plural = "écritures du journal"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "sequence"], name="payment_number_once"
            ),
            models.CheckConstraint(
                name="payment_sign_follows_nature",
                condition=Q(nature=Nature.IN, cents__gt=0, reverses=None)
                | Q(nature=Nature.REVERSAL, cents__lt=0, reverses__isnull=False, operation=None)
                | Q(nature=Nature.REFUND, cents__lt=0, reverses=None, operation=None),
            ),
            models.CheckConstraint(
                name="payment_cheque_has_number",
                condition=~Q(nature=Nature.IN, means=Means.CHEQUE) | ~Q(cheque_number=""),
                violation_error_message="Notez le numéro du chèque.",
            ),
            models.CheckConstraint(
                name="payment_reversal_has_reason",
                condition=~Q(nature=Nature.REVERSAL) | ~Q(reason=""),
                violation_error_message="Dites pourquoi : le journal le garde.",
            ),
            models.CheckConstraint(
                name="payment_online_has_operation",
                condition=~Q(nature=Nature.IN, means__in=[Means.CARD, Means.DEBIT, Means.TEST])
                | Q(operation__isnull=False),
            ),
            models.CheckConstraint(name="payment_year_of_day", condition=Q(year=F("day__year"))),
        ]
        indexes = [
            models.Index(fields=["office", "day", "id"], name="payment_journal"),
            models.Index(fields=["due", "id"], name="payment_of_due"),
        ]

    @property
    def number(self) -> str:
        return f"{self.year}-{self.sequence:05d}"

    @property
    def may_be_reversed(self) -> bool:
        """Noted by hand, and still standing."""
        is_by_hand = self.nature == Nature.IN and self.operation_id is None
        return is_by_hand and not hasattr(self, "reversed_by")

    @property
    def permission_scope(self) -> Scope:
        return self.due.permission_scope


class EntryShare(models.Model):
    """What one rate of VAT has of an entry, for a due that asks VAT. Written with it, once."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="shares")
    vat_rate = models.PositiveIntegerField("taux de TVA")
    #: With VAT, then the VAT in it; signed.
    cents = models.IntegerField("montant, en centimes")
    vat_cents = models.IntegerField("dont TVA, en centimes")

    class Meta:
        verbose_name = "part d’une écriture"
        ordering = ["-vat_rate"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "vat_rate"], name="entry_share_once"),
            models.CheckConstraint(
                name="entry_share_no_vat_at_zero", condition=Q(vat_rate__gt=0) | Q(vat_cents=0)
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.payment.permission_scope


class Incident(models.Model):
    """Something about money that the régisseur has to see to. Never silent, never forgotten."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="incidents")
    due = models.ForeignKey(Due, models.PROTECT, related_name="incidents")
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="incidents")
    kind = models.CharField("nature", max_length=14, choices=IncidentKind)
    #: What came in beyond what is due, as it stands: it follows the due until settled.
    refund_cents = models.PositiveIntegerField("à rendre, en centimes", default=0)
    facts = models.TextField("ce qui s’est passé", max_length=1000)
    state = models.CharField(
        "état", max_length=14, choices=IncidentState, default=IncidentState.OPEN
    )
    note = models.TextField("suite donnée", max_length=1000, blank=True)
    #: Settled without giving the money back: that much is no longer proposed.
    kept_cents = models.PositiveIntegerField("gardé, en centimes", default=0)
    opened_at = models.DateTimeField("ouvert le", default=clock.now)
    settled_at = models.DateTimeField("réglé le", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "incident de paiement"
        verbose_name_plural = "incidents de paiement"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["due"],
                condition=Q(state__in=UNSETTLED, kind__in=GIVES_BACK),
                name="incident_one_refund_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["operation", "kind"],
                condition=Q(state__in=UNSETTLED) & ~Q(kind__in=GIVES_BACK),
                name="incident_one_doubt_at_a_time",
            ),
            models.CheckConstraint(
                name="incident_proposes_what_it_gives_back",
                condition=Q(state=IncidentState.SETTLED)
                | Q(kind__in=GIVES_BACK, refund_cents__gt=0)
                | ~Q(kind__in=GIVES_BACK) & Q(refund_cents=0),
            ),
            models.CheckConstraint(
                name="incident_settled_says_how",
                condition=Q(state__in=UNSETTLED, settled_at=None, kept_cents=0)
                | Q(state=IncidentState.SETTLED, settled_at__isnull=False) & ~Q(note=""),
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="incident_of_office")]

    @property
    def permission_scope(self) -> Scope:
        return self.office.permission_scope
