"""What is due, by whom and to whom. What it is made of only grows: a change adds lines."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from preau.accounts.perms import Scope
from preau.core import clock
from preau.payments.enums import DueState, LineKind, VatRegime
from preau.payments.models.offices import CollectingOffice


class Due(models.Model):
    """A sum due. Its totals and its state are kept by triggers, from its lines and payments."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="dues")
    year = models.PositiveSmallIntegerField("année")
    sequence = models.PositiveIntegerField("rang")
    #: Whose money it is: the organisation of the office when it was asked.
    payee = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    departement_code = models.CharField("département", max_length=3)
    #: What it is due for, as its room says it: "booking:AB12CD34EF".
    source = models.CharField("origine", max_length=80, unique=True)
    label = models.CharField("objet", max_length=200)
    payer_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    payer_organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    #: As it is written on papers; the only trace of who has no account.
    payer_name = models.CharField("payeur", max_length=160)
    payer_address = models.CharField("adresse", max_length=250, blank=True)
    payer_email = models.EmailField("adresse électronique", blank=True)
    payer_siret = models.CharField("SIRET", max_length=14, blank=True)
    #: The office's when it was asked: what changes there later changes nothing here.
    vat_regime = models.CharField(
        "TVA", max_length=14, choices=VatRegime, default=VatRegime.NOT_LIABLE
    )
    #: The days of the service, both included, on the place's clock; none when it has none.
    served_from = models.DateField("prestation du", null=True)
    served_to = models.DateField("prestation au", null=True)
    state = models.CharField("état", max_length=12, choices=DueState, default=DueState.NOTHING)
    due_by = models.DateTimeField("à payer avant le", null=True)
    total_cents = models.IntegerField("total, en centimes", default=0)
    paid_cents = models.IntegerField("payé, en centimes", default=0)
    refunded_cents = models.IntegerField("rendu, en centimes", default=0)
    created_at = models.DateTimeField("demandée le", default=clock.now)
    changed_at = models.DateTimeField("changée le", default=clock.now)

    class Meta:
        verbose_name = "somme due"
        verbose_name_plural = "sommes dues"
        constraints = [
            models.UniqueConstraint(fields=["office", "year", "sequence"], name="due_number_once"),
            models.CheckConstraint(
                name="due_never_negative",
                condition=Q(total_cents__gte=0),
                violation_error_message="Une somme due n’est jamais négative.",
            ),
            models.CheckConstraint(
                name="due_refunds_at_most_what_was_paid",
                condition=Q(refunded_cents__gte=0) & Q(paid_cents__gte=F("refunded_cents")),
                violation_error_message="On ne rend pas plus que ce qui a été payé.",
            ),
            models.CheckConstraint(
                name="due_state_is_what_money_says",
                condition=Q(state=DueState.NOTHING, total_cents=0)
                | Q(
                    state=DueState.PAID,
                    total_cents__gt=0,
                    total_cents__lte=F("paid_cents") - F("refunded_cents"),
                )
                | Q(state=DueState.OPEN, total_cents__gt=F("paid_cents") - F("refunded_cents")),
            ),
            models.CheckConstraint(name="due_payer_named", condition=~Q(payer_name="")),
            models.CheckConstraint(
                name="due_served_in_order",
                condition=Q(served_from=None, served_to=None)
                | Q(
                    served_from__isnull=False,
                    served_to__isnull=False,
                    served_from__lte=F("served_to"),
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="due_of_office"),
            models.Index(fields=["payer_user", "-id"], name="due_of_person"),
            models.Index(fields=["payer_organization", "-id"], name="due_of_organization"),
            models.Index(
                fields=["due_by"], condition=Q(state=DueState.OPEN), name="due_open_by_deadline"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("payments:due", args=[self.key])

    @property
    def number(self) -> str:
        return f"{self.year}-{self.sequence:05d}"

    @property
    def kept_cents(self) -> int:
        """What came in and was not given back."""
        return self.paid_cents - self.refunded_cents

    @property
    def left_cents(self) -> int:
        """What still has to be paid."""
        return max(self.total_cents - self.kept_cents, 0)

    @property
    def over_cents(self) -> int:
        """What came in beyond what is due: to be given back."""
        return max(self.kept_cents - self.total_cents, 0)

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock its limit is said in: the place's, the office's without one."""
        return self.place.zone if self.place else self.office.zone

    @property
    def is_late(self) -> bool:
        open_still = self.state == DueState.OPEN
        return open_still and self.due_by is not None and self.due_by < clock.now()

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.office.organization_id,
            place_id=self.place_id,
            # For an organisation, the person is only whom it writes to.
            holder_user_id=None if self.payer_organization_id else self.payer_user_id,
            holder_organization_id=self.payer_organization_id,
        )


class DueLine(models.Model):
    """What the sum is made of. Written once: a change is another line, for the difference."""

    due = models.ForeignKey(Due, models.PROTECT, related_name="lines")
    kind = models.CharField("nature", max_length=20, choices=LineKind)
    label = models.CharField("libellé", max_length=200)
    cents = models.IntegerField("montant, en centimes")
    #: Hundredths of a percent, inside the amount: 2000 is 20 %. 0 where no VAT is asked.
    vat_rate = models.PositiveIntegerField("taux de TVA", default=0)
    #: The day of the service, which may be none.
    day = models.DateField("jour", null=True)
    is_adjustment = models.BooleanField("rectification", default=False)
    created_at = models.DateTimeField("inscrite le", default=clock.now)

    class Meta:
        verbose_name = "ligne d’une somme due"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="due_line_some_amount", condition=~Q(cents=0)),
            models.CheckConstraint(name="due_line_vat_rate", condition=Q(vat_rate__lte=10_000)),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.due.permission_scope
