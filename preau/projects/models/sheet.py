"""What is on a project's sheet: état des lieux, threads, files, steps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.projects.enums import StepState, Visibility
from preau.projects.models.programmes import Question, QuestionnaireVersion
from preau.projects.models.project import Project


class Assessment(models.Model):
    """One filling-in of a version of a questionnaire; a later one starts from its answers.

    Answers to a programme's questions at the deposit are one too.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="assessments")
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="+")
    #: 1 for the first of its questionnaire, 2 when it was done again…
    edition = models.PositiveSmallIntegerField("édition", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("commencé le", default=clock.now)
    closed_at = models.DateTimeField("terminé le", null=True, blank=True)

    class Meta:
        verbose_name = "état des lieux"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version", "edition"], name="assessment_edition_once"
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class Answer(models.Model):
    """The last answer to a question, with where it comes from; the past is in `AnswerVersion`."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    #: By kind: text, number, cents, "2027-03-12", true, "code", ["code", …].
    value = models.JSONField("réponse", null=True)
    comment = models.TextField("commentaire", max_length=2000, blank=True)
    #: "" when typed here; else in words: « repris du projet P-… », « annuaire ».
    source = models.CharField("origine", max_length=160, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField("donnée le", default=clock.now)

    class Meta:
        verbose_name = "réponse"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="answer_once"),
        ]


class AnswerVersion(models.Model):
    """An answer as it was before somebody changed it."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="past")
    value = models.JSONField(null=True)
    comment = models.TextField(blank=True)
    source = models.CharField(max_length=160, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = "réponse passée"


class ProjectThread(models.Model):
    """A conversation of a project, with its title (the thread's subject) and its readers."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="threads")
    thread = models.OneToOneField(
        "conversations.Thread", models.PROTECT, related_name="project_thread"
    )
    visibility = models.CharField(
        "qui la lit", max_length=8, choices=Visibility, default=Visibility.MEMBERS
    )
    last_message_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "conversation d’un projet"
        indexes = [models.Index(fields=["project", "-last_message_at"], name="project_threads")]

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class ProjectFile(models.Model):
    """A document of the vault, shown to a project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="files")
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    visibility = models.CharField(
        "qui le lit", max_length=8, choices=Visibility, default=Visibility.MEMBERS
    )
    pinned = models.BooleanField("épinglé", default=False)
    answer = models.ForeignKey(Answer, models.SET_NULL, null=True, blank=True, related_name="files")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField("ajouté le", default=clock.now)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "fichier d’un projet"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "document"],
                condition=Q(removed_at=None),
                name="project_file_once",
                violation_error_message="Ce fichier est déjà dans le projet.",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class Step(models.Model):
    """Something to be done for the project (« action »), by somebody, for a date."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="steps")
    title = models.CharField("action", max_length=200)
    detail = models.TextField("précisions", max_length=2000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: When the owner has no account, or is not a person: « la métropole ».
    owner_name = models.CharField("qui s’en charge", max_length=120, blank=True)
    due_on = models.DateField("pour le", null=True, blank=True)
    state = models.CharField("état", max_length=12, choices=StepState, default=StepState.TO_DO)
    blockage = models.ForeignKey(
        "projects.Blockage", models.SET_NULL, null=True, blank=True, related_name="steps"
    )
    recommendation = models.ForeignKey(
        "projects.Recommendation", models.SET_NULL, null=True, blank=True, related_name="steps"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField("finie le", null=True, blank=True)

    class Meta:
        verbose_name = "action d’un projet"
        constraints = [
            models.CheckConstraint(
                name="step_end_is_dated",
                condition=Q(state__in=[StepState.DONE, StepState.DROPPED], ended_at__isnull=False)
                | Q(state__in=[StepState.TO_DO, StepState.DOING], ended_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state", "due_on"], name="step_of_project"),
            models.Index(fields=["owner", "state", "due_on"], name="step_of_person"),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope
