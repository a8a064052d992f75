"""A project: what, where, why, and how far."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.projects.enums import (
    ENDED,
    LIVE,
    WITH_REASON,
    Origin,
    PhaseStatus,
    Priority,
    ProjectState,
)
from preau.resources.enums import Phase, Theme

_S = ProjectState


class Project(models.Model):
    """What a territory wants to do. Written by `actions`; every change leaves a `ProjectEvent`.

    `departement_codes`, `latitude` and `longitude` follow the communes (`actions.territory`).
    """

    #: In addresses and e-mails: says nothing, cannot be guessed.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: Can be read out over the telephone.
    reference = models.CharField("référence", max_length=12, unique=True)
    name = models.CharField("nom du projet", max_length=160)
    purpose = models.TextField("pourquoi ce projet", max_length=5000, blank=True)
    description = models.TextField("en quoi il consiste", max_length=10000, blank=True)
    themes = ArrayField(
        models.CharField(max_length=30, choices=Theme), verbose_name="thèmes", default=list
    )
    state = models.CharField("état", max_length=20, choices=ProjectState, default=_S.DRAFT)
    phase = models.CharField("phase", max_length=12, choices=Phase, default=Phase.IDEA)
    phase_status = models.CharField(
        "avancement", max_length=12, choices=PhaseStatus, default=PhaseStatus.ONGOING
    )
    budget_cents = models.BigIntegerField("budget prévisionnel", null=True, blank=True)
    starts_on = models.DateField("début prévu", null=True, blank=True)
    ends_on = models.DateField("fin prévue", null=True, blank=True)

    # --- Where
    lead_commune = models.ForeignKey(
        "territories.Commune", models.PROTECT, null=True, related_name="+", verbose_name="commune"
    )
    epci = models.ForeignKey(
        "territories.Epci", models.PROTECT, null=True, blank=True, related_name="+"
    )
    crte = models.ForeignKey(
        "territories.Crte", models.PROTECT, null=True, blank=True, related_name="+"
    )
    crte_orientation = models.CharField("orientation du CRTE", max_length=300, blank=True)
    crte_year = models.PositiveSmallIntegerField("année d’inscription", null=True, blank=True)
    #: Of the lead commune: which pair receives it, and the key of distribution.
    departement_code = models.CharField("département", max_length=3, blank=True)
    departement_codes = ArrayField(models.CharField(max_length=3), default=list)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    # --- Whose
    holder_organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    holder_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: As typed, until an organisation is joined to it.
    holder_name = models.CharField("structure porteuse", max_length=160, blank=True)
    holder_siret = models.CharField("SIRET", max_length=14, blank=True)
    contact_name = models.CharField("personne à joindre", max_length=120, blank=True)
    contact_function = models.CharField("fonction", max_length=120, blank=True)
    contact_email = models.EmailField("adresse électronique", blank=True)
    contact_phone = models.CharField("téléphone", max_length=20, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.SITE)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    #: Who is filling in a draft before signing in: a random key kept in the session.
    visitor_key = models.CharField(max_length=43, blank=True)

    # --- Who answers for it on the State's side: always one name once it is filed.
    service_in_charge = models.ForeignKey(
        "projects.StateService", models.PROTECT, null=True, blank=True, related_name="+"
    )
    in_charge = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    priority = models.CharField("priorité", max_length=8, choices=Priority, blank=True)
    priority_reason = models.CharField("motif de la priorité", max_length=300, blank=True)
    due_on = models.DateField("échéance", null=True, blank=True)

    # --- When
    created_at = models.DateTimeField("commencé le", default=clock.now)
    updated_at = models.DateTimeField("dernière activité", default=clock.now)
    deposited_at = models.DateTimeField("déposé le", null=True)
    acknowledge_by = models.DateTimeField("à prendre en compte avant le", null=True)
    acknowledged_at = models.DateTimeField("pris en compte le", null=True)
    escalated_at = models.DateTimeField("signalé au service régional le", null=True)
    first_advice_at = models.DateTimeField("premier conseil le", null=True)
    qualified_at = models.DateTimeField("qualifié le", null=True)
    accompanied_at = models.DateTimeField("accompagné depuis le", null=True)
    ended_at = models.DateTimeField("terminé le", null=True)
    end_reason = models.TextField("motif", blank=True, max_length=2000)
    redirected_to = models.CharField("vers qui", max_length=300, blank=True)
    paused_at = models.DateTimeField("en pause depuis le", null=True)
    paused_until = models.DateField("en pause jusqu’au", null=True, blank=True)

    import_batch_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = "projet"
        constraints = [
            models.CheckConstraint(
                name="project_filed_is_whole",
                condition=Q(state=_S.DRAFT, deposited_at=None)
                | (
                    ~Q(state=_S.DRAFT)
                    & Q(deposited_at__isnull=False, lead_commune__isnull=False)
                    & ~Q(name="")
                    & ~Q(departement_code="")
                ),
            ),
            models.CheckConstraint(
                name="project_live_has_one_in_charge",
                condition=~Q(state__in=LIVE)
                | Q(in_charge__isnull=False, service_in_charge__isnull=False),
                violation_error_message="Une personne répond toujours du projet.",
            ),
            models.CheckConstraint(
                name="project_filed_has_a_holder",
                condition=Q(state=_S.DRAFT)
                | Q(holder_organization__isnull=False)
                | Q(holder_user__isnull=False)
                | ~Q(holder_name=""),
            ),
            models.CheckConstraint(
                name="project_acknowledged_is_dated",
                condition=~Q(state__in=[_S.ACKNOWLEDGED, _S.QUALIFIED, _S.ACCOMPANIED])
                | Q(acknowledged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="project_end_is_dated",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="project_no_without_reason",
                condition=~Q(state__in=WITH_REASON) | ~Q(end_reason=""),
                violation_error_message="Écrivez le motif : le porteur du projet le lira.",
            ),
            models.CheckConstraint(
                name="project_priority_has_a_reason",
                condition=Q(priority="") | ~Q(priority_reason=""),
                violation_error_message="Dites pourquoi cette priorité.",
            ),
            models.CheckConstraint(
                name="project_budget_not_negative",
                condition=Q(budget_cents=None) | Q(budget_cents__gte=0),
                violation_error_message="Un budget ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                name="project_dates_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin prévue ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                name="project_lead_departement_is_its_own",
                condition=Q(departement_code="")
                | Q(departement_codes__contains=[F("departement_code")]),
            ),
            models.CheckConstraint(
                name="project_pause_is_dated",
                condition=Q(paused_until=None) | Q(paused_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["departement_code", "state", "-updated_at", "-id"],
                name="project_of_departement",
            ),
            models.Index(fields=["state", "-updated_at", "-id"], name="project_by_state"),
            GinIndex(fields=["departement_codes"], name="project_departements", fastupdate=False),
            GinIndex(
                fields=["departement_codes"],
                condition=Q(departement_codes__len__gt=1),
                name="project_across_departements",
                fastupdate=False,
            ),
            models.Index(fields=["crte", "state"], name="project_of_crte"),
            models.Index(fields=["holder_organization", "-updated_at"], name="project_ours"),
            models.Index(fields=["holder_user", "-updated_at"], name="project_mine"),
            models.Index(fields=["in_charge", "state"], name="project_in_charge"),
            models.Index(fields=["latitude", "longitude"], name="project_position"),
            models.Index(
                fields=["acknowledge_by"],
                condition=Q(state=_S.DEPOSITED),
                name="project_to_acknowledge",
            ),
            models.Index(fields=["import_batch_id"], name="project_import_batch"),
            models.Index(fields=["-updated_at", "-id"], name="project_newest"),
            models.Index(
                fields=["holder_siret"],
                condition=~Q(holder_siret=""),
                name="project_holder_siret",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "Projet sans nom"

    @property
    def is_draft(self) -> bool:
        return self.state == ProjectState.DRAFT

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def holder(self) -> str:
        """In whose name: the organisation, what was typed for it, or the person."""
        return str(self.holder_organization or self.holder_name or self.holder_user or "")

    @property
    def holder_hint(self) -> str:
        """What nobody has checked of the holder: the services of the State read it."""
        if self.holder_organization is not None:
            return "" if self.holder_organization.is_verified else "Structure non vérifiée"
        return "Structure non vérifiée" if self.holder_name else "Une personne, en son nom"

    @property
    def time_zone(self) -> str:
        """Where its days are told: its lead commune's."""
        return self.lead_commune.time_zone if self.lead_commune else settings.TIME_ZONE

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def permission_scope(self) -> Scope:
        return Scope(project_id=self.pk)


class ProjectCommune(models.Model):
    """A commune where the project is; the lead one included."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="communes")
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "commune d’un projet"
        constraints = [
            models.UniqueConstraint(fields=["project", "commune"], name="project_commune_once"),
        ]
        indexes = [models.Index(fields=["commune", "project"], name="project_commune_where")]


class ExternalRef(models.Model):
    """The project's name in another system: how to find it again when that system sends it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="external_refs")
    system = models.CharField("système", max_length=40)
    external_id = models.CharField("identifiant", max_length=120)
    url = models.URLField("adresse", max_length=500, blank=True)
    synced_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "référence dans un autre système"
        constraints = [
            models.UniqueConstraint(fields=["system", "external_id"], name="external_ref_once"),
        ]
        indexes = [models.Index(fields=["project"], name="external_ref_project")]
