"""How often somebody is written to about their projects, and what was written."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.core import clock
from preau.projects.enums import Interval
from preau.projects.models.state_services import StateService


class FollowUp(models.Model):
    """The choice of a person, for a service (its projects) or for their own. Without a row: weekly,
    on Mondays."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follow_ups")
    #: None: the projects that they carry or were invited to.
    service = models.ForeignKey(
        StateService, models.CASCADE, null=True, blank=True, related_name="+"
    )
    interval = models.CharField("rythme", max_length=12, choices=Interval, default=Interval.WEEKLY)
    weekday = models.PositiveSmallIntegerField("jour", default=0)

    class Meta:
        verbose_name = "suivi par courriel"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "service"], name="follow_up_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="follow_up_on_a_weekday", condition=Q(weekday__gte=0, weekday__lte=6)
            ),
        ]


class FollowUpIssue(models.Model):
    """One period for which a person was written to, or for which there was nothing to write."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    service = models.ForeignKey(
        StateService, models.CASCADE, null=True, blank=True, related_name="+"
    )
    #: "2027-03-12" (the day it was due on).
    period = models.DateField("pour le")
    #: How many lines it had; 0: nothing was sent.
    lines = models.PositiveIntegerField(default=0)
    #: Where the history had come to: the next one says what is newer.
    last_event_id = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "courriel de suivi"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "service", "period"],
                name="follow_up_issue_once",
                nulls_distinct=False,
            ),
        ]
