"""What holds a project back, and what is proposed to move it: by whom, why, with what effect."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.projects.enums import (
    STILL_BLOCKING,
    BlockageState,
    FundingState,
    RecommendationState,
    Severity,
    SuggestionVerdict,
)
from preau.projects.models.project import Project
from preau.resources.enums import BlockageKind, HelpKind

_R = RecommendationState


class Blockage(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="blockages")
    kind = models.CharField("nature", max_length=16, choices=BlockageKind)
    severity = models.CharField("gravité", max_length=1, choices=Severity, default=Severity.SERIOUS)
    title = models.CharField("ce qui bloque", max_length=200)
    description = models.TextField("précisions", max_length=5000, blank=True)
    #: What is wanted of a place: {"people": 30, "weekday": 3, "start": "18:00", "minutes": 120,
    #: "equipment": 5, "kinds": ["salle"], "km": 15}; empty when no place would help.
    need = models.JSONField("besoin d’un lieu", default=dict, blank=True)
    state = models.CharField(
        "état", max_length=16, choices=BlockageState, default=BlockageState.OPEN
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    opened_at = models.DateTimeField("déclaré le", default=clock.now)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    taken_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    ended_at = models.DateTimeField("fini le", null=True, blank=True)
    end_reason = models.TextField("ce qui l’a levé", max_length=2000, blank=True)
    #: The first recommendation sent for it, and when the pair was told that there was none.
    advised_at = models.DateTimeField("premier conseil le", null=True, blank=True)
    pair_told_at = models.DateTimeField("binôme alerté le", null=True, blank=True)

    class Meta:
        verbose_name = "blocage"
        constraints = [
            models.CheckConstraint(
                name="blockage_end_is_dated",
                condition=Q(state__in=STILL_BLOCKING, ended_at=None)
                | (~Q(state__in=STILL_BLOCKING) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="blockage_end_is_explained",
                condition=Q(state__in=STILL_BLOCKING) | ~Q(end_reason=""),
                violation_error_message="Dites en une phrase ce qui a mis fin au blocage.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project"],
                condition=Q(state__in=STILL_BLOCKING),
                name="blockage_standing",
            ),
            models.Index(
                fields=["opened_at"],
                condition=Q(state__in=STILL_BLOCKING, advised_at=None, pair_told_at=None),
                name="blockage_without_advice",
            ),
            models.Index(fields=["project", "-opened_at"], name="blockage_of_project"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class Recommendation(models.Model):
    """What a person proposes to the holder. `snapshot` keeps what it said of its source then."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="recommendations")
    blockage = models.ForeignKey(
        Blockage, models.SET_NULL, null=True, blank=True, related_name="recommendations"
    )
    kind = models.CharField("nature", max_length=16, choices=HelpKind)
    title = models.CharField("titre", max_length=200)
    rationale = models.TextField("pourquoi elle vous est proposée", max_length=5000)
    resource = models.ForeignKey(
        "resources.Resource", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # No constraint: spaces may one day be distributed by département (docs/operations/scale.md);
    # they are archived, never deleted.
    space = models.ForeignKey(
        "places.Space",
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    #: The suggestion it comes from (`Suggestion.id`), or "".
    suggestion_id = models.CharField(max_length=80, blank=True)
    snapshot = models.JSONField(default=dict, blank=True)
    contact = models.CharField("à qui s’adresser", max_length=300, blank=True)
    url = models.URLField("en savoir plus", max_length=500, blank=True)
    due_on = models.DateField("à faire avant le", null=True, blank=True)
    state = models.CharField("état", max_length=12, choices=_R, default=_R.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    on_behalf_of = models.CharField("au nom de", max_length=160, blank=True)
    created_at = models.DateTimeField("rédigée le", default=clock.now)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    seen_at = models.DateTimeField("vue le", null=True, blank=True)
    answered_at = models.DateTimeField("réponse le", null=True, blank=True)

    class Meta:
        verbose_name = "recommandation"
        constraints = [
            models.CheckConstraint(
                name="recommendation_draft_or_sent",
                condition=Q(state=_R.DRAFT, sent_at=None)
                | (~Q(state=_R.DRAFT) & Q(sent_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="recommendation_seen_is_dated",
                condition=Q(state__in=[_R.DRAFT, _R.SENT, _R.LAPSED]) | Q(seen_at__isnull=False),
            ),
            models.CheckConstraint(
                name="recommendation_answer_is_dated",
                condition=Q(state__in=[_R.DRAFT, _R.SENT, _R.SEEN, _R.LAPSED])
                | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="recommendation_says_why",
                condition=Q(state=_R.DRAFT) | ~Q(rationale=""),
                violation_error_message="Dites au porteur pourquoi vous la proposez.",
            ),
            models.UniqueConstraint(
                fields=["project", "suggestion_id"],
                condition=~Q(suggestion_id="") & ~Q(state=_R.LAPSED),
                name="recommendation_suggestion_once",
                violation_error_message="Cette suggestion est déjà reprise dans ce projet.",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state", "-id"], name="recommendation_of_project"),
            models.Index(fields=["state", "sent_at"], name="recommendation_waiting"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class RecommendationAnswer(models.Model):
    """One answer of the holder; changing one's mind is another row."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="answers")
    state = models.CharField("réponse", max_length=12, choices=_R)
    reason = models.TextField("motif ou commentaire", max_length=2000, blank=True)
    #: « Cette recommandation vous aide-t-elle ? »
    helpful = models.BooleanField("utile", null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_link = models.BooleanField("depuis le courriel", default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "réponse à une recommandation"
        constraints = [
            models.CheckConstraint(
                name="recommendation_no_is_explained",
                condition=~Q(state=_R.REFUSED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi : cela aide à mieux vous conseiller.",
            ),
        ]


class SuggestionDecision(models.Model):
    """What a person decided of a suggestion. Changing one's mind is another row; the last holds."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="suggestion_decisions")
    blockage = models.ForeignKey(Blockage, models.CASCADE, null=True, blank=True, related_name="+")
    suggestion_id = models.CharField(max_length=80)
    verdict = models.CharField(max_length=8, choices=SuggestionVerdict)
    reason = models.CharField("motif", max_length=500, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "décision sur une suggestion"
        indexes = [models.Index(fields=["project", "suggestion_id", "-id"], name="suggestion_last")]


class FundingRequest(models.Model):
    """Money asked for a project, and what came of it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="funding_requests")
    resource = models.ForeignKey(
        "resources.Resource", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recommendation = models.ForeignKey(
        Recommendation, models.SET_NULL, null=True, blank=True, related_name="funding_requests"
    )
    label = models.CharField("aide demandée", max_length=200)
    funder = models.CharField("financeur", max_length=160, blank=True)
    external_number = models.CharField("numéro de dossier", max_length=60, blank=True)
    state = models.CharField(
        "état", max_length=10, choices=FundingState, default=FundingState.PLANNED
    )
    asked_cents = models.BigIntegerField("montant demandé", null=True, blank=True)
    granted_cents = models.BigIntegerField("montant accordé", null=True, blank=True)
    asked_on = models.DateField("déposée le", null=True, blank=True)
    decided_on = models.DateField("décision le", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "demande de financement"
        constraints = [
            models.CheckConstraint(
                name="funding_asked_is_whole",
                condition=Q(state__in=[FundingState.PLANNED, FundingState.WITHDRAWN])
                | Q(asked_cents__gt=0, asked_on__isnull=False),
                violation_error_message="Indiquez le montant demandé et la date du dépôt.",
            ),
            models.CheckConstraint(
                name="funding_granted_has_an_amount",
                condition=Q(state=FundingState.GRANTED, granted_cents__gt=0)
                & Q(decided_on__isnull=False)
                | (~Q(state=FundingState.GRANTED) & Q(granted_cents=None)),
                violation_error_message="Indiquez le montant accordé et la date de la décision.",
            ),
        ]
        indexes = [models.Index(fields=["project", "-id"], name="funding_of_project")]

    def __str__(self) -> str:
        return self.label

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope
