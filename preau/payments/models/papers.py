"""Receipts, invoices and credit notes: numbered without gaps, frozen as they are issued."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.payments.enums import LETTER, PaperKind
from preau.payments.models.dues import Due, DueLine
from preau.payments.models.money import Payment
from preau.payments.models.offices import CollectingOffice


class Paper(models.Model):
    """What is issued to a payer. Only its file comes later, once; a trigger refuses the rest."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="papers")
    kind = models.CharField("nature", max_length=10, choices=PaperKind)
    year = models.PositiveSmallIntegerField("année")
    #: Without gap in an organisation, a kind and a year.
    sequence = models.PositiveIntegerField("rang")
    due = models.ForeignKey(Due, models.PROTECT, related_name="papers")
    #: What a receipt is for: one entry of the journal.
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="paper")
    #: What a credit note takes back from.
    credits = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes")
    total_cents = models.PositiveIntegerField("total, en centimes")
    vat_cents = models.PositiveIntegerField("dont TVA, en centimes", default=0)
    issued_on = models.DateField("émis le")
    created_at = models.DateTimeField("créé le", default=clock.now)
    #: Everything the page says, as it was that day.
    facts = models.JSONField("contenu", default=dict)
    document = models.OneToOneField(
        "documents.Document", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "reçu ou facture"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "year", "sequence"], name="paper_number_once"
            ),
            models.CheckConstraint(name="paper_some_amount", condition=Q(total_cents__gte=1)),
            models.CheckConstraint(
                name="paper_vat_within_total", condition=Q(vat_cents__lte=F("total_cents"))
            ),
            models.CheckConstraint(
                name="paper_of_what",
                condition=Q(kind=PaperKind.RECEIPT, payment__isnull=False, credits=None)
                | Q(kind=PaperKind.INVOICE, payment=None, credits=None)
                | Q(kind=PaperKind.CREDIT_NOTE, payment=None, credits__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["office", "-id"], name="paper_of_office")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} n° {self.number}"

    @property
    def number(self) -> str:
        return f"{LETTER[PaperKind(self.kind)]}-{self.year}-{self.sequence:05d}"

    @property
    def signed_cents(self) -> int:
        return -self.total_cents if self.kind == PaperKind.CREDIT_NOTE else self.total_cents

    @property
    def is_undone(self) -> bool:
        """Whether the payment that a receipt tells was taken back since."""
        return self.payment is not None and hasattr(self.payment, "reversed_by")

    @property
    def permission_scope(self) -> Scope:
        return self.due.permission_scope


class BilledLine(models.Model):
    """Which lines of a due an invoice or a credit note says: each is billed once."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="billed")
    line = models.OneToOneField(DueLine, models.PROTECT, related_name="billed")

    class Meta:
        verbose_name = "ligne facturée"

    @property
    def permission_scope(self) -> Scope:
        return self.paper.permission_scope
