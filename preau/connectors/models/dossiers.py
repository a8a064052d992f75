"""A prefilled dossier of a project, and what became of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.connectors.models.procedures import Procedure
from preau.connectors.procedures.states import (
    BADGES,
    DECIDED,
    FILED,
    THERE,
    UNSENT,
    DossierState,
    Trouble,
)
from preau.core import clock
from preau.projects.enums import FundingState

#: What its address and its token are sealed for.
PURPOSE = "connectors.dossier"


class Dossier(models.Model):
    """One attempt to send a project to a démarche. The intention is written before the call: a
    crash in between leaves it, and it says so."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="+")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="dossiers")
    funding = models.ForeignKey("projects.FundingRequest", models.CASCADE, related_name="+")
    state = models.CharField("état", max_length=16, choices=DossierState, default="intention")
    trouble = models.CharField(max_length=10, choices=Trouble, blank=True)

    # --- As the service gave them; whoever has the address or the token may open the dossier
    number = models.PositiveBigIntegerField("numéro de dossier", null=True, blank=True)
    sealed_token = models.TextField(blank=True)
    sealed_url = models.TextField(blank=True)

    # --- What went, for people ({champ, label, origin, text}), and what did not ({label, why})
    sent = models.JSONField(default=list)
    unsent = models.JSONField(default=list)
    #: The payload, to compare with what the service kept; emptied with `sent`.
    payload = models.JSONField(default=dict)
    #: Labels of champs that the service did not keep; None until it could be asked.
    dropped = models.JSONField(null=True, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)
    motivation = models.TextField("motivation", blank=True, max_length=5000)

    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField("à ouvrir avant le", null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField("état relu le", null=True, blank=True)
    #: First time that the service did not know it.
    missing_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField("déposé le", null=True, blank=True)
    processed_at = models.DateTimeField("décision le", null=True, blank=True)
    moved_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "dossier de subvention"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "procedure"],
                condition=Q(state__in=sorted(UNSENT)),
                name="dossier_one_to_finish",
                violation_error_message="Un dossier est déjà commencé pour cette démarche.",
            ),
            models.UniqueConstraint(
                fields=["procedure", "number"],
                condition=Q(number__isnull=False),
                name="dossier_number_once",
            ),
            models.CheckConstraint(
                name="dossier_there_has_its_token",
                condition=~Q(state__in=sorted(THERE))
                | (Q(number__isnull=False, expires_at__isnull=False) & ~Q(sealed_token="")),
            ),
            models.CheckConstraint(
                name="dossier_not_created_says_why",
                condition=~Q(state__in=[DossierState.FAILED, DossierState.UNSURE]) | ~Q(trouble=""),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="dossier_of_project"),
            models.Index(F("checked_at").asc(nulls_first=True), "state", name="dossier_to_follow"),
        ]

    def __str__(self) -> str:
        return str(self.procedure)

    @property
    def badge(self) -> str:
        return BADGES[DossierState(self.state)]

    @property
    def is_lapsed(self) -> bool:
        """Nobody opened it in time, whatever the service was last heard to say."""
        if self.state == DossierState.EXPIRED:
            return True
        return self.state == DossierState.PREFILLED and self.expires_at <= clock.now()  # type: ignore[operator]

    @property
    def is_there(self) -> bool:
        return self.state in THERE

    @property
    def is_filed(self) -> bool:
        return self.state in FILED

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED

    @property
    def may_restart(self) -> bool:
        """Another one may be made in its place."""
        return self.state not in UNSENT | FILED or self.is_lapsed

    @property
    def awaits_amount(self) -> bool:
        """Accepted, and nobody has said yet what was granted, nor that the request ended."""
        is_awaited = self.funding.state in {FundingState.PLANNED, FundingState.ASKED}
        return self.state == DossierState.ACCEPTE and is_awaited

    @property
    def number_words(self) -> str:
        return f"n° {self.number}"

    @property
    def trouble_words(self) -> str:
        """What happened, and what to do."""
        said = Trouble(self.trouble).label if self.trouble else ""
        return (
            f"{said} Réessayez plus tard, ou remplissez la démarche avec les réponses ci-dessous."
        )

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class DossierMove(models.Model):
    """A change of state, as we learnt of it. Only ever added."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="moves")
    at = models.DateTimeField(default=clock.now)
    before = models.CharField(max_length=16, choices=DossierState)
    after = models.CharField(max_length=16, choices=DossierState)

    class Meta:
        verbose_name = "changement d’état d’un dossier"
        indexes = [models.Index(fields=["dossier", "-id"], name="dossier_move_of")]
