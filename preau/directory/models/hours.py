"""When a place receives the public: rules like those of spaces, and what they give day by day."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from preau.availability.enums import Effect, When
from preau.availability.models import BitField
from preau.directory.models.sheets import Sheet


class SheetHours(models.Model):
    """As `availability.OpeningRule`, whose engine reads it: the last to speak wins."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="hours")
    position = models.PositiveSmallIntegerField("rang")
    effect = models.CharField("effet", max_length=10, choices=Effect, default=Effect.OPEN)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="jours (0 = lundi)")
    start_minute = models.PositiveSmallIntegerField("de")
    end_minute = models.PositiveSmallIntegerField("à")
    when = models.CharField("quand", max_length=20, choices=When, default=When.ALWAYS)
    not_on_public_holidays = models.BooleanField("sauf les jours fériés", default=True)
    valid_from = models.DateField("à partir du", null=True, blank=True)
    valid_until = models.DateField("jusqu’au (inclus)", null=True, blank=True)

    class Meta:
        verbose_name = "horaires d’une fiche"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "position"],
                name="sheet_hours_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="sheet_hours_in_order",
                condition=Q(start_minute__lt=1440, end_minute__gt=F("start_minute"))
                & Q(end_minute__lte=F("start_minute") + 1440),
                violation_error_message="L’heure de fin est après l’heure de début.",
            ),
            models.CheckConstraint(
                name="sheet_hours_weekdays",
                condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]) & Q(weekdays__len__gte=1),
            ),
            models.CheckConstraint(
                name="sheet_hours_validity",
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message="La date de fin suit la date de début.",
            ),
        ]


class SheetException(models.Model):
    """Open or closed on given days, whatever the rules say. The last one wins."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="exceptions")
    effect = models.CharField("effet", max_length=10, choices=Effect)
    first_day = models.DateField("du")
    last_day = models.DateField("au (inclus)")
    start_minute = models.PositiveSmallIntegerField("de", default=0)
    end_minute = models.PositiveSmallIntegerField("à", default=1440)
    reason = models.CharField("motif", max_length=160, blank=True)

    class Meta:
        verbose_name = "jour exceptionnel d’une fiche"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="sheet_exception_days",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="La date de fin suit la date de début.",
            ),
            models.CheckConstraint(
                name="sheet_exception_hours",
                condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=1440),
                violation_error_message="L’heure de fin est après l’heure de début.",
            ),
        ]


class SheetDay(models.Model):
    """Open quarter-hours elapsed since local midnight, from yesterday to two weeks ahead: what
    « ouvert maintenant » asks. Written with the hours, moved forward each night."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    bits = BitField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "day"], name="sheet_day_once"),
        ]
