"""What an owner asks before a booking is sure: whose accord, which documents, which agreement."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.booking.enums import Approver
from preau.core import clock
from preau.documents.enums import DocumentKind
from preau.places.enums import UserCategory
from preau.places.models import Place, Space


class BookingRules(models.Model):
    """A model of rules of an organisation, shared by as many places and spaces as it likes."""

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="booking_rules"
    )
    name = models.CharField("nom", max_length=120)
    completion_days = models.PositiveSmallIntegerField(
        "jours pour compléter une demande acceptée", default=14
    )
    # Drawn up once accepted, and signed before the booking is sure; null: no agreement.
    agreement_model = models.ForeignKey(
        "agreements.Model",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="convention",
    )
    reminds = models.BooleanField("relancer avant l’échéance", default=True)
    has_waiting_list = models.BooleanField("liste d’attente", default=True)
    offer_hours = models.PositiveSmallIntegerField(
        "heures pour répondre à un créneau proposé", default=24
    )
    allows_economic_use = models.BooleanField("activité économique admise", default=False)
    is_archived = models.BooleanField("archivé", default=False)
    created_at = models.DateTimeField("créé le", default=clock.now)

    class Meta:
        verbose_name = "modèle de règles"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(is_archived=False),
                name="booking_rules_name_once",
                violation_error_message="Un modèle de règles porte déjà ce nom.",
            ),
            models.CheckConstraint(
                name="booking_rules_delays",
                condition=Q(completion_days__range=(1, 90), offer_hours__range=(1, 240)),
                violation_error_message="De 1 à 90 jours pour compléter, de 1 à 240 heures "
                "pour répondre.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class RulesAssignment(models.Model):
    """Where a model of rules holds: a whole place, or one space, whose own comes first."""

    rules = models.ForeignKey(BookingRules, models.PROTECT, related_name="assignments")
    place = models.OneToOneField(
        "places.Place", models.CASCADE, null=True, related_name="rules_assignment"
    )
    space = models.OneToOneField(
        "places.Space", models.CASCADE, null=True, related_name="rules_assignment"
    )

    class Meta:
        verbose_name = "application d’un modèle de règles"
        constraints = [
            models.CheckConstraint(
                name="rules_for_a_place_or_a_space",
                condition=Q(place=None, space__isnull=False) | Q(place__isnull=False, space=None),
            ),
        ]

    @property
    def target(self) -> Place | Space:
        found = self.place or self.space
        assert found is not None  # the constraint says so
        return found


def name_of(target: Place | Space) -> str:
    """« Mairie », « Mairie – Salle du conseil »."""
    return target.name if isinstance(target, Place) else f"{target.place.name} – {target.name}"


class ApprovalStep(models.Model):
    """One accord to obtain, in order. Without any, the space's own setting decides."""

    rules = models.ForeignKey(BookingRules, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField("rang")
    approver = models.CharField("qui", max_length=20, choices=Approver)
    label = models.CharField("nom de l’étape", max_length=80)
    hours = models.PositiveSmallIntegerField("délai, en heures", default=120)

    class Meta:
        verbose_name = "étape d’accord"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["rules", "position"],
                name="approval_step_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="approval_step_delay",
                condition=Q(hours__range=(1, 2160)),
                violation_error_message="Le délai va de 1 heure à 90 jours.",
            ),
        ]


class RequiredDocument(models.Model):
    """A document that the occupant provides, once and for all while it is in force."""

    rules = models.ForeignKey(BookingRules, models.CASCADE, related_name="documents")
    kind = models.CharField("pièce", max_length=24, choices=DocumentKind)
    categories = ArrayField(
        models.CharField(max_length=20, choices=UserCategory), verbose_name="pour qui"
    )
    # Refused at the request without it; otherwise it may follow until the booking is complete.
    with_request = models.BooleanField("exigée dès la demande", default=False)
    note = models.CharField("précision pour le demandeur", max_length=250, blank=True)

    class Meta:
        verbose_name = "pièce demandée"
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["rules", "kind"],
                name="required_document_once",
                violation_error_message="Cette pièce est déjà demandée.",
            ),
        ]


class Delegation(models.Model):
    """Somebody decides in the place of another while they are away."""

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegations_given"
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegations_received"
    )
    place = models.ForeignKey("places.Place", models.CASCADE, related_name="delegations")
    since = models.DateField("du")
    until = models.DateField("au")
    revoked_at = models.DateTimeField("retirée le", null=True)
    created_at = models.DateTimeField("donnée le", default=clock.now)

    class Meta:
        verbose_name = "délégation"
        constraints = [
            models.CheckConstraint(
                name="delegation_some_days",
                condition=Q(until__gte=models.F("since")),
                violation_error_message="Le dernier jour suit le premier.",
            ),
            models.CheckConstraint(
                name="delegation_to_another", condition=~Q(giver=models.F("receiver"))
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.place.permission_scope
