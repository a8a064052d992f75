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


def _hidden(name: str) -> Q:
    """A count is there exactly when it is shown."""
    shown, known = {f"{name}_shown": Shown.YES}, {f"{name}__isnull": False}
    return Q(**shown, **known) | ~Q(**shown) & Q(**{name: None})


def _not_few(name: str) -> Q:
    return Q(**{name: None}) | Q(**{name: 0}) | Q(**{f"{name}__gte": 5})


class ProjectMonth(models.Model):
    """One month of projects of one département, or of the whole country (`departement` empty).

    Written once, like `MonthlyFigure`, and for the same reason. The country's line is the sum of
    the others: somebody at work in two départements counts in both.
    """

    month = models.DateField("mois")
    departement = models.ForeignKey(
        "territories.Departement", models.PROTECT, null=True, related_name="+"
    )
    deposited = models.PositiveIntegerField("projets déposés", null=True)
    deposited_shown = models.CharField(max_length=10, choices=Shown, default=Shown.YES)
    people = models.PositiveIntegerField("personnes actives", null=True)
    people_shown = models.CharField(max_length=10, choices=Shown, default=Shown.YES)
    sent = models.PositiveIntegerField("recommandations envoyées", null=True)
    sent_shown = models.CharField(max_length=10, choices=Shown, default=Shown.YES)
    lifted = models.PositiveIntegerField("blocages levés", null=True)
    lifted_shown = models.CharField(max_length=10, choices=Shown, default=Shown.YES)
    # Medians of five projects (or blockages) or more, in minutes.
    acknowledged_minutes = models.PositiveIntegerField("prise en compte", null=True)
    advised_minutes = models.PositiveIntegerField("premier conseil", null=True)
    unblocked_minutes = models.PositiveIntegerField("déblocage", null=True)
    # Country only: there is no line to compare them with.
    answered_percent = models.PositiveSmallIntegerField("avec réponse, en %", null=True)
    helpful_percent = models.PositiveSmallIntegerField("jugées utiles, en %", null=True)
    #: Of five granted requests or more, none of which makes half of it.
    granted_kiloeuros = models.PositiveIntegerField("accordé, en milliers d’euros", null=True)
    computed_at = models.DateTimeField("calculé le", default=clock.now)

    class Meta:
        verbose_name = "mois de projets"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "departement"], nulls_distinct=False, name="project_month_once"
            ),
            models.CheckConstraint(name="project_month_first_of_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="project_month_hidden_is_not_kept",
                condition=_hidden("deposited")
                & _hidden("people")
                & _hidden("sent")
                & _hidden("lifted"),
            ),
            models.CheckConstraint(
                name="project_month_no_small_count",
                condition=_not_few("deposited")
                & _not_few("people")
                & _not_few("sent")
                & _not_few("lifted"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.departement_id or 'France'}"
