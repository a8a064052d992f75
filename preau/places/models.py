"""Places, their spaces, and the indivisible units that spaces are made of."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.urls import reverse

from preau.accounts.perms import Scope
from preau.core import clock
from preau.places.enums import (
    STEPS,
    ApprovalMode,
    Equipment,
    ErpType,
    Layout,
    PlaceKind,
    PlaceRoleKind,
    Publication,
    SpaceKind,
    UserCategory,
)


def everyone() -> list[str]:
    return list(UserCategory.values)


class Place(models.Model):
    """A building or an open ground, at one address, owned by one organisation."""

    owner = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="places", verbose_name="propriétaire"
    )
    name = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse de la page", max_length=140, unique=True)
    kind = models.CharField("nature", max_length=30, choices=PlaceKind)
    description = models.TextField("présentation", blank=True)
    address = models.CharField("adresse", max_length=200)
    postcode = models.CharField("code postal", max_length=5)
    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+")
    departement_code = models.CharField("département", max_length=3, db_index=True)
    latitude = models.FloatField("latitude")
    longitude = models.FloatField("longitude")
    time_zone = models.CharField("fuseau horaire", max_length=40)
    access = models.TextField("comment venir et entrer", blank=True)
    is_accessible = models.BooleanField(
        "accessible aux personnes à mobilité réduite", default=False
    )
    accessibility = models.TextField("précisions sur l’accessibilité", blank=True)
    erp_type = models.CharField("type d’établissement", max_length=2, choices=ErpType, blank=True)
    erp_category = models.PositiveSmallIntegerField("catégorie", null=True, blank=True)
    max_attendance = models.PositiveIntegerField("effectif maximal", null=True, blank=True)
    safety = models.TextField("consignes de sécurité", blank=True)
    house_rules = models.TextField("règles de la maison", blank=True)
    contact_email = models.EmailField("adresse électronique du lieu", blank=True)
    contact_phone = models.CharField("téléphone du lieu", max_length=20, blank=True)
    publication = models.CharField(
        "publication", max_length=10, choices=Publication, default=Publication.DRAFT
    )
    # Names the manager's calendar feed: whoever has it reads the planning.
    feed_secret = models.CharField(max_length=43, unique=True)
    created_at = models.DateTimeField("créé le", default=clock.now)

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux"
        constraints = [
            models.CheckConstraint(
                name="place_position_on_earth",
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="place_erp_category",
                condition=Q(erp_category=None) | Q(erp_category__range=(1, 5)),
                violation_error_message="La catégorie d’un établissement va de 1 à 5.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.owner_id, place_id=self.pk)

    @property
    def is_public(self) -> bool:
        return self.publication == Publication.PUBLISHED

    @property
    def stands_at_centre(self) -> bool:
        """Whether the position is only that of the commune, for want of a better one."""
        return (self.latitude, self.longitude) == self.commune.centre


class PlaceRole(models.Model):
    """A role on one place, given to a person who need not be a member of its owner."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="place_roles")
    role = models.CharField("rôle", max_length=20, choices=PlaceRoleKind)
    created_at = models.DateTimeField("donné le", default=clock.now)

    class Meta:
        verbose_name = "rôle sur un lieu"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "user", "role"],
                name="place_role_once",
                violation_error_message="Cette personne a déjà ce rôle sur ce lieu.",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope


class Space(models.Model):
    """What is booked: a room, a part of a hall, a pool of identical desks, a square.

    A hall that divides is a root space with one unit per part; each bookable part or combination
    is a space of its own (`root` points to the hall) made of some of the same units. Two spaces
    that share a unit can never be taken at the same time.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="spaces")
    # The hall this is a part of; null for a space that is its own root.
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    name = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse de la page", max_length=140)
    kind = models.CharField("nature", max_length=30, choices=SpaceKind)
    description = models.TextField("présentation", blank=True)
    capacity = models.PositiveIntegerField("capacité", validators=[MinValueValidator(1)])
    surface = models.PositiveIntegerField("surface en m²", null=True, blank=True)
    is_pool = models.BooleanField("postes identiques", default=False)
    units: models.ManyToManyField[Unit, SpaceUnit] = models.ManyToManyField(
        "Unit", through="SpaceUnit", related_name="spaces"
    )
    is_accessible = models.BooleanField(
        "accessible aux personnes à mobilité réduite", default=False
    )
    buffer_before = models.PositiveSmallIntegerField("préparation, en minutes", default=0)
    buffer_after = models.PositiveSmallIntegerField("remise en état, en minutes", default=0)
    lead_minutes = models.PositiveIntegerField("délai avant réservation, en minutes", default=0)
    horizon_days = models.PositiveSmallIntegerField("réservable jusqu’à, en jours", default=365)
    min_minutes = models.PositiveSmallIntegerField("durée minimale, en minutes", default=60)
    max_minutes = models.PositiveIntegerField("durée maximale, en minutes", default=720)
    step_minutes = models.PositiveSmallIntegerField("pas de début, en minutes", default=30)
    categories = ArrayField(
        models.CharField(max_length=20, choices=UserCategory),
        verbose_name="qui peut réserver",
        default=everyone,
    )
    approval = models.CharField(
        "validation", max_length=20, choices=ApprovalMode, default=ApprovalMode.MANAGER
    )
    response_hours = models.PositiveSmallIntegerField("délai de réponse, en heures", default=120)
    # What search says until price grids exist: 0 is free of charge, null is "on request".
    price_from_cents = models.PositiveIntegerField(
        "à partir de, en centimes", null=True, blank=True, default=0
    )
    house_rules = models.TextField("règles de l’espace", blank=True)
    publication = models.CharField(
        "publication", max_length=10, choices=Publication, default=Publication.DRAFT
    )
    created_at = models.DateTimeField("créé le", default=clock.now)

    class Meta:
        verbose_name = "espace"
        constraints = [
            models.UniqueConstraint(fields=["place", "slug"], name="space_slug_in_place"),
            models.CheckConstraint(
                name="space_durations",
                condition=Q(min_minutes__gte=15, max_minutes__gte=F("min_minutes")),
                violation_error_message="La durée maximale est au moins égale à la durée minimale.",
            ),
            models.CheckConstraint(
                name="space_quarter_hours",
                condition=Q(step_minutes__in=STEPS),
            ),
            models.CheckConstraint(
                name="space_minutes_on_quarter_hours",
                condition=Exact(F("buffer_before") % 15, 0)
                & Exact(F("buffer_after") % 15, 0)
                & Exact(F("min_minutes") % 15, 0)
                & Exact(F("max_minutes") % 15, 0),
                violation_error_message="Ces durées se comptent en quarts d’heure.",
            ),
            models.CheckConstraint(
                name="space_within_the_calculated_days",
                condition=Q(horizon_days__lte=730, buffer_before__lte=720, buffer_after__lte=720),
                violation_error_message="Un espace se réserve au plus deux ans à l’avance.",
            ),
            models.CheckConstraint(
                name="space_root_is_another",
                condition=Q(root=None) | ~Q(root=F("id")),
            ),
            models.CheckConstraint(
                name="space_pool_stands_alone", condition=Q(is_pool=False) | Q(root=None)
            ),
            models.CheckConstraint(name="space_holds_someone", condition=Q(capacity__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Whether anyone may see it: both it and its place are published."""
        return self.publication == Publication.PUBLISHED and self.place.is_public

    @property
    def root_id_or_self(self) -> int:
        return self.root_id or self.pk

    @property
    def before(self) -> timedelta:
        return timedelta(minutes=self.buffer_before)

    @property
    def after(self) -> timedelta:
        return timedelta(minutes=self.buffer_after)

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope


class Unit(models.Model):
    """An indivisible part: a third of a gym, one desk, or the whole of an ordinary room."""

    root = models.ForeignKey(Space, models.CASCADE, related_name="own_units")
    name = models.CharField("nom", max_length=80)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "unité"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["root", "position"], name="unit_position_in_root"),
        ]

    def __str__(self) -> str:
        return self.name


class SpaceUnit(models.Model):
    """This space is made of this unit."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="space_units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "unit"], name="space_unit_once"),
        ]


class SpaceEquipment(models.Model):
    """What is inside, and how many."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="equipment")
    kind = models.PositiveSmallIntegerField("équipement", choices=Equipment)
    quantity = models.PositiveIntegerField("quantité", default=1)

    class Meta:
        verbose_name = "équipement"
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["space", "kind"], name="space_equipment_once"),
            models.CheckConstraint(name="space_equipment_some", condition=Q(quantity__gte=1)),
        ]


class SpaceLayout(models.Model):
    """How many people a space holds in one arrangement."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="layouts")
    layout = models.CharField("disposition", max_length=12, choices=Layout)
    capacity = models.PositiveIntegerField("capacité")

    class Meta:
        verbose_name = "disposition"
        constraints = [
            models.UniqueConstraint(fields=["space", "layout"], name="space_layout_once"),
        ]


class Photo(models.Model):
    """A picture of a place, or of one of its spaces, with its description in words."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="photos")
    space = models.ForeignKey(Space, models.CASCADE, null=True, blank=True, related_name="photos")
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    alternative_text = models.CharField("description de l’image", max_length=250)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "photo"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(name="photo_described", condition=~Q(alternative_text="")),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope

    @property
    def is_public(self) -> bool:
        return self.space.is_public if self.space else self.place.is_public

    @property
    def url(self) -> str:
        return reverse("places:picture", args=[self.file.sha256])

    @property
    def thumbnail_url(self) -> str:
        return reverse("places:picture", args=[self.thumbnail.sha256])
