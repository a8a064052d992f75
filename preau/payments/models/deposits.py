"""Deposits (cautions): what an occupant hands over, and gets back unless something was broken."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property

from preau.accounts.perms import Scope
from preau.core import clock
from preau.core.registries import deposit_begins
from preau.payments.enums import (
    HELD_DEPOSITS,
    LIVE_DEPOSITS,
    DepositMeans,
    DepositState,
)
from preau.payments.models.dues import Due
from preau.payments.models.offices import CollectingOffice

#: Whether it was received: what must be told of it then.
_RECEIVED = Q(received_at__isnull=False) & ~Q(means="")
_KEEPING = ~Q(reason="") & Q(kept_cents__gt=0, told_at__isnull=False)


class Deposit(models.Model):
    """One deposit, for one source. Nothing is kept that the occupant could not answer first."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    office = models.ForeignKey(CollectingOffice, models.PROTECT, related_name="deposits")
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    #: What it guarantees, as its room says it: "booking:AB12CD34EF".
    source = models.CharField("origine", max_length=80, unique=True)
    label = models.CharField("objet", max_length=200)
    holder_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    holder_organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    holder_name = models.CharField("occupant", max_length=160)
    holder_email = models.EmailField("son adresse électronique", blank=True)
    wanted_cents = models.PositiveIntegerField("caution, en centimes")
    state = models.CharField(
        "état", max_length=20, choices=DepositState, default=DepositState.WANTED
    )
    means = models.CharField("remise par", max_length=12, choices=DepositMeans, blank=True)
    cheque_number = models.CharField("numéro du chèque", max_length=20, blank=True)
    received_at = models.DateTimeField("reçue le", null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    #: What is to be kept, or was.
    kept_cents = models.PositiveIntegerField("retenu, en centimes", default=0)
    reason = models.TextField("motif de la retenue", max_length=1000, blank=True)
    told_at = models.DateTimeField("retenue annoncée le", null=True)
    #: Until when the occupant may answer.
    answer_by = models.DateTimeField("réponse possible jusqu’au", null=True)
    answer = models.TextField("réponse de l’occupant", max_length=2000, blank=True)
    answered_at = models.DateTimeField("répondu le", null=True)
    #: Whether they agree with what is announced; null for who did not say.
    agrees = models.BooleanField("d’accord", null=True)
    decided_at = models.DateTimeField("close le", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decision = models.TextField("suite donnée", max_length=1000, blank=True)
    #: What is asked for the damage, once something is kept.
    due = models.OneToOneField(Due, models.PROTECT, null=True, related_name="deposit")
    created_at = models.DateTimeField("demandée le", default=clock.now)

    class Meta:
        verbose_name = "caution"
        constraints = [
            models.CheckConstraint(name="deposit_some_amount", condition=Q(wanted_cents__gte=1)),
            models.CheckConstraint(
                name="deposit_keeps_at_most_itself",
                condition=Q(kept_cents__lte=F("wanted_cents")),
                violation_error_message="On ne retient pas plus que la caution.",
            ),
            models.CheckConstraint(
                name="deposit_received_coherent",
                condition=Q(state__in=[DepositState.WANTED, DepositState.DROPPED], received_at=None)
                | ~Q(state__in=[DepositState.WANTED, DepositState.DROPPED]) & _RECEIVED,
            ),
            models.CheckConstraint(
                name="deposit_kept_coherent",
                condition=Q(state=DepositState.PROPOSED, answer_by__isnull=False) & _KEEPING
                | Q(state=DepositState.KEPT, kept_cents=F("wanted_cents")) & _KEEPING
                | Q(state=DepositState.KEPT_IN_PART, kept_cents__lt=F("wanted_cents")) & _KEEPING
                | Q(
                    state__in=[
                        DepositState.WANTED,
                        DepositState.HELD,
                        DepositState.RETURNED,
                        DepositState.DROPPED,
                    ],
                    kept_cents=0,
                ),
            ),
            models.CheckConstraint(
                name="deposit_closed_dated",
                condition=Q(state__in=LIVE_DEPOSITS, decided_at=None)
                | ~Q(state__in=LIVE_DEPOSITS) & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deposit_agreed_once_answered",
                condition=Q(agrees=None) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deposit_cheque_has_number",
                condition=~Q(means=DepositMeans.CHEQUE) | ~Q(cheque_number=""),
                violation_error_message="Notez le numéro du chèque : il le rendra retrouvable.",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "-id"], name="deposit_of_office"),
            models.Index(
                fields=["answer_by"],
                condition=Q(state=DepositState.PROPOSED),
                name="deposit_to_decide",
            ),
        ]

    def __str__(self) -> str:
        return f"Caution : {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("payments:deposit", args=[self.key])

    @property
    def is_held(self) -> bool:
        return self.state in HELD_DEPOSITS

    @cached_property
    def begins_at(self) -> datetime | None:
        """When what it guarantees begins, as its room says it; None when none does."""
        said = (begins for give in deposit_begins if (begins := give(self.source)) is not None)
        return next(said, None)

    @property
    def is_early(self) -> bool:
        """Whether nothing can be broken yet."""
        return self.begins_at is not None and clock.now() < self.begins_at

    @property
    def zone(self) -> ZoneInfo:
        return self.place.zone if self.place else self.office.zone

    @property
    def back_cents(self) -> int:
        return self.wanted_cents - self.kept_cents

    @property
    def may_decide(self) -> bool:
        """Whether the occupant answered, or had the time to."""
        if self.state != DepositState.PROPOSED or self.answer_by is None:
            return False
        return self.answered_at is not None or self.answer_by <= clock.now()

    @property
    def may_answer(self) -> bool:
        return (
            self.state == DepositState.PROPOSED
            and self.answered_at is None
            and self.answer_by is not None
            and self.answer_by > clock.now()
        )

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.office.organization_id,
            place_id=self.place_id,
            holder_user_id=self.holder_user_id if self.holder_organization_id is None else None,
            holder_organization_id=self.holder_organization_id,
        )


class DepositPhoto(models.Model):
    """What was broken, seen. Shown to the occupant with the reason."""

    deposit = models.ForeignKey(Deposit, models.CASCADE, related_name="photos")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    caption = models.CharField("ce que montre la photo", max_length=200)
    created_at = models.DateTimeField("ajoutée le", default=clock.now)

    class Meta:
        verbose_name = "photo d’une caution"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["deposit", "file"], name="deposit_photo_once"),
            models.CheckConstraint(name="deposit_photo_described", condition=~Q(caption="")),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.deposit.permission_scope
