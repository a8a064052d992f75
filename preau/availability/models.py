"""Opening rules, occupancies, and the search index made from them.

Truth: `OccupiedUnit`, one row per indivisible part, under an exclusion constraint. Index:
`SpaceDay` (occupied quarter-hours) and `OpeningYear` (open quarter-hours), written in the same
transaction as the truth they come from. Design and measurements: docs/adr/0004, 0013.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from preau.accounts.perms import Scope
from preau.availability.enums import Effect, OccupancyKind, When
from preau.core import clock
from preau.core.timeranges import Period

if TYPE_CHECKING:
    _TextField = models.Field[str, str]
else:  # generic for the type checker only
    _TextField = models.Field

#: Quarter-hours of the longest local day (25 hours, at the October change-over).
DAY_BITS = 100


class BitField(_TextField):
    """`bit(100)`: the p-th bit is the p-th quarter-hour elapsed since local midnight.

    Python sees a text of a hundred "0" and "1".
    """

    def db_type(self, connection: object) -> str:
        return f"bit({DAY_BITS})"


class OpeningCalendar(models.Model):
    """A set of opening rules. Several spaces may follow the same one."""

    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="opening_calendars"
    )
    place = models.ForeignKey("places.Place", models.CASCADE, related_name="opening_calendars")
    name = models.CharField("nom", max_length=120)
    # Grows each time the rules are replaced: two people who edit at once do not erase each other.
    version = models.PositiveIntegerField("version", default=1)
    # The last day written in `OpeningYear`; the nightly task moves it forward.
    built_until = models.DateField("calculé jusqu’au", null=True)
    # Where the place stood, and which holidays were known, when they were (`facts.facts_key`).
    facts = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = "horaires d’ouverture"
        verbose_name_plural = "horaires d’ouverture"

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id, place_id=self.place_id)


class OpeningRule(models.Model):
    """Open or closed, on some weekdays, between two wall-clock times. The last to speak wins.

    Minutes count from local midnight; an end beyond 1440 runs into the next day.
    """

    calendar = models.ForeignKey(OpeningCalendar, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField("rang")
    effect = models.CharField("effet", max_length=10, choices=Effect, default=Effect.OPEN)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="jours (0 = lundi)")
    start_minute = models.PositiveSmallIntegerField("de")
    end_minute = models.PositiveSmallIntegerField("à")
    when = models.CharField("quand", max_length=20, choices=When, default=When.ALWAYS)
    not_on_public_holidays = models.BooleanField("sauf les jours fériés", default=False)
    valid_from = models.DateField("à partir du", null=True, blank=True)
    valid_until = models.DateField("jusqu’au (inclus)", null=True, blank=True)

    class Meta:
        verbose_name = "règle d’ouverture"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "position"],
                name="opening_rule_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="opening_rule_hours",
                condition=Q(start_minute__lt=1440, end_minute__lte=2880)
                & Q(end_minute__gt=F("start_minute"), end_minute__lte=F("start_minute") + 1440),
                violation_error_message="L’heure de fin est après l’heure de début.",
            ),
            models.CheckConstraint(
                name="opening_rule_validity",
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message="La date de fin suit la date de début.",
            ),
            models.CheckConstraint(
                name="opening_rule_weekdays",
                condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]) & Q(weekdays__len__gte=1),
            ),
        ]


class OpeningException(models.Model):
    """One period, on given days, open or closed whatever the rules say. The last one wins."""

    calendar = models.ForeignKey(OpeningCalendar, models.CASCADE, related_name="exceptions")
    effect = models.CharField("effet", max_length=10, choices=Effect)
    first_day = models.DateField("du")
    last_day = models.DateField("au (inclus)")
    start_minute = models.PositiveSmallIntegerField("de", default=0)
    end_minute = models.PositiveSmallIntegerField("à", default=1440)
    reason = models.CharField("motif", max_length=160, blank=True)

    class Meta:
        verbose_name = "ouverture ou fermeture exceptionnelle"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="opening_exception_days",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="La date de fin suit la date de début.",
            ),
            models.CheckConstraint(
                name="opening_exception_hours",
                condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=1440),
                violation_error_message="L’heure de fin est après l’heure de début.",
            ),
        ]


class SpaceCalendar(models.Model):
    """Which opening calendar a space follows. A space without one is never open."""

    space = models.OneToOneField("places.Space", models.CASCADE, related_name="opening")
    calendar = models.ForeignKey(OpeningCalendar, models.PROTECT, related_name="followers")


class LocalSchoolHoliday(models.Model):
    """School holidays that an organisation enters where its zone has no official calendar."""

    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="local_school_holidays"
    )
    name = models.CharField("nom", max_length=80)
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")

    class Meta:
        verbose_name = "vacances scolaires saisies"
        verbose_name_plural = "vacances scolaires saisies"
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                name="local_school_holiday_days", condition=Q(last_day__gte=F("first_day"))
            ),
        ]


class Occupancy(models.Model):
    """A space taken for a time, whatever for. Released when `released_at` is set; never deleted."""

    space = models.ForeignKey("places.Space", models.PROTECT, related_name="occupancies")
    # Indexed with their time below: one index each, and none that grows with the past.
    root = models.ForeignKey("places.Space", models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+", db_index=False)
    departement_code = models.CharField("département", max_length=3)
    kind = models.CharField("nature", max_length=20, choices=OccupancyKind)
    period = DateTimeRangeField("période")  # what was asked
    busy = DateTimeRangeField("période occupée")  # with preparation and clean-up
    quantity = models.PositiveSmallIntegerField("nombre de postes", default=1)
    label = models.CharField("intitulé", max_length=160)
    holder_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    holder_organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    contact_name = models.CharField("contact sur place", max_length=120, blank=True)
    contact_phone = models.CharField("téléphone du contact", max_length=20, blank=True)
    # A slot kept while a form is filled in: past this instant anyone may clear it.
    hold_until = models.DateTimeField("retenu jusqu’à", null=True)
    created_at = models.DateTimeField("créée le", default=clock.now)
    released_at = models.DateTimeField("libérée le", null=True)

    class Meta:
        verbose_name = "occupation"
        constraints = [
            models.CheckConstraint(
                name="occupancy_busy_contains_period", condition=Q(busy__contains=F("period"))
            ),
            models.CheckConstraint(
                name="occupancy_period_not_empty",
                condition=Q(period__isempty=False)
                & Q(period__startswith__isnull=False, period__endswith__isnull=False),
            ),
            models.CheckConstraint(
                name="occupancy_on_quarter_hours",
                condition=Q(
                    Func(
                        Func(F("period"), function="lower"),
                        template="mod(extract(epoch from %(expressions)s)::bigint, 900) = 0",
                        output_field=models.BooleanField(),
                    )
                )
                & Q(
                    Func(
                        Func(F("period"), function="upper"),
                        template="mod(extract(epoch from %(expressions)s)::bigint, 900) = 0",
                        output_field=models.BooleanField(),
                    )
                ),
            ),
            models.CheckConstraint(name="occupancy_some", condition=Q(quantity__gte=1)),
        ]
        indexes = [
            GistIndex(
                fields=["root", "busy"], condition=Q(released_at=None), name="occupancy_root_busy"
            ),
            GistIndex(
                fields=["place", "period"], condition=Q(released_at=None), name="occupancy_place"
            ),
            models.Index(
                fields=["hold_until"],
                condition=Q(hold_until__isnull=False, released_at=None),
                name="occupancy_live_holds",
            ),
        ]

    @property
    def span(self) -> Period:
        return Period(self.period.lower, self.period.upper)

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope

    @property
    def busy_span(self) -> Period:
        return Period(self.busy.lower, self.busy.upper)


class OccupiedUnit(models.Model):
    """One indivisible part, taken for one stretch. Its constraint is the product's guarantee."""

    occupancy = models.ForeignKey(Occupancy, models.CASCADE, related_name="units")
    # Its constraint is also the index that finds it.
    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="+", db_index=False)
    root_id = models.BigIntegerField()
    departement_code = models.CharField(max_length=3)
    busy = DateTimeRangeField("période occupée")

    class Meta:
        verbose_name = "unité occupée"
        constraints = [
            ExclusionConstraint(
                name="one_occupancy_per_unit_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), ("busy", RangeOperators.OVERLAPS)],
                violation_error_message="Ce créneau vient d’être pris.",
            ),
            models.CheckConstraint(
                name="occupied_unit_busy_bounded",
                condition=Q(busy__isempty=False)
                & Q(busy__startswith__isnull=False, busy__endswith__isnull=False),
            ),
        ]


