"""What people and organisations offer or look for, without money: listings, answers, flows."""

from __future__ import annotations

import uuid
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from preau.accounts.audiences import deciders_of
from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization
from preau.accounts.perms import Scope
from preau.core import clock
from preau.initiatives.enums.listings import (
    Category,
    ListingState,
    Manner,
    Side,
    SignalReason,
    SuggestionState,
)
from preau.resources.models.resources import SEARCH_CONFIG

_L = ListingState
#: Shown to everybody, now or once: their rows must be whole.
WHOLE = (_L.REVIEW, _L.PUBLISHED, _L.EXPIRED, _L.CONCLUDED)


class Listing(models.Model):
    """One offer or one need. Of a person: their name is never on the public page."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    side = models.CharField("nature", max_length=8, choices=Side, default=Side.OFFER)
    manner = models.CharField("comment", max_length=8, choices=Manner, default=Manner.GIFT)
    category = models.CharField("catégorie", max_length=12, choices=Category, blank=True)
    title = models.CharField("titre", max_length=120)
    text = models.TextField("précisions", max_length=3000, blank=True)
    quantity = models.CharField("quantité", max_length=80, blank=True)
    is_recurring = models.BooleanField("récurrent", default=False)
    when = models.CharField("quand", max_length=120, blank=True)

    commune = models.ForeignKey("territories.Commune", models.PROTECT, related_name="+")
    departement_code = models.CharField("département", max_length=3)
    latitude = models.FloatField()
    longitude = models.FloatField()
    radius_km = models.PositiveSmallIntegerField("rayon", default=10)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: What it is offered or sought for; read by the people of the project only.
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="listings"
    )
    space = models.ForeignKey(
        "places.Space", models.PROTECT, null=True, blank=True, related_name="listings"
    )
    file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    thumbnail = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    alternative_text = models.CharField("description de la photo", max_length=250, blank=True)

    state = models.CharField("état", max_length=12, choices=ListingState, default=_L.DRAFT)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=clock.now)
    updated_at = models.DateTimeField("modifiée le", default=clock.now)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)
    #: Somebody who moderates has read it and let it through, or took it off and said why.
    approved_at = models.DateTimeField("vérifiée le", null=True, blank=True)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    removal_reason = models.CharField("motif du retrait", max_length=1000, blank=True)

    search: models.GeneratedField = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=SEARCH_CONFIG)
        + SearchVector("text", "quantity", weight="B", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "annonce"
        constraints = [
            models.CheckConstraint(
                name="listing_known_words",
                condition=Q(state__in=_L.values)
                & Q(side__in=Side.values)
                & Q(manner__in=Manner.values)
                & Q(category__in=["", *Category.values]),
            ),
            models.CheckConstraint(
                name="listing_shown_is_whole",
                condition=~Q(state__in=WHOLE)
                | (~Q(category="") & ~Q(title="") & ~Q(text="") & Q(valid_until__isnull=False)),
                violation_error_message="Il manque un renseignement pour publier cette annonce.",
            ),
            models.CheckConstraint(
                name="listing_published_is_dated",
                condition=~Q(state__in=[_L.PUBLISHED, _L.EXPIRED]) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="listing_end_is_dated",
                condition=Q(
                    state__in=[_L.WITHDRAWN, _L.EXPIRED, _L.CONCLUDED], ended_at__isnull=False
                )
                | (~Q(state__in=[_L.WITHDRAWN, _L.EXPIRED, _L.CONCLUDED]) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="listing_photo_is_described",
                condition=Q(file=None, thumbnail=None)
                | (Q(file__isnull=False, thumbnail__isnull=False) & ~Q(alternative_text="")),
                violation_error_message="Décrivez la photo en quelques mots.",
            ),
            models.CheckConstraint(
                name="listing_radius_is_near", condition=Q(radius_km__gte=1, radius_km__lte=200)
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="listing_search", fastupdate=False),
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(state=_L.PUBLISHED),
                name="listing_newest",
            ),
            models.Index(
                fields=["latitude", "longitude"],
                condition=Q(state=_L.PUBLISHED),
                name="listing_position",
            ),
            models.Index(
                fields=["valid_until"], condition=Q(state=_L.PUBLISHED), name="listing_expiring"
            ),
            models.Index(
                fields=["commune", "id"], condition=Q(state=_L.REVIEW), name="listing_to_read"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.commune.time_zone)

    @property
    def who(self) -> str:
        """As the public reads it: a person stays unnamed."""
        return self.organization.name if self.organization else "Une personne"

    @property
    def writer_keys(self) -> list[str]:
        """The audience line of whoever placed it, in conversations."""
        if self.organization_id is not None:
            return [f"organization:{self.organization_id}"]
        return [f"user:{self.author_id}"] if self.author_id else []

    @cached_property
    def moderator_keys(self) -> frozenset[str]:
        """Those who read it before the public: its commune's and its EPCI's deciders."""
        return frozenset(deciders_of(pk) for pk in moderators_of(self.commune_id))

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.organization_id,
            holder_user_id=self.author_id if self.organization_id is None else None,
            reader_keys=self.moderator_keys,
        )


def moderators_of(commune_id: str) -> list[int]:
    """The verified commune and EPCI of a place: they moderate what is published there."""
    here = Q(kind=OrganizationKind.COMMUNE, commune=commune_id) | Q(
        kind=OrganizationKind.EPCI, epci__communes=commune_id
    )
    found = Organization.objects.filter(here).exclude(verified_at=None).distinct()
    return list(found.order_by("pk").values_list("pk", flat=True))


class Answer(models.Model):
    """Somebody answers a listing: a conversation between the two, no address shown."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="answers")
    thread = models.OneToOneField(
        "conversations.Thread", models.PROTECT, related_name="listing_answer"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("commencée le", default=clock.now)
    last_message_at = models.DateTimeField("dernier message le", default=clock.now)

    class Meta:
        verbose_name = "réponse à une annonce"
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "user"],
                condition=Q(organization=None),
                name="answer_once_for_a_person",
            ),
            models.UniqueConstraint(
                fields=["listing", "organization"], name="answer_once_for_an_organization"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-last_message_at"], name="answer_mine"),
            models.Index(fields=["organization", "-last_message_at"], name="answer_ours"),
        ]

    def __str__(self) -> str:
        return self.who

    @property
    def who(self) -> str:
        return str(self.organization or self.user or "Compte fermé")

    @property
    def permission_scope(self) -> Scope:
        """Both sides read it: whoever the conversation names."""
        return Scope(reader_keys=frozenset(one.key for one in self.thread.audiences.all()))


