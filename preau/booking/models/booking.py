"""A booking: one person's claim on one space for one time, from the held slot to its end."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from preau.accounts.perms import Scope
from preau.booking.enums import BLOCKING, BookingState, Side
from preau.core import clock
from preau.core.timeranges import Period
from preau.places.enums import UserCategory


class Booking(models.Model):
    """The claim. The time taken is its occupancy's; the state says how far the claim has come."""

    reference = models.CharField("référence", max_length=12, unique=True)
    # The first of its dates still standing; all of them are in `dates`.
    occupancy = models.OneToOneField("availability.Occupancy", models.PROTECT, related_name="+")
    # From the first to the last date still standing, for lists: `dates` is the truth.
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    space = models.ForeignKey("places.Space", models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    departement_code = models.CharField("département", max_length=3)
    state = models.CharField("état", max_length=12, choices=BookingState, default=BookingState.HELD)
    # Who is filling in the form before signing in: a random key kept in the session.
    visitor_key = models.CharField(max_length=43, blank=True)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, related_name="+"
    )
    purpose = models.CharField("objet", max_length=200, blank=True)
    is_public_event = models.BooleanField("ouvert au public", default=False)
    # Sells or charges for entry: a lasting economic use goes through a call (CG3P L. 2122-1-1).
    is_economic = models.BooleanField("activité économique", default=False)
    attendance = models.PositiveIntegerField("nombre de personnes", null=True)
    contact_name = models.CharField("contact le jour même", max_length=120, blank=True)
    contact_phone = models.CharField("téléphone du contact", max_length=20, blank=True)
    remarks = models.TextField("précisions", blank=True, max_length=2000)
    # What it is made for, besides the occupant: a project. See `core.causes`.
    cause = models.CharField("au titre de", max_length=60, blank=True)
    # A caller for whom a clerk books: neither account nor necessarily an e-mail address.
    caller_name = models.CharField("personne qui appelle", max_length=120, blank=True)
    caller_structure = models.CharField("sa structure", max_length=160, blank=True)
    caller_address = models.CharField("son adresse postale", max_length=250, blank=True)
    caller_email = models.EmailField("son adresse électronique", blank=True)
    caller_category = models.CharField("catégorie", max_length=20, choices=UserCategory, blank=True)
    # The rules as they were when it was sent, and which model they came from.
    rules = models.ForeignKey("booking.BookingRules", models.PROTECT, null=True, related_name="+")
    thread = models.OneToOneField(
        "conversations.Thread", models.PROTECT, null=True, related_name="+"
    )
    # Options asked for: [[option, quantity], …]; what they cost is in the frozen price.
    wanted_options = models.JSONField("options", default=list)
    price = models.ForeignKey("pricing.FrozenPrice", models.PROTECT, null=True, related_name="+")
    # In which capacity the requester signs for their organisation: « présidente ».
    capacity = models.CharField("qualité du signataire", max_length=120, blank=True)
    engages_republican_values = models.BooleanField(
        "contrat d’engagement républicain souscrit", default=False
    )
    agreement = models.ForeignKey(
        "agreements.Agreement", models.PROTECT, null=True, related_name="bookings"
    )
    created_at = models.DateTimeField("commencée le", default=clock.now)
    requested_at = models.DateTimeField("demandée le", null=True)
    # Without an answer by then the request expires and the slot is free again.
    answer_by = models.DateTimeField("réponse attendue avant le", null=True)
    # Without what is missing by then the accepted request expires.
    complete_by = models.DateTimeField("à compléter avant le", null=True)
    completion_reminded_at = models.DateTimeField("occupant relancé le", null=True)
    decided_at = models.DateTimeField("réponse donnée le", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reason = models.TextField("motif", blank=True, max_length=2000)
    ended_at = models.DateTimeField("close le", null=True)
    ended_by_side = models.CharField("close par", max_length=12, choices=Side, blank=True)

    class Meta:
        verbose_name = "réservation"
        constraints = [
            models.CheckConstraint(
                name="booking_requester_known",
                condition=Q(state__in=[BookingState.HELD, BookingState.LAPSED])
                | (Q(requester__isnull=False) | ~Q(caller_name=""))
                & Q(requested_at__isnull=False, attendance__gte=1)
                & ~Q(purpose=""),
            ),
            models.CheckConstraint(
                name="booking_ended_coherent",
                condition=Q(state__in=BLOCKING, ended_at=None)
                | (~Q(state__in=BLOCKING) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="booking_waiting_has_deadline",
                condition=~Q(state__in=[BookingState.REQUESTED, BookingState.CHANGE_ASKED])
                | Q(answer_by__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_to_complete_has_deadline",
                condition=~Q(state=BookingState.TO_COMPLETE) | Q(complete_by__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="booking_refusal_has_reason",
                condition=~Q(state=BookingState.REFUSED) | ~Q(reason=""),
                violation_error_message="Un refus est motivé.",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "state", "id"], name="booking_desk"),
            models.Index(fields=["requester", "-id"], name="booking_mine"),
            models.Index(fields=["organization", "-id"], name="booking_ours"),
            models.Index(
                fields=["answer_by"],
                condition=Q(state__in=[BookingState.REQUESTED, BookingState.CHANGE_ASKED]),
                name="booking_deadlines",
            ),
            models.Index(
                fields=["complete_by"],
                condition=Q(state=BookingState.TO_COMPLETE),
                name="booking_to_complete",
            ),
            models.Index(fields=["cause"], condition=~Q(cause=""), name="booking_cause"),
            models.Index(
                fields=["visitor_key"],
                condition=Q(state=BookingState.HELD),
                name="booking_live_holds",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def period(self) -> Period:
        """Its first date still standing."""
        return self.occupancy.span

    @cached_property
    def is_series(self) -> bool:
        return hasattr(self, "series")

    @property
    def holder_name(self) -> str:
        """Who will be there: an organisation, a person, or who called."""
        if self.organization or self.requester:
            return str(self.organization or self.requester)
        return self.caller_structure or self.caller_name

    @cached_property
    def requester_still_holds(self) -> bool:
        """Whether who asked did so for themself, or still belongs to the organisation."""
        if self.organization is None:
            return True
        return self.organization.memberships.filter(user=self.requester_id, ended_at=None).exists()

    @property
    def permission_scope(self) -> Scope:
        return Scope(
            organization_id=self.place.owner_id,
            place_id=self.place_id,
            holder_user_id=self.requester_id if self.requester_still_holds else None,
            holder_organization_id=self.organization_id,
        )