class SpaceIndex(models.Model):
    """What search needs of a bookable space, in one narrow row found by tile.

    `tile` numbers a cell of 1/40° of latitude × 3/80° of longitude, row by row (`index.tile_of`).
    `owner_id` is whose school holidays count, where an owner enters its own.
    `lanes` is how many can be taken at once: 1, or the number of units of a pool.
    """

    space = models.OneToOneField("places.Space", models.CASCADE, primary_key=True)
    place_id = models.BigIntegerField()
    owner_id = models.BigIntegerField()
    departement_code = models.CharField(max_length=3)
    tile = models.IntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    calendar = models.ForeignKey(OpeningCalendar, models.CASCADE, related_name="+")
    zone = models.CharField(max_length=40)
    capacity = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    place_kind = models.CharField(max_length=30)
    equipment = models.BigIntegerField(default=0)  # bit n: Equipment n is there
    is_accessible = models.BooleanField()
    price_from_cents = models.PositiveIntegerField(null=True)
    lanes = models.PositiveSmallIntegerField(default=1)
    min_minutes = models.PositiveSmallIntegerField()
    max_minutes = models.PositiveIntegerField()
    step_minutes = models.PositiveSmallIntegerField()
    lead_minutes = models.PositiveIntegerField()
    horizon_days = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["tile"],
                include=[
                    *("space", "owner_id", "departement_code", "latitude", "longitude", "zone"),
                    *("calendar", "capacity", "kind", "place_kind", "equipment", "is_accessible"),
                    *("lanes", "min_minutes", "max_minutes", "step_minutes", "lead_minutes"),
                    "horizon_days",
                ],
                name="space_index_covering",
            ),
        ]


