"""What a territory's cell keeps an eye on."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.siting.enums import WatchKind, WatchState
from preau.siting.models.scenarios import Scenario


class WatchItem(models.Model):
    """A gap of a study, a project, a place or a free subject, followed by an organisation."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="watch_items"
    )
    kind = models.CharField("nature", max_length=8, choices=WatchKind)
    area_key = models.CharField("territoire", max_length=60, blank=True)
    title = models.CharField("objet", max_length=200)
    note = models.TextField("note", blank=True)
    scenario = models.ForeignKey(
        Scenario, models.SET_NULL, null=True, blank=True, related_name="watch_items"
    )
    project = models.ForeignKey(
        "projects.Project", models.CASCADE, null=True, blank=True, related_name="+"
    )
    sheet = models.ForeignKey(
        "directory.Sheet", models.CASCADE, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        "état", max_length=10, choices=WatchState, default=WatchState.TO_FOLLOW
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("suivi depuis le", default=clock.now)
    started_at = models.DateTimeField("en cours depuis le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)

    class Meta:
        verbose_name = "sujet de veille"
        verbose_name_plural = "sujets de veille"
        indexes = [models.Index(fields=["organization", "-id"], name="watch_item_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "project"],
                condition=~Q(state=WatchState.CLOSED),
                name="watch_project_once",
                violation_error_message="Ce projet est déjà suivi.",
            ),
            models.UniqueConstraint(
                fields=["organization", "sheet"],
                condition=~Q(state=WatchState.CLOSED),
                name="watch_sheet_once",
                violation_error_message="Ce lieu est déjà suivi.",
            ),
            models.UniqueConstraint(
                fields=["organization", "area_key"],
                condition=Q(kind=WatchKind.GAP) & ~Q(state=WatchState.CLOSED),
                name="watch_gap_once",
                violation_error_message="Cette commune est déjà suivie.",
            ),
            models.CheckConstraint(
                name="watch_item_of_its_kind",
                condition=Q(kind=WatchKind.PROJECT, project__isnull=False, sheet=None)
                | Q(kind=WatchKind.SHEET, project=None, sheet__isnull=False)
                | Q(kind=WatchKind.GAP, project=None, sheet=None) & ~Q(area_key="")
                | Q(kind=WatchKind.NOTE, project=None, sheet=None),
            ),
            models.CheckConstraint(
                name="watch_item_closed_is_dated",
                condition=Q(state=WatchState.CLOSED, closed_at__isnull=False)
                | ~Q(state=WatchState.CLOSED) & Q(closed_at=None),
            ),
            models.CheckConstraint(
                name="watch_item_active_is_dated",
                condition=~Q(state=WatchState.ACTIVE) | Q(started_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)
