"""A charter, and the places that committed themselves to it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from preau.accounts.perms import Scope
from preau.charters.enums import LIVE, AdhesionState, CharterState
from preau.core import clock

A = AdhesionState
#: Between the day a confirmation is due and the day the label goes.
GRACE = timedelta(days=30)


class Charter(models.Model):
    """Commitments that places sign. Its text is a model of agreement, with its versions."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    keeper = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="charters", verbose_name="tenue par"
    )
    model = models.OneToOneField("agreements.Model", models.PROTECT, related_name="charter")
    name = models.CharField("nom", max_length=120)
    purpose = models.TextField("à quoi elle sert", max_length=2000)
    label = models.CharField("label affiché", max_length=80)
    area_key = models.CharField("territoire", max_length=60)
    confirm_months = models.PositiveSmallIntegerField("à confirmer tous les (mois)", default=12)
    state = models.CharField(
        "état", max_length=10, choices=CharterState, default=CharterState.DRAFT
    )
    opened_at = models.DateTimeField("ouverte le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=clock.now)

    class Meta:
        verbose_name = "charte"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["keeper", "name"],
                name="charter_name_once",
                violation_error_message="Une charte de votre structure porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="charter_confirmed_within_three_years",
                condition=Q(confirm_months__range=(1, 36)),
                violation_error_message="Une charte se confirme tous les 1 à 36 mois.",
            ),
            models.CheckConstraint(
                name="charter_opened_is_dated",
                condition=Q(state=CharterState.DRAFT, opened_at=None)
                | ~Q(state=CharterState.DRAFT) & Q(opened_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("charters:charter", args=[self.key])

    @property
    def is_public(self) -> bool:
        return self.state != CharterState.DRAFT

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.keeper_id)


class CharterAdhesion(models.Model):
    """One place's word towards one charter: signed, confirmed each year, over one day."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    charter = models.ForeignKey(Charter, models.PROTECT, related_name="adhesions")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    agreement = models.OneToOneField("agreements.Agreement", models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=15, choices=A, default=A.SIGNING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField("demandée le", default=clock.now)
    signed_on = models.DateField("signée le", null=True, blank=True)
    confirmed_on = models.DateField("confirmée le", null=True, blank=True)
    confirm_by = models.DateField("à confirmer avant le", null=True, blank=True)
    reminded_on = models.DateField("rappelée le", null=True, blank=True)
    note = models.TextField("ce que dit le lieu", max_length=2000, blank=True)
    ended_on = models.DateField("terminée le", null=True, blank=True)
    reason = models.CharField("motif", max_length=500, blank=True)

    class Meta:
        verbose_name = "adhésion"
        ordering = ["place__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["charter", "place"],
                condition=Q(state__in=LIVE),
                name="charter_adhesion_one_live",
                violation_error_message="Ce lieu adhère déjà à cette charte.",
            ),
            models.CheckConstraint(
                name="charter_adhesion_signed_coherent",
                condition=Q(state=A.SIGNING, signed_on=None, confirm_by=None)
                | Q(state=A.ENDED)
                | Q(
                    state__in=(A.ACTIVE, A.LAPSED, A.SUSPENDED),
                    signed_on__isnull=False,
                    confirmed_on__isnull=False,
                    confirm_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="charter_adhesion_ended_coherent",
                condition=Q(state=A.ENDED, ended_on__isnull=False)
                | ~Q(state=A.ENDED) & Q(ended_on=None),
            ),
            models.CheckConstraint(
                name="charter_adhesion_no_without_reason",
                condition=~Q(state__in=(A.SUSPENDED, A.ENDED)) | ~Q(reason=""),
                violation_error_message="Donnez le motif : l’autre partie le lira.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["confirm_by"], condition=Q(state="active"), name="charter_to_confirm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} – {self.charter}"

    def get_absolute_url(self) -> str:
        return reverse("charters:adhesion", args=[self.key])

    @property
    def label_source(self) -> str:
        return f"charter-adhesion:{self.pk}"

    @property
    def bears_label(self) -> bool:
        return self.state == A.ACTIVE

    @property
    def label_ends_on(self) -> date | None:
        return self.confirm_by + GRACE if self.confirm_by else None

    @property
    def permission_scope(self) -> Scope:
        """The place's people; the keeper is HOLDER, as the other party of an agreement is."""
        return Scope(
            organization_id=self.place.owner_id,
            place_id=self.place_id,
            holder_organization_id=self.charter.keeper_id,
        )
