"""What a booking waits for: accords, documents, changes asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from preau.accounts.perms import Scope
from preau.booking.enums import ApprovalState, Approver, ChangeRequestState, PieceState
from preau.booking.models.booking import Booking
from preau.core import clock
from preau.core.timeranges import Period
from preau.documents.enums import DocumentKind


class Approval(models.Model):
    """One accord that a booking needs, copied from the rules when it was sent."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="approvals")
    position = models.PositiveSmallIntegerField("rang")
    approver = models.CharField("qui", max_length=20, choices=Approver)
    label = models.CharField("nom de l’étape", max_length=80)
    hours = models.PositiveSmallIntegerField("délai, en heures")
    state = models.CharField(
        "état", max_length=12, choices=ApprovalState, default=ApprovalState.LATER
    )
    opened_at = models.DateTimeField("ouverte le", null=True)
    reminded_at = models.DateTimeField("relancée le", null=True)
    decided_at = models.DateTimeField("donnée le", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # Whose place the decider took, by delegation.
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "accord"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "position"], name="approval_position"),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(state=ApprovalState.WAITING),
                name="approval_one_at_a_time",
            ),
            models.CheckConstraint(
                name="approval_dated",
                condition=Q(state=ApprovalState.LATER, opened_at=None, decided_at=None)
                | Q(state=ApprovalState.WAITING, opened_at__isnull=False, decided_at=None)
                | Q(
                    state__in=[ApprovalState.GIVEN, ApprovalState.REFUSED],
                    decided_at__isnull=False,
                ),
            ),
        ]


class BookingDocument(models.Model):
    """A document of the vault that serves a booking, and what the manager made of it."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="pieces")
    kind = models.CharField("pièce", max_length=24, choices=DocumentKind)
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=12, choices=PieceState, default=PieceState.PROVIDED)
    reason = models.TextField("motif", blank=True, max_length=1000)
    provided_at = models.DateTimeField("fournie le", default=clock.now)
    checked_at = models.DateTimeField("vérifiée le", null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "pièce d’une réservation"
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "kind"], name="booking_document_once"),
            models.CheckConstraint(
                name="booking_document_rejected_why",
                condition=~Q(state=PieceState.REJECTED) | ~Q(reason=""),
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.booking.permission_scope


class ChangeRequest(models.Model):
    """A change that the occupant asks of an accepted booking. The new time is kept for it."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="change_requests")
    date = models.ForeignKey("booking.BookingDate", models.CASCADE, related_name="+")
    # The new time, taken meanwhile; null when only the number of people changes.
    occupancy = models.OneToOneField(
        "availability.Occupancy", models.PROTECT, null=True, related_name="+"
    )
    # What is wanted. Where it overlaps the time already taken there is no second occupancy: the
    # first one keeps both.
    starts_at = models.DateTimeField("nouveau début", null=True)
    ends_at = models.DateTimeField("nouvelle fin", null=True)
    attendance = models.PositiveIntegerField("nombre de personnes", null=True)
    reason = models.TextField("motif", max_length=2000)
    state = models.CharField(
        "état", max_length=12, choices=ChangeRequestState, default=ChangeRequestState.ASKED
    )
    difference_cents = models.IntegerField("différence de prix, en centimes", default=0)
    created_at = models.DateTimeField("demandée le", default=clock.now)
    answer_by = models.DateTimeField("réponse attendue avant le")
    decided_at = models.DateTimeField("réponse donnée le", null=True)
    answer = models.TextField("réponse", blank=True, max_length=2000)

    class Meta:
        verbose_name = "demande de modification"
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(state=ChangeRequestState.ASKED),
                name="change_request_one_at_a_time",
                violation_error_message="Un changement est déjà demandé.",
            ),
            models.CheckConstraint(
                name="change_request_some_change",
                condition=Q(starts_at=None, ends_at=None, attendance__isnull=False)
                | Q(ends_at__gt=models.F("starts_at")),
            ),
        ]

    @property
    def period(self) -> Period | None:
        """The new time; None when only the number of people changes."""
        return Period(self.starts_at, self.ends_at) if self.starts_at and self.ends_at else None

    @property
    def permission_scope(self) -> Scope:
        return self.booking.permission_scope
