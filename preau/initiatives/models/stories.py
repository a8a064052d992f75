"""What was made in a place or by a project, told to everybody."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.initiatives.enums.stories import Consent, StoryState

_S = StoryState


class Story(models.Model):
    """Of a place of the directory, or of a project: never of both, whose rights differ."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey(
        "directory.Sheet", models.PROTECT, null=True, blank=True, related_name="stories"
    )
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="stories"
    )
    title = models.CharField("titre", max_length=140)
    #: Read in lists, and by whoever is sent the address.
    summary = models.CharField("en une phrase", max_length=300, blank=True)
    text = models.TextField("récit", max_length=20_000, blank=True)
    #: As the readers see them: « Le collectif des Prés », « Nadia et Paul ».
    authors = models.CharField("signé par", max_length=200, blank=True)
    #: [["120 kg", "de déchets compostés en un an"], …]
    results = models.JSONField("résultats", default=list, blank=True)
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=10, choices=StoryState, default=_S.DRAFT)
    created_at = models.DateTimeField("commencé le", default=clock.now)
    updated_at = models.DateTimeField("modifié le", default=clock.now)
    published_at = models.DateTimeField("publié le", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    withdrawn_by_operator = models.BooleanField(default=False)
    withdrawal_reason = models.CharField("motif du retrait", max_length=1000, blank=True)

    class Meta:
        verbose_name = "récit"
        constraints = [
            models.CheckConstraint(
                name="story_of_one",
                condition=Q(sheet__isnull=False, project=None)
                | Q(sheet=None, project__isnull=False),
            ),
            models.CheckConstraint(
                name="story_published_is_whole",
                condition=~Q(state=_S.PUBLISHED)
                | (
                    ~Q(title="")
                    & ~Q(summary="")
                    & ~Q(text="")
                    & ~Q(authors="")
                    & Q(published_at__isnull=False)
                ),
                violation_error_message="Il manque un renseignement pour publier ce récit.",
            ),
            models.CheckConstraint(
                name="story_withdrawn_is_dated",
                condition=Q(state=_S.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=_S.WITHDRAWN) & Q(withdrawn_at=None)),
            ),
            models.CheckConstraint(
                name="story_taken_off_with_a_reason",
                condition=Q(withdrawn_by_operator=False) | ~Q(withdrawal_reason=""),
                violation_error_message="Écrivez le motif : les auteurs le liront.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(state=_S.PUBLISHED),
                name="story_newest",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.state == _S.PUBLISHED

    @property
    def permission_scope(self) -> Scope:
        if self.sheet is not None:
            return self.sheet.permission_scope
        return Scope(project_id=self.project_id)


class StoryPhoto(models.Model):
    """A picture of a story, described; whoever sends it says whether people are recognised."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="photos")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    alternative_text = models.CharField("description de l’image", max_length=250)
    credit = models.CharField("crédit", max_length=120, blank=True)
    people = models.CharField("personnes", max_length=10, choices=Consent)
    position = models.PositiveSmallIntegerField("rang", default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "photo d’un récit"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(name="story_photo_described", condition=~Q(alternative_text="")),
            models.CheckConstraint(
                name="story_photo_people_agreed", condition=Q(people__in=Consent.values)
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.story.permission_scope