class Suggestion(models.Model):
    """An offer that fits a need. Written once for the two; whoever dismisses it never sees it
    again, however often the two are compared."""

    offer = models.ForeignKey(Listing, models.CASCADE, related_name="suggested_needs")
    need = models.ForeignKey(Listing, models.CASCADE, related_name="suggested_offers")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    offer_state = models.CharField(
        max_length=10, choices=SuggestionState, default=SuggestionState.SHOWN
    )
    need_state = models.CharField(
        max_length=10, choices=SuggestionState, default=SuggestionState.SHOWN
    )
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "rapprochement"
        constraints = [
            models.UniqueConstraint(fields=["offer", "need"], name="suggestion_once"),
            models.CheckConstraint(name="suggestion_of_two", condition=~Q(offer=F("need"))),
        ]
        indexes = [models.Index(fields=["need", "-score"], name="suggestion_of_need")]

    @property
    def permission_scope(self) -> Scope:
        keys = self.offer.writer_keys + self.need.writer_keys
        return Scope(reader_keys=frozenset(keys))


class Flow(models.Model):
    """What goes from one to another, once or again and again: how a territory's loops close."""

    listing = models.ForeignKey(
        Listing, models.SET_NULL, null=True, blank=True, related_name="flows"
    )
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="flows"
    )
    category = models.CharField("catégorie", max_length=12, choices=Category)
    what = models.CharField("quoi", max_length=160)
    quantity = models.CharField("quantité", max_length=80, blank=True)
    is_recurring = models.BooleanField("récurrent", default=False)
    #: As they are called; the organisation beside it when it has an account.
    donor_name = models.CharField("qui donne ou prête", max_length=160)
    donor_organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    receiver_name = models.CharField("qui reçoit", max_length=160)
    receiver_organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "flux"
        constraints = [
            models.CheckConstraint(
                name="flow_between_two",
                condition=~Q(donor_name="") & ~Q(receiver_name="") & ~Q(what=""),
                violation_error_message="Dites qui donne, qui reçoit, et quoi.",
            ),
            models.CheckConstraint(
                name="flow_days_in_order",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                name="flow_of_something",
                condition=Q(listing__isnull=False) | Q(project__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["project", "-since"], name="flow_of_project")]

    def __str__(self) -> str:
        return f"{self.what} : {self.donor_name} → {self.receiver_name}"

    @property
    def permission_scope(self) -> Scope:
        return Scope(project_id=self.project_id)


class Signal(models.Model):
    """A reader says that something is wrong with a listing or with a story."""

    listing = models.ForeignKey(
        Listing, models.CASCADE, null=True, blank=True, related_name="signals"
    )
    story = models.ForeignKey(
        "initiatives.Story", models.CASCADE, null=True, blank=True, related_name="signals"
    )
    reason = models.CharField("motif", max_length=10, choices=SignalReason)
    message = models.CharField("précision", max_length=1000, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("signalé le", default=clock.now)
    closed_at = models.DateTimeField("traité le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "signalement"
        constraints = [
            models.CheckConstraint(
                name="initiative_signal_of_one",
                condition=Q(listing__isnull=False, story=None)
                | Q(listing=None, story__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["listing"], condition=Q(closed_at=None), name="initiative_signal_open"
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        subject = self.listing or self.story
        return subject.permission_scope if subject else Scope()
