"""Searches that found nothing: how often, never by whom."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

#: Beyond, a day's count says no more: a visitor who insists, or a robot, weighs no more.
MOST_A_DAY = 20


class FailedSearch(models.Model):
    """How many searches of one day, for one kind of need around one commune, found nothing free.

    No address, no person, no word typed; the day is that of the search.
    """

    day = models.DateField("jour de la recherche")
    commune = models.ForeignKey("territories.Commune", models.CASCADE, related_name="+")
    departement_code = models.CharField("département", max_length=3)
    weekday = models.PositiveSmallIntegerField("jour voulu (0 = lundi)", null=True)
    start_minute = models.PositiveSmallIntegerField("à partir de")
    end_minute = models.PositiveSmallIntegerField("jusqu’à")
    minutes = models.PositiveSmallIntegerField("durée")
    in_holidays = models.BooleanField("en vacances scolaires", null=True)
    people = models.PositiveIntegerField("personnes, arrondi", default=0)
    kind = models.CharField("nature d’espace", max_length=30, blank=True)
    equipment = ArrayField(models.PositiveSmallIntegerField(), default=list)
    times = models.PositiveSmallIntegerField("fois", default=1)

    class Meta:
        verbose_name = "recherche sans résultat"
        verbose_name_plural = "recherches sans résultat"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("day", "commune", "weekday", "start_minute", "end_minute", "minutes"),
                    *("in_holidays", "people", "kind", "equipment"),
                ],
                nulls_distinct=False,
                name="failed_search_once_a_day",
            ),
            models.CheckConstraint(
                name="failed_search_some_times", condition=Q(times__range=(1, MOST_A_DAY))
            ),
            models.CheckConstraint(
                name="failed_search_window",
                condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=2880),
            ),
        ]
        indexes = [models.Index(fields=["departement_code", "day"], name="failed_search_near")]
