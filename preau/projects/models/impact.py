"""What came of it: the review written at the end, and what users say of a programme."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.projects.enums import AskKind, ReviewSide
from preau.projects.models.help import Recommendation
from preau.projects.models.programmes import Programme
from preau.projects.models.project import Project


class ImpactReview(models.Model):
    """Written when a project is closed: goals, results, figures, what helped.

    A draft (`finished_at` empty) is read by the side that writes it, and nobody else.
    """

    project = models.OneToOneField(Project, models.CASCADE, related_name="review")
    side = models.CharField(
        "écrit par", max_length=8, choices=ReviewSide, default=ReviewSide.HOLDER
    )
    goals = models.TextField("ce que vous vouliez", max_length=3000, blank=True)
    results = models.TextField("ce qui a été obtenu", max_length=3000, blank=True)
    #: [{"label": "Habitants desservis", "unit": "habitants", "before": 0, "after": 1200}]
    figures = models.JSONField("chiffres clés", default=list, blank=True)
    what_helped = models.TextField("ce qui a aidé", max_length=3000, blank=True)
    what_lacked = models.TextField("ce qui a manqué", max_length=3000, blank=True)
    helped_by = models.ManyToManyField(Recommendation, related_name="+", blank=True)
    #: « Sans cet accompagnement, le projet… » 1: ne se serait pas fait … 4: se serait fait pareil
    difference = models.PositiveSmallIntegerField("ce que l’accompagnement a changé", null=True)
    satisfaction = models.PositiveSmallIntegerField("satisfaction", null=True, blank=True)
    is_public = models.BooleanField("peut être raconté publiquement", default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    on_behalf_of = models.CharField("au nom de", max_length=160, blank=True)
    written_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)

    class Meta:
        verbose_name = "évaluation d’impact"
        constraints = [
            models.CheckConstraint(
                name="impact_review_finished_is_whole",
                condition=Q(finished_at=None)
                | (~Q(goals="") & ~Q(results="") & Q(difference__isnull=False)),
                violation_error_message="Écrivez ce que vous vouliez, ce qui a été obtenu, et ce"
                " que l’accompagnement a changé.",
            ),
            models.CheckConstraint(
                name="impact_review_marks",
                condition=(Q(difference=None) | Q(difference__range=(1, 4)))
                & (Q(satisfaction=None) | Q(satisfaction__range=(1, 5))),
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class ImpactAsk(models.Model):
    """A question put to the holder: the review, or where the project is by now. Once of a kind."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="asks")
    kind = models.CharField("question", max_length=12, choices=AskKind)
    asked_at = models.DateTimeField("posée le", default=clock.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reminded_at = models.DateTimeField("rappelée le", null=True, blank=True)
    answered_at = models.DateTimeField("réponse le", null=True, blank=True)

    class Meta:
        verbose_name = "question sur l’impact"
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="impact_ask_once"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(answered_at=None, reminded_at=None),
                name="impact_ask_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class ProgrammeFeedback(models.Model):
    """What a user of a programme says of it; one a person and a year."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="feedback")
    project = models.ForeignKey(Project, models.SET_NULL, null=True, blank=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    mark = models.PositiveSmallIntegerField("note")
    comment = models.TextField("commentaire", max_length=2000, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "avis sur un programme"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "user", "year"], name="programme_feedback_once_a_year"
            ),
            models.CheckConstraint(name="programme_feedback_mark", condition=Q(mark__range=(1, 5))),
        ]
