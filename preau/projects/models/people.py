"""Who is on a project, by which title; links that let one read it."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from preau.accounts.perms import Scope
from preau.core import clock
from preau.core.formats import local
from preau.projects.enums import STANDING, AssignmentState, ProjectRole
from preau.projects.models.project import Project
from preau.resources.enums import Theme


class ProjectMember(models.Model):
    """A person or an organisation on a project. Ended ones are kept for history."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField("rôle", max_length=12, choices=ProjectRole)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField("depuis le", default=clock.now)
    ended_at = models.DateTimeField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "membre d’un projet"
        constraints = [
            models.CheckConstraint(
                name="project_member_person_or_organization",
                condition=Q(user__isnull=False, organization=None)
                | Q(user=None, organization__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["project", "user"],
                condition=Q(ended_at=None),
                name="project_member_person_once",
                violation_error_message="Cette personne est déjà membre du projet.",
            ),
            models.UniqueConstraint(
                fields=["project", "organization"],
                condition=Q(ended_at=None),
                name="project_member_organization_once",
                violation_error_message="Cette structure est déjà membre du projet.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "project"], condition=Q(ended_at=None), name="project_member_user"
            ),
            models.Index(
                fields=["organization", "project"],
                condition=Q(ended_at=None),
                name="project_member_org",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class ProjectInvitation(models.Model):
    """A place on a project offered by e-mail. The token is known by its digest only."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse électronique")
    role = models.CharField("rôle", max_length=12, choices=ProjectRole)
    message = models.CharField("mot d’accompagnement", max_length=500, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("envoyée le", default=clock.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    revoked_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation à un projet"
        constraints = [
            models.CheckConstraint(
                name="project_invitation_ends_one_way",
                condition=Q(accepted_at=None) | Q(revoked_at=None),
            ),
            models.UniqueConstraint(
                "project",
                Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="project_invitation_one_pending",
                violation_error_message="Une invitation est déjà en attente pour cette adresse.",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return not self.accepted_at and not self.revoked_at and clock.now() < self.expires_at

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class Assignment(models.Model):
    """A service, and someone there, set to work on a project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="assignments")
    service = models.ForeignKey("projects.StateService", models.PROTECT, related_name="assignments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField("rôle", max_length=12, choices=ProjectRole)
    theme = models.CharField("thème", max_length=30, choices=Theme, blank=True)
    state = models.CharField(
        "état", max_length=10, choices=AssignmentState, default=AssignmentState.PROPOSED
    )
    due_on = models.DateField("pour le", null=True, blank=True)
    reason = models.CharField("motif", max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("proposée le", default=clock.now)
    decided_at = models.DateTimeField("réponse le", null=True, blank=True)
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)

    class Meta:
        verbose_name = "affectation"
        constraints = [
            models.CheckConstraint(
                name="assignment_state_side_roles",
                condition=Q(
                    role__in=[ProjectRole.PILOT, ProjectRole.SUPPORT, ProjectRole.OBSERVER]
                ),
            ),
            models.CheckConstraint(
                name="assignment_no_is_explained",
                condition=~Q(state=AssignmentState.DECLINED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi vous déclinez.",
            ),
            models.UniqueConstraint(
                fields=["project", "service"],
                condition=Q(state__in=STANDING),
                name="assignment_service_once",
                violation_error_message="Ce service est déjà affecté au projet.",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state__in=STANDING, role=ProjectRole.PILOT),
                name="assignment_one_pilot",
                violation_error_message="Un autre service vient d’être désigné pilote.",
            ),
        ]
        indexes = [
            models.Index(fields=["service", "state", "project"], name="assignment_of_service"),
            models.Index(fields=["user", "state", "project"], name="assignment_of_person"),
        ]

    def __str__(self) -> str:
        return str(self.service)

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope


class ShareLink(models.Model):
    """A read-only link to a project's sheet, known by its digest, with an end."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="share_links")
    label = models.CharField("pour qui", max_length=120)
    token_digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("créé le", default=clock.now)
    expires_at = models.DateTimeField("valable jusqu’au")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    last_read_at = models.DateTimeField("lu pour la dernière fois le", null=True, blank=True)

    class Meta:
        verbose_name = "lien de lecture"

    @property
    def is_open(self) -> bool:
        return not self.revoked_at and clock.now() < self.expires_at

    @property
    def last_day(self) -> date:
        """The last day that it opens: it ends at the midnight that follows."""
        return local(self.expires_at - timedelta(microseconds=1), self.project.zone).date()

    @property
    def permission_scope(self) -> Scope:
        return self.project.permission_scope
