"""Agreements, their numbers, and who may sign for an owner."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.agreements.enums import AgreementState, AuthorityRole
from preau.core import clock

S = AgreementState


class AgreementCounter(models.Model):
    """The last number given by an owner in a year. Its row is locked while one is taken."""

    owner = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("année")
    last = models.PositiveIntegerField("dernier numéro", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "year"], name="agreement_counter_once"),
        ]


class Agreement(models.Model):
    """A contract about one or more occupancies, drawn up from one version of a model.

    What it says is frozen here: `variables` by name, `content` as the template receives it. An
    amendment is an agreement of its own that `amends` the first one and bears its number.
    """

    owner = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="agreements")
    year = models.PositiveSmallIntegerField("année")
    sequence = models.PositiveIntegerField("rang dans l’année")
    #: 0: the agreement itself; 1, 2…: its amendments.
    amendment = models.PositiveSmallIntegerField("rang de l’avenant", default=0)
    #: It names who gave it: an owner merged into another leaves its numbers as they are.
    number = models.CharField("numéro", max_length=40, unique=True)
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    version = models.ForeignKey(
        "agreements.ModelVersion", models.PROTECT, related_name="agreements"
    )
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="agreements")
    occupancies = models.ManyToManyField(
        "availability.Occupancy", through="AgreementOccupancy", related_name="agreements"
    )
    holder_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    holder_organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="held_agreements",
    )
    subject = models.CharField("objet", max_length=160)
    starts_on = models.DateField("première date")
    ends_on = models.DateField("dernière date")
    total_cents = models.PositiveIntegerField("prix, en centimes", default=0)
    variables = models.JSONField("variables")
    content = models.JSONField("contenu")
    state = models.CharField("état", max_length=20, choices=S, default=S.DRAWING)
    #: What the parties sign, then what they keep.
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("établie le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    signed_at = models.DateTimeField("signée le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    reason = models.TextField("motif de l’annulation", blank=True)

    class Meta:
        verbose_name = "convention"
        constraints = [
            models.CheckConstraint(
                name="agreement_amendment_coherent",
                condition=Q(amends=None, amendment=0) | Q(amends__isnull=False, amendment__gte=1),
            ),
            models.UniqueConstraint(
                fields=["amends"],
                condition=Q(state__in=(S.DRAWING, S.SIGNING)) & Q(amends__isnull=False),
                name="agreement_one_amendment_at_a_time",
                violation_error_message="Un avenant à cette convention attend déjà sa signature.",
            ),
            models.CheckConstraint(
                name="agreement_held_by_someone",
                condition=Q(holder_user=None, holder_organization__isnull=False)
                | Q(holder_user__isnull=False, holder_organization=None),
            ),
            models.CheckConstraint(
                name="agreement_dates_in_order", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="agreement_has_its_document",
                condition=Q(document__isnull=False) | ~Q(state__in=(S.SIGNING, S.SIGNED)),
            ),
            models.CheckConstraint(
                name="agreement_signed_coherent",
                condition=Q(state=S.SIGNED, signed_at__isnull=False)
                | Q(state=S.CANCELLED)
                | (~Q(state__in=(S.SIGNED, S.CANCELLED)) & Q(signed_at=None)),
            ),
            models.CheckConstraint(
                name="agreement_cancelled_coherent",
                condition=(Q(state=S.CANCELLED, cancelled_at__isnull=False) & ~Q(reason=""))
                | (~Q(state=S.CANCELLED) & Q(cancelled_at=None, reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="agreement_of_owner"),
            models.Index(fields=["holder_organization"], name="agreement_of_structure"),
            models.Index(fields=["holder_user"], name="agreement_of_person"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_amendment(self) -> bool:
        return self.amends_id is not None

    @property
    def title(self) -> str:
        """« Convention 2027-12-0004 », « Avenant 2027-12-0004-A1 »"""
        return f"{'Avenant' if self.is_amendment else 'Convention'} {self.number}"

    @property
    def holder(self) -> str:
        if self.holder_organization:
            return str(self.holder_organization)
        return self.holder_user.full_name if self.holder_user else ""

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.owner_id,
            place_id=self.place_id,
            holder_user_id=self.holder_user_id,
            holder_organization_id=self.holder_organization_id,
        )


class AgreementOccupancy(models.Model):
    """One of the occupancies an agreement is about."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="occupied")
    occupancy = models.ForeignKey(
        "availability.Occupancy", models.PROTECT, related_name="agreement_lines"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "occupancy"], name="agreement_occupancy_once"
            ),
        ]


class SigningAuthority(models.Model):
    """Who signs for an owner, or as the head of a school, and by virtue of what.

    Set for an organisation, or for one of its places, whose own comes first.
    """

    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="signing_authorities"
    )
    place = models.ForeignKey(
        "places.Place",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="signing_authorities",
        verbose_name="lieu",
    )
    role = models.CharField("en tant que", max_length=20, choices=AuthorityRole)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField("prénom et nom", max_length=120)
    email = models.EmailField("adresse électronique")
    #: « maire », « adjointe au maire, par délégation du 3 juin 2026 ».
    capacity = models.CharField("qualité", max_length=120)
    is_delegate = models.BooleanField("signe par délégation", default=False)
    delegation = models.ForeignKey(
        "documents.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="acte de délégation",
    )
    valid_until = models.DateField("jusqu’au", null=True, blank=True)
    ended_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "pouvoir de signer"
        verbose_name_plural = "pouvoirs de signer"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "place", "role"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="signing_authority_one",
                violation_error_message="Un signataire est déjà désigné ici pour ce rôle.",
            ),
            models.CheckConstraint(
                name="signing_authority_head_of_a_place",
                condition=~Q(role=AuthorityRole.HEAD_OF_SCHOOL) | Q(place__isnull=False),
                violation_error_message="Le chef d’établissement signe pour un lieu précis.",
            ),
            models.CheckConstraint(
                name="signing_authority_has_a_capacity", condition=~Q(capacity="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.capacity}"

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class BoardOpinion(models.Model):
    """What the council of a school, or the board of a collège or lycée, said of outside uses."""

    place = models.ForeignKey("places.Place", models.CASCADE, related_name="board_opinions")
    board = models.CharField("conseil", max_length=120)
    given_on = models.DateField("avis rendu le")
    is_favorable = models.BooleanField("avis favorable", default=True)
    #: The last day of the uses it speaks of; null: until another is recorded.
    covers_until = models.DateField("pour les occupations jusqu’au", null=True, blank=True)
    note = models.CharField("réserves", max_length=250, blank=True)
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "avis d’un conseil"
        verbose_name_plural = "avis des conseils"
        ordering: ClassVar = ["-given_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="board_opinion_dates",
                condition=Q(covers_until=None) | Q(covers_until__gte=F("given_on")),
                violation_error_message="La date de fin suit celle de l’avis.",
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope
