"""A place as the public knows it: its sheet, where else it is listed, what has changed."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.directory.enums import (
    Animation,
    ChangeCause,
    Colouring,
    OpeningMode,
    Origin,
    Profile,
    Shared,
    SheetState,
    Staffing,
)
from preau.directory.territory import territory_keys
from preau.places.enums import PlaceKind


def _several(choices: type[models.TextChoices], words: str) -> ArrayField[list[str], list[str]]:
    item: models.CharField[str, str] = models.CharField(max_length=30, choices=choices)
    return ArrayField(item, verbose_name=words, default=list, blank=True)


class Sheet(models.Model):
    """One place, bookable or not. Where `place` is set, its name, nature and position are copied
    from it at each change; the rest is the sheet's own."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField("adresse de la page", max_length=160, unique=True)
    place = models.OneToOneField(
        "places.Place", models.PROTECT, null=True, blank=True, related_name="sheet"
    )
    # Who keeps it up to date: the owner of the place, or whoever was recognised as its operator.
    manager = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="sheets"
    )
    state = models.CharField("état", max_length=10, choices=SheetState)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed"
    )
    name = models.CharField("nom", max_length=160)
    kind = models.CharField("nature", max_length=30, choices=PlaceKind)
    description = models.TextField("présentation", blank=True)
    main_profile = models.CharField(
        "profil principal", max_length=20, choices=Profile, default=Profile.MEDIATION
    )
    secondary_profiles = _several(Profile, "profils secondaires")
    origin = models.CharField("origine", max_length=20, choices=Origin, blank=True)
    opening_mode = models.CharField(
        "mode d’ouverture", max_length=20, choices=OpeningMode, blank=True
    )
    staffing = _several(Staffing, "qui accueille")
    animation = models.CharField("animation", max_length=10, choices=Animation, blank=True)
    colouring = _several(Colouring, "à qui le lieu s’adresse")
    shared = _several(Shared, "ce qui se partage")
    is_itinerant = models.BooleanField("itinérant", default=False)
    is_accessible = models.BooleanField(
        "accessible aux personnes à mobilité réduite", null=True, blank=True
    )
    accessibility_url = models.URLField("fiche d’accessibilité", blank=True)

    address = models.CharField("adresse", max_length=200, blank=True)
    address_more = models.CharField("complément d’adresse", max_length=200, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+")
    departement_code = models.CharField("département", max_length=3, db_index=True)
    latitude = models.FloatField("latitude")
    longitude = models.FloatField("longitude")
    # False: at the commune's centre, for want of a better position.
    is_located = models.BooleanField("position précise", default=True)
    time_zone = models.CharField("fuseau horaire", max_length=40)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    website = models.URLField("site", blank=True)
    appointment_url = models.URLField("prise de rendez-vous", blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    # What a list said of the hours and nobody could understand: shown as it is, never lost.
    hours_text = models.CharField("horaires, en toutes lettres", max_length=500, blank=True)

    # `finding.words_of`: what text searches read.
    search_key = models.TextField(default="", editable=False)

    confirmed_on = models.DateField("confirmée le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=clock.now)
    updated_at = models.DateTimeField("modifiée le", default=clock.now)

    class Meta:
        verbose_name = "fiche"
        indexes = [
            models.Index(
                fields=["latitude", "longitude"],
                condition=Q(state="publiee"),
                name="sheet_published_position",
            ),
            # The national list reads its page in order, and sorts nothing.
            models.Index(
                fields=["name", "id"],
                condition=Q(state="publiee"),
                name="sheet_published_name",
            ),
            models.Index(fields=["commune"], name="sheet_commune"),
            GinIndex(OpClass(F("search_key"), name="gin_trgm_ops"), name="sheet_search_trigram"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sheet_position_on_earth",
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="sheet_merged_into_another",
                condition=Q(state="reunie", merged_into__isnull=False)
                & ~Q(merged_into=F("id"))
                & Q(place=None)
                | ~Q(state="reunie") & Q(merged_into=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.manager_id,
            place_id=self.place_id,
            reader_keys=territory_keys(self.commune),
        )

    @property
    def is_public(self) -> bool:
        return self.state in {SheetState.PUBLISHED, SheetState.CLOSED}


class SheetReference(models.Model):
    """The name another list gives to this place: a second import finds it by it."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="references")
    source = models.CharField("liste", max_length=60)  # "france-services", "data-es"…
    external_id = models.CharField("identifiant", max_length=120)
    imported_at = models.DateTimeField(default=clock.now)
    # Licence of the list where it forbids mixing with ours (ODbL): such a sheet is not exported.
    licence = models.CharField("licence", max_length=40, blank=True)

    class Meta:
        verbose_name = "référence"
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="sheet_reference_once"),
        ]


class SheetChange(models.Model):
    """What changed on a sheet, when, by whom. Only grows (trigger)."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="changes")
    at = models.DateTimeField("le", default=clock.now)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    cause = models.CharField("origine", max_length=12, choices=ChangeCause)
    # {"name": ["before", "after"], "hours": ["Mo-Fr 09:00-12:00", "…"], "services": […]}; of
    # "phone" and "email", whether there was one: [true, false].
    fields = models.JSONField("ce qui change", default=dict)

    class Meta:
        verbose_name = "modification d’une fiche"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["sheet", "-at"], name="sheet_change_latest")]
