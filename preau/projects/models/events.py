"""What happened to a project, line by line, for ever."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from preau.core import clock
from preau.projects.enums import EventKind, Visibility
from preau.projects.models.project import Project


class ProjectEvent(models.Model):
    """One change. A trigger (0002) lets nobody alter or delete it, but with its project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="events")
    at = models.DateTimeField("date", default=clock.now)
    kind = models.CharField("objet", max_length=20, choices=EventKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    #: The hat worn that day, in words.
    on_behalf_of = models.CharField("au nom de", max_length=160, blank=True)
    #: What it was about: the title of a blockage, of a recommendation…
    subject = models.CharField("sujet", max_length=200, blank=True)
    subject_id = models.BigIntegerField(null=True)
    before = models.CharField("de", max_length=300, blank=True)
    after = models.CharField("à", max_length=300, blank=True)
    reason = models.TextField("pourquoi", blank=True, max_length=2000)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.MEMBERS)

    class Meta:
        verbose_name = "événement d’un projet"
        indexes = [
            models.Index(fields=["project", "-id"], name="project_event_of_project"),
            models.Index(fields=["kind", "subject_id"], name="project_event_subject"),
            models.Index(fields=["kind", "at"], name="project_event_by_kind"),
        ]
