"""What became of the grid: places that host, residencies, their dates and agreements."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.timetables.enums import HostingState
from preau.timetables.models.needs import ServiceNeed
from preau.timetables.models.timetables import Timetable


class Hosting(models.Model):
    """All that a timetable holds in one place: asked of those who run it, unless it is ours."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="hostings")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="hostings")
    state = models.CharField("état", max_length=10, choices=HostingState)
    reason = models.CharField("motif", max_length=300, blank=True)
    # Days on which somebody else has the space: left to them.
    skipped = models.JSONField("dates laissées", default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField("demandée le", default=clock.now)
    decided_at = models.DateTimeField("répondue le", null=True)

    class Meta:
        verbose_name = "accueil de permanences"
        ordering = ["place__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["timetable", "place"], name="hosting_once"),
            models.CheckConstraint(
                name="hosting_decided_is_dated",
                condition=Q(state="demandee", decided_at=None)
                | ~Q(state="demandee") & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="hosting_refusal_has_reason",
                condition=~Q(state="refusee") | ~Q(reason=""),
                violation_error_message="Un refus est motivé.",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        """Those who run the place answer; the coordinator reads the timetable."""
        return self.place.permission_scope


class Residency(models.Model):
    """One sitting of the published grid, as it was agreed."""

    hosting = models.ForeignKey(Hosting, models.CASCADE, related_name="residencies")
    need = models.ForeignKey(ServiceNeed, models.PROTECT, related_name="residencies")
    space = models.ForeignKey("places.Space", models.PROTECT, related_name="+")
    day = models.PositiveSmallIntegerField("jour")
    start = models.PositiveSmallIntegerField("début, en minutes")
    minutes = models.PositiveSmallIntegerField("durée, en minutes")

    class Meta:
        verbose_name = "permanence publiée"
        ordering = ["day", "start", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hosting", "need", "space", "day", "start"], name="residency_once"
            ),
        ]

    @property
    def end(self) -> int:
        return self.start + self.minutes


class ResidencyDate(models.Model):
    """One date of a residency: its occupancy of the space."""

    residency = models.ForeignKey(Residency, models.CASCADE, related_name="dates")
    occupancy = models.OneToOneField(
        "availability.Occupancy", models.PROTECT, related_name="residency_date"
    )


class HostingAgreement(models.Model):
    """The agreement of one provider with one place, or what keeps it from being drawn up."""

    hosting = models.ForeignKey(Hosting, models.CASCADE, related_name="agreements")
    provider_name = models.CharField("structure", max_length=160)
    provider = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    agreement = models.ForeignKey(
        "agreements.Agreement", models.PROTECT, null=True, related_name="+"
    )
    missing = models.JSONField("ce qui manque", default=list)

    class Meta:
        verbose_name = "convention de permanences"
        ordering = ["provider_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hosting", "provider_name"], name="hosting_agreement_once"
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.hosting.permission_scope
