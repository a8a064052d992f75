"""Programmes of the State (CRTE, Villages d'avenir…), where they apply, and what they ask.

A questionnaire is data: an operator edits a draft version and publishes it. A published version is
never changed (trigger, 0002), so that an answer always has the question it was given to.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import NOWHERE, Scope
from preau.core import clock
from preau.projects.enums import QuestionKind, QuestionnaireKind, VersionState
from preau.projects.models.project import Project
from preau.resources.enums import Theme
from preau.territories.models import DateRange


class Programme(models.Model):
    slug = models.SlugField("nom court", max_length=40, unique=True)
    name = models.CharField("nom", max_length=120)
    description = models.TextField("à quoi il sert", max_length=2000, blank=True)
    url = models.URLField("page officielle", max_length=300, blank=True)
    #: Everywhere, or only where `ProgrammePerimeter` says.
    is_national = models.BooleanField("partout en France", default=False)
    active = models.BooleanField("en cours", default=True)
    #: Projects of the programme come before others in the inbox: 0 is the least.
    weight = models.PositiveSmallIntegerField("poids dans le tri", default=0)
    deadline = models.DateField("date limite de dépôt", null=True, blank=True)

    class Meta:
        verbose_name = "programme"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        """Nobody's in particular: lines of the matrix about programmes name site-wide roles."""
        return NOWHERE


class ProgrammePerimeter(models.Model):
    """A commune is in a programme from `since` to the day before `until`; the past is kept."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="perimeter")
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+")
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au (exclu)", null=True, blank=True)

    class Meta:
        verbose_name = "périmètre d’un programme"
        constraints = [
            models.CheckConstraint(
                name="programme_perimeter_days_in_order",
                condition=Q(until=None) | Q(until__gt=F("since")),
            ),
            ExclusionConstraint(
                name="programme_perimeter_once_a_day",
                expressions=[
                    (DateRange("since", "until", RangeBoundary()), "&&"),
                    ("programme", "="),
                    ("commune", "="),
                ],
            ),
        ]


class ProjectProgramme(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="programmes")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="projects")
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "programme d’un projet"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "programme"],
                condition=Q(until=None),
                name="project_programme_once",
            ),
        ]
        indexes = [models.Index(fields=["programme", "project"], name="project_of_programme")]


class Questionnaire(models.Model):
    """Questions of a programme at the deposit, or of an état des lieux by theme."""

    kind = models.CharField("usage", max_length=16, choices=QuestionnaireKind)
    title = models.CharField("titre", max_length=160)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="questionnaires"
    )
    theme = models.CharField("thème", max_length=30, choices=Theme, blank=True)
    active = models.BooleanField("proposé", default=True)

    class Meta:
        verbose_name = "questionnaire"
        constraints = [
            models.CheckConstraint(
                name="questionnaire_has_its_programme",
                condition=~Q(kind=QuestionnaireKind.PROGRAMME) | Q(programme__isnull=False),
                violation_error_message="Choisissez le programme qui pose ces questions.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class QuestionnaireVersion(models.Model):
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("version")
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField("en vigueur depuis le", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "version d’un questionnaire"
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="questionnaire_version_number"
            ),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=Q(state=VersionState.PUBLISHED),
                name="questionnaire_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=Q(state=VersionState.DRAFT),
                name="questionnaire_one_draft",
                violation_error_message="Une version est déjà en préparation.",
            ),
            models.CheckConstraint(
                name="questionnaire_published_is_dated",
                condition=Q(state=VersionState.DRAFT, published_at=None)
                | (~Q(state=VersionState.DRAFT) & Q(published_at__isnull=False)),
            ),
        ]


class Question(models.Model):
    version = models.ForeignKey(QuestionnaireVersion, models.CASCADE, related_name="questions")
    #: The same through the versions: an answer given once is offered again.
    code = models.SlugField("code", max_length=60)
    position = models.PositiveSmallIntegerField("rang")
    section = models.CharField("partie", max_length=120, blank=True)
    label = models.CharField("question", max_length=300)
    hint = models.CharField("aide", max_length=500, blank=True)
    kind = models.CharField("réponse attendue", max_length=16, choices=QuestionKind)
    choices = models.JSONField("choix", default=list, blank=True)
    required = models.BooleanField("réponse obligatoire", default=False)
    unit = models.CharField("unité", max_length=30, blank=True)

    class Meta:
        verbose_name = "question"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="question_code_once",
                violation_error_message="Deux questions portent le même code.",
            ),
            models.CheckConstraint(
                name="question_choices_are_given",
                condition=~Q(kind__in=[QuestionKind.CHOICE, QuestionKind.CHOICES]) | ~Q(choices=[]),
                violation_error_message="Écrivez les choix possibles, un par ligne.",
            ),
        ]
