"""The dates of a booking: one for most, forty for a year of Tuesdays."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.booking.enums import DateState, Frequency, WaitingState
from preau.booking.models.booking import Booking
from preau.booking.patterns import Pattern
from preau.core import clock
from preau.core.timeranges import Period


class BookingDate(models.Model):
    """One date of a booking: its occupancy holds the time, in the space it takes place in."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="dates")
    occupancy = models.OneToOneField(
        "availability.Occupancy", models.PROTECT, related_name="booking_date"
    )
    state = models.CharField("état", max_length=12, choices=DateState, default=DateState.PLANNED)
    reason = models.TextField("motif", blank=True, max_length=2000)
    changed_at = models.DateTimeField("changée le", null=True)
    fee_cents = models.PositiveIntegerField("frais retenus, en centimes", default=0)

    class Meta:
        verbose_name = "date"
        ordering = ["occupancy__period", "id"]
        constraints = [
            models.CheckConstraint(
                name="booking_date_change_dated",
                condition=Q(state=DateState.PLANNED) | Q(changed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["booking", "state"], name="booking_date_of")]

    @property
    def period(self) -> Period:
        return self.occupancy.span

    @property
    def stands(self) -> bool:
        return self.state == DateState.PLANNED

    @property
    def permission_scope(self) -> Scope:
        return self.booking.permission_scope


class BookingSeries(models.Model):
    """How a booking comes back, and the days it skips."""

    booking = models.OneToOneField(Booking, models.CASCADE, related_name="series")
    frequency = models.CharField("rythme", max_length=12, choices=Frequency)
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    start_minute = models.PositiveSmallIntegerField("début, en minutes du jour")
    minutes = models.PositiveIntegerField("durée, en minutes")
    skips_school_holidays = models.BooleanField("sauf vacances scolaires", default=False)
    skips_public_holidays = models.BooleanField("sauf jours fériés", default=True)
    # [{"day": "2027-02-16", "why": "vacances"}]: days of the rhythm that are not booked.
    skipped = models.JSONField("jours écartés", default=list)

    class Meta:
        verbose_name = "réservation récurrente"
        constraints = [
            models.CheckConstraint(
                name="series_some_days", condition=Q(last_day__gte=models.F("first_day"))
            ),
            models.CheckConstraint(
                name="series_start_in_the_day", condition=Q(start_minute__lt=1440, minutes__gte=15)
            ),
        ]

    @property
    def pattern(self) -> Pattern:
        return Pattern(
            frequency=Frequency(self.frequency),
            first_day=self.first_day,
            last_day=self.last_day,
            start_minute=self.start_minute,
            minutes=self.minutes,
            skips_school_holidays=self.skips_school_holidays,
            skips_public_holidays=self.skips_public_holidays,
        )

    @property
    def words(self) -> str:
        """« chaque mardi, de 18 h à 20 h, du 8 septembre 2026 au 29 juin 2027 »"""
        return self.pattern.words

    @property
    def standing(self) -> list[BookingDate]:
        """The dates that are not cancelled, in order."""
        rows = self.booking.dates.filter(state=DateState.PLANNED)
        return list(rows.select_related("occupancy__space__place"))

    @property
    def elsewhere(self) -> list[BookingDate]:
        """Those held in another space than the one asked for."""
        wanted = self.booking.space_id
        return [one for one in self.standing if one.occupancy.space_id != wanted]

    @property
    def skipped_days(self) -> list[tuple[date, str]]:
        """The days of the rhythm that are not booked, and why."""
        return [(date.fromisoformat(one["day"]), one.get("name", "")) for one in self.skipped]


class WaitingEntry(models.Model):
    """Somebody who wants a slot that is taken, should it come free."""

    space = models.ForeignKey("places.Space", models.CASCADE, related_name="+")
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    quantity = models.PositiveSmallIntegerField("postes", default=1)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, null=True, related_name="+"
    )
    state = models.CharField(
        "état", max_length=12, choices=WaitingState, default=WaitingState.WAITING
    )
    created_at = models.DateTimeField("inscription", default=clock.now)
    # The held slot offered, for a limited time.
    offer = models.OneToOneField(Booking, models.SET_NULL, null=True, related_name="waiting_entry")
    offered_until = models.DateTimeField("proposé jusqu’au", null=True)
    ended_at = models.DateTimeField("terminée le", null=True)

    class Meta:
        verbose_name = "inscription en liste d’attente"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "starts_at", "ends_at", "user"],
                condition=Q(ended_at=None),
                name="waiting_once",
                violation_error_message="Vous êtes déjà sur la liste d’attente de ce créneau.",
            ),
            models.CheckConstraint(
                name="waiting_offer_has_deadline",
                condition=~Q(state=WaitingState.OFFERED)
                | Q(offered_until__isnull=False, ended_at=None),
            ),
            models.CheckConstraint(
                name="waiting_some_time", condition=Q(ends_at__gt=models.F("starts_at"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["space", "created_at"],
                condition=Q(ended_at=None),
                name="waiting_line",
            )
        ]

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.space.place.owner_id,
            place_id=self.space.place_id,
            holder_user_id=self.user_id,
        )
