"""Accounts at makers of locks, doors, and the codes that open them for a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.access.enums import LIVE, OVER, DriverKind, GrantState
from preau.accounts.perms import Scope
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.models import Space

#: How long before its start a code is shown to whom it is for.
SHOWN_BEFORE = timedelta(hours=24)
S = GrantState


class LockAccount(models.Model):
    """An organisation's account at a maker, or at the broker of its gateways."""

    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="lock_accounts"
    )
    driver = models.CharField("service", max_length=20, choices=DriverKind)
    name = models.CharField("nom", max_length=80)
    # What signs in, as JSON, and the session it gave: sealed (`drivers.secrets`).
    sealed_credentials = models.TextField(editable=False)
    sealed_session = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField("ajouté le", default=clock.now)

    class Meta:
        verbose_name = "compte de serrures"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="lock_account_name",
                violation_error_message="Votre structure a déjà un compte de ce nom.",
            ),
            models.CheckConstraint(
                name="lock_account_of_a_service",
                condition=~Q(driver__in=[DriverKind.MANUAL, DriverKind.TTLOCK_ALONE]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class Door(models.Model):
    """What stands between the street and some spaces of a place, and how it opens."""

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="doors")
    name = models.CharField("nom de la porte", max_length=80)
    driver = models.CharField("serrure", max_length=20, choices=DriverKind)
    account = models.ForeignKey(LockAccount, models.PROTECT, null=True, related_name="doors")
    remote_id = models.CharField("identifiant de la serrure", max_length=120, blank=True)
    # None of them: the door leads to every space of the place.
    spaces: models.ManyToManyField[Space, models.Model] = models.ManyToManyField(
        "places.Space", related_name="doors", blank=True
    )
    minutes_before = models.PositiveSmallIntegerField("ouvre avant, en minutes", default=15)
    minutes_after = models.PositiveSmallIntegerField("ouvre après, en minutes", default=15)
    instructions = models.TextField(
        "où elle est, comment elle s’ouvre", max_length=1000, blank=True
    )
    # Where a lock numbers its codes: the first one that is ours, and how many are. Those below were
    # programmed by hand, and stay.
    first_slot = models.PositiveSmallIntegerField("premier numéro de code", default=10)
    slots = models.PositiveSmallIntegerField("nombre de codes", default=20)
    # The code of the key box of a « manual » door, sealed.
    sealed_box_code = models.TextField(blank=True, editable=False)
    fallback = models.TextField("si le code ne marche pas", max_length=1000)
    fallback_phone = models.CharField("téléphone à appeler", max_length=20, blank=True)
    # What the lock last said of itself, when it was asked.
    seen_at = models.DateTimeField("vue le", null=True)
    asked_at = models.DateTimeField("interrogée le", null=True)
    trouble = models.CharField("ennui", max_length=120, blank=True)
    battery = models.PositiveSmallIntegerField("pile, en pour cent", null=True)
    battery_low = models.BooleanField("pile faible", null=True)
    created_at = models.DateTimeField("ajoutée le", default=clock.now)
    retired_at = models.DateTimeField("retirée le", null=True)

    class Meta:
        verbose_name = "porte"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"],
                condition=Q(retired_at=None),
                name="door_name_in_place",
                violation_error_message="Ce lieu a déjà une porte de ce nom.",
            ),
            models.UniqueConstraint(
                fields=["account", "remote_id"],
                condition=Q(retired_at=None, account__isnull=False),
                name="door_lock_once",
                violation_error_message="Cette serrure est déjà celle d’une autre porte.",
            ),
            models.CheckConstraint(
                name="door_has_its_lock",
                condition=Q(driver=DriverKind.MANUAL, account=None, remote_id="")
                | ~Q(driver=DriverKind.MANUAL) & Q(account__isnull=False) & ~Q(remote_id=""),
            ),
            models.CheckConstraint(
                name="door_has_a_fallback",
                condition=~Q(fallback=""),
                violation_error_message="Dites que faire si le code ne marche pas.",
            ),
            models.CheckConstraint(
                name="door_margins", condition=Q(minutes_before__lte=120, minutes_after__lte=120)
            ),
            models.CheckConstraint(
                name="door_battery", condition=Q(battery=None) | Q(battery__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope

    @property
    def is_manual(self) -> bool:
        return self.driver == DriverKind.MANUAL


class AccessGrant(models.Model):
    """One code of one door: for an occupancy, or for somebody who looks after the place.

    What is wanted of the lock: the window and the state. What may be on it: `asked_at` (a call was
    made, whatever its answer), `remote_ref`, `placed_starts_at` and `placed_ends_at`.
    """

    door = models.ForeignKey(Door, models.PROTECT, related_name="grants")
    occupancy = models.ForeignKey(
        "availability.Occupancy", models.PROTECT, null=True, related_name="access_grants"
    )
    holder_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    holder_organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    # What it is for, without a person's name: « Répétition de la chorale ».
    label = models.CharField("pour", max_length=160)
    # Rounded as the lock wants it; a standing code is pushed further before its end.
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    is_standing = models.BooleanField("sans fin prévue", default=False)
    state = models.CharField("état", max_length=12, choices=GrantState, default=S.WANTED)
    # The only way back to it on the lock: ours, and nobody's name.
    remote_name = models.CharField(max_length=20, unique=True)
    remote_ref = models.CharField(max_length=120, blank=True)
    # The user of a lock that numbers them; kept until the code is off the lock.
    slot = models.PositiveSmallIntegerField("emplacement", null=True)
    # Which of the codes that exist for one window, where a lock computes them.
    variance = models.PositiveSmallIntegerField("variante", null=True)
    sealed_code = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField("créé le", default=clock.now)
    asked_at = models.DateTimeField("demandé à la serrure le", null=True)
    placed_starts_at = models.DateTimeField(null=True)
    placed_ends_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField("montré le", null=True)
    announced_at = models.DateTimeField("annoncé le", null=True)
    alerted_at = models.DateTimeField("gestionnaire prévenu le", null=True)
    cancelled_at = models.DateTimeField("repris le", null=True)
    ended_at = models.DateTimeField("terminé le", null=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_try = models.DateTimeField("prochain essai", null=True)
    # A worker has it in hand until then: nobody else speaks to the lock about it.
    leased_until = models.DateTimeField(null=True)
    trouble = models.CharField("ennui", max_length=120, blank=True)

    class Meta:
        verbose_name = "code d’accès"
        constraints = [
            models.UniqueConstraint(
                fields=["occupancy", "door"],
                condition=Q(state__in=LIVE, occupancy__isnull=False),
                name="access_one_live_code",
            ),
            models.UniqueConstraint(
                fields=["door", "holder_user"],
                condition=Q(state__in=LIVE, occupancy=None),
                name="access_one_code_a_caretaker",
                violation_error_message="Cette personne a déjà un code de cette porte.",
            ),
            models.UniqueConstraint(
                fields=["door", "slot"],
                condition=Q(slot__isnull=False),
                name="access_slot_once",
            ),
            models.UniqueConstraint(
                fields=["door", "starts_at", "ends_at", "variance"],
                condition=Q(variance__isnull=False),
                name="access_variance_once",
            ),
            models.CheckConstraint(
                name="access_some_time", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="access_due_when_something_to_do",
                condition=Q(state__in=[S.WANTED, S.REVOKING], next_try__isnull=False)
                | ~Q(state__in=[S.WANTED, S.REVOKING]) & Q(next_try=None),
            ),
            models.CheckConstraint(
                name="access_ended_is_dated",
                condition=Q(state__in=OVER, ended_at__isnull=False)
                | ~Q(state__in=OVER) & Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="access_live_is_not_cancelled",
                condition=~Q(state__in=LIVE) | Q(cancelled_at=None),
            ),
            models.CheckConstraint(
                name="access_cancelled_is_dated",
                condition=~Q(state__in=[S.REVOKED, S.LINGERING]) | Q(cancelled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="access_set_was_asked",
                condition=~Q(state=S.SET)
                | Q(
                    asked_at__isnull=False,
                    placed_starts_at=F("starts_at"),
                    placed_ends_at=F("ends_at"),
                ),
            ),
            models.CheckConstraint(
                name="access_fallback_has_a_reason", condition=~Q(state=S.FALLBACK) | ~Q(trouble="")
            ),
            models.CheckConstraint(
                name="access_is_for_somebody",
                condition=Q(occupancy__isnull=False)
                | Q(holder_user__isnull=False)
                | Q(state__in=OVER),
            ),
            models.CheckConstraint(
                name="access_over_holds_no_slot", condition=~Q(state__in=OVER) | Q(slot=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try"], condition=Q(next_try__isnull=False), name="access_due"
            ),
            models.Index(fields=["ends_at"], condition=~Q(state__in=OVER), name="access_not_over"),
            models.Index(fields=["door", "-starts_at", "-id"], name="access_of_door"),
            models.Index(fields=["holder_user", "ends_at"], name="access_of_person"),
            models.Index(fields=["holder_organization", "ends_at"], name="access_of_organization"),
        ]

    @property
    def span(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def shown_from(self) -> datetime:
        return self.starts_at - SHOWN_BEFORE

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.door.place.owner_id,
            place_id=self.door.place_id,
            holder_user_id=self.holder_user_id,
            holder_organization_id=self.holder_organization_id,
        )
