"""One answer to a study's question: what was supposed, what came out."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.directory.enums import Profile
from preau.places.enums import PlaceKind
from preau.siting.enums import ProofState, ScenarioState
from preau.siting.models.studies import SitingStudy, TravelTimes

MOST_PLACES = 1000


def _share(words: str, default: int) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(words, default=default)


class Scenario(models.Model):
    """Hypotheses, and the result once computed. A computed scenario no longer changes: another
    hypothesis is another scenario, so that two people who compare read the same figures."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    study = models.ForeignKey(SitingStudy, models.CASCADE, related_name="scenarios")
    name = models.CharField("nom", max_length=120)
    places = models.PositiveSmallIntegerField("nouveaux lieux")
    radius_km = models.FloatField("rayon (km)", null=True, blank=True)
    factor = models.FloatField("allongement par la route", default=1.3)
    minutes = models.PositiveSmallIntegerField("durée (minutes)", null=True, blank=True)
    travel_times = models.ForeignKey(
        TravelTimes, models.PROTECT, null=True, blank=True, related_name="+"
    )
    counts_existing = models.BooleanField("compter les lieux existants", default=True)
    existing_profile = models.CharField(max_length=20, choices=Profile, blank=True)
    existing_kind = models.CharField(max_length=30, choices=PlaceKind, blank=True)
    existing_theme = models.CharField(max_length=120, blank=True)
    weekday_share = _share("en semaine, en journée (%)", 100)
    evening_share = _share("en soirée (%)", 0)
    saturday_share = _share("le samedi (%)", 0)
    opens_weekday = models.BooleanField(default=True)
    opens_evening = models.BooleanField(default=False)
    opens_saturday = models.BooleanField(default=False)
    critical_mass = models.PositiveIntegerField("masse critique (habitants)", default=0)
    forced: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=5), verbose_name="communes imposées", default=list, blank=True
    )
    excluded: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=5), verbose_name="communes exclues", default=list, blank=True
    )

    state = models.CharField(
        "état", max_length=10, choices=ScenarioState, default=ScenarioState.WAITING
    )
    proof = models.CharField("preuve", max_length=8, choices=ProofState, blank=True)
    # Inhabitants, weighted by the share of each moment.
    total = models.FloatField("habitants", null=True)
    base = models.FloatField("desservis par l’existant", null=True)
    covered = models.FloatField("desservis", null=True)
    bound = models.FloatField("au mieux", null=True)
    seconds = models.FloatField("durée du calcul", null=True)
    computed_at = models.DateTimeField("calculé le", null=True)
    # See `outcome.Outcome`: chosen communes, uncovered ones, next best, mean way, data versions.
    result = models.JSONField(default=dict)
    # The existing places counted, kept so that a proof weeks later counts the same.
    counted = models.JSONField(default=list)
    problem = models.CharField("pourquoi", max_length=300, blank=True)
    created_at = models.DateTimeField("créé le", default=clock.now)

    class Meta:
        verbose_name = "scénario"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "name"],
                name="scenario_name_once",
                violation_error_message="Un scénario de cette étude porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="scenario_places_some",
                condition=Q(places__gte=1, places__lte=MOST_PLACES),
                violation_error_message="Demandez de 1 à 1 000 nouveaux lieux.",
            ),
            models.CheckConstraint(
                name="scenario_distance_or_minutes",
                # « not null » said aloud: a check that is unknown holds.
                condition=Q(
                    radius_km__isnull=False, radius_km__gt=0, minutes=None, travel_times=None
                )
                | Q(
                    radius_km=None,
                    minutes__isnull=False,
                    minutes__gt=0,
                    travel_times__isnull=False,
                ),
                violation_error_message="Donnez un rayon, ou une durée avec des temps de trajet.",
            ),
            models.CheckConstraint(
                name="scenario_shares_make_all",
                condition=Q(weekday_share=100 - F("evening_share") - F("saturday_share")),
                violation_error_message="Les trois parts font 100 % ensemble.",
            ),
            models.CheckConstraint(
                name="scenario_opens_sometime",
                condition=Q(opens_weekday=True) | Q(opens_evening=True) | Q(opens_saturday=True),
                violation_error_message="Un nouveau lieu ouvre au moins à un moment.",
            ),
            models.CheckConstraint(
                name="scenario_ready_has_figures",
                condition=~Q(state=ScenarioState.READY)
                | Q(
                    total__isnull=False,
                    base__isnull=False,
                    covered__isnull=False,
                    bound__gte=F("covered"),
                    computed_at__isnull=False,
                )
                & ~Q(proof=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return self.study.permission_scope

    @property
    def is_ready(self) -> bool:
        return self.state == ScenarioState.READY

    @property
    def shares(self) -> tuple[int, int, int]:
        return (self.weekday_share, self.evening_share, self.saturday_share)

    @property
    def opens(self) -> tuple[bool, bool, bool]:
        return (self.opens_weekday, self.opens_evening, self.opens_saturday)

    def share_of(self, value: float | None) -> float:
        """As a percentage of all inhabitants."""
        return 100 * (value or 0) / self.total if self.total else 0.0

    @property
    def covered_percent(self) -> float:
        return self.share_of(self.covered)

    @property
    def bound_percent(self) -> float:
        return self.share_of(self.bound)

    @property
    def base_percent(self) -> float:
        return self.share_of(self.base)

    @property
    def gap_percent(self) -> float:
        return self.share_of((self.bound or 0) - (self.covered or 0))

    @property
    def chosen_codes(self) -> list[str]:
        """Communes that would receive a place, in the order of what each adds."""
        return [one[0] for one in self.result.get("chosen", [])]
