"""The public figures, ready to be shown: a hidden count is not even kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from preau.core import clock
from preau.stats.enums import Shown


class MonthlyFigure(models.Model):
    """One month of one département, or of the whole country (`departement` empty).

    Written once, when the month is over, and never again: two versions of the same figures would
    give back by subtraction what each of them hides.
    """

    month = models.DateField("mois")
    departement = models.ForeignKey(
        "territories.Departement", models.PROTECT, null=True, related_name="+"
    )
    places = models.PositiveIntegerField("lieux publiés")
    spaces = models.PositiveIntegerField("espaces publiés")
    asked = models.PositiveIntegerField("demandes", null=True)
    asked_shown = models.CharField(max_length=10, choices=Shown, default=Shown.YES)
    held = models.PositiveIntegerField("réservations tenues", null=True)
    held_shown = models.CharField(max_length=10, choices=Shown, default=Shown.YES)
    # Of the bookings held: shown with their count, hidden with it.
    minutes = models.PositiveBigIntegerField("minutes occupées", null=True)
    # Medians of five answers or more.
    answer_minutes = models.PositiveIntegerField("délai de réponse médian", null=True)
    signature_minutes = models.PositiveIntegerField("délai de signature médian", null=True)
    # Country only: there is no line to compare it with.
    online_percent = models.PositiveSmallIntegerField("confirmées sans papier, en %", null=True)
    computed_at = models.DateTimeField("calculé le", default=clock.now)

    class Meta:
        verbose_name = "chiffres du mois"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "departement"], nulls_distinct=False, name="figure_once"
            ),
            models.CheckConstraint(name="figure_first_of_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="figure_hidden_is_not_kept",
                condition=(
                    Q(asked_shown=Shown.YES, asked__isnull=False)
                    | ~Q(asked_shown=Shown.YES) & Q(asked=None)
                )
                & (
                    Q(held_shown=Shown.YES, held__isnull=False, minutes__isnull=False)
                    | ~Q(held_shown=Shown.YES) & Q(held=None, minutes=None)
                ),
            ),
            models.CheckConstraint(
                name="figure_no_small_count",
                condition=(Q(asked=None) | Q(asked=0) | Q(asked__gte=5))
                & (Q(held=None) | Q(held=0) | Q(held__gte=5)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.departement_id or 'France'}"