class SpaceDay(models.Model):
    """Quarter-hours of a local day that a booking may not touch, per space and lane.

    The primary key carries `bits` (INCLUDE): search reads this index and nothing else.
    """

    pk = models.CompositePrimaryKey("day", "tile", "space_id", "lane")
    day = models.DateField()
    tile = models.IntegerField()
    space_id = models.BigIntegerField()
    lane = models.PositiveSmallIntegerField(default=0)
    departement_code = models.CharField(max_length=3)
    bits = BitField()


class OpeningYear(models.Model):
    """The open quarter-hours of a calendar's days in one year (see `opening_index`).

    `days[n]` numbers, from 1, the pattern of the n-th day; 0 is a closed day, or one not written.
    """

    pk = models.CompositePrimaryKey("calendar", "year")
    calendar = models.ForeignKey(OpeningCalendar, models.CASCADE, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    patterns = ArrayField(BitField())
    days = ArrayField(models.PositiveSmallIntegerField())


class IndexCheck(models.Model):
    """One comparison of the whole search index with the truth; its differences should be none."""

    started_at = models.DateTimeField("commencée le", default=clock.now)
    finished_at = models.DateTimeField("terminée le", null=True)
    repaired = models.BooleanField("corrigée")
    spaces = models.PositiveIntegerField("espaces", default=0)
    rows = models.PositiveBigIntegerField("journées d’espace", default=0)
    calendars = models.PositiveIntegerField("horaires", default=0)
    # Differences found, by the part of the index they were in.
    space_days = models.PositiveIntegerField("occupations", default=0)
    space_rows = models.PositiveIntegerField("fiches", default=0)
    opening_days = models.PositiveIntegerField("ouvertures", default=0)
    told = models.JSONField("premières différences", default=list)

    class Meta:
        verbose_name = "vérification de l’index"
        verbose_name_plural = "vérifications de l’index"
        indexes = [models.Index(fields=["started_at"], name="index_check_started")]

    @property
    def differences(self) -> int:
        return self.space_days + self.space_rows + self.opening_days
