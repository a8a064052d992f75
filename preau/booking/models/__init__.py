"""A booking, its dates, the rules it was made under and what it waits for."""

from preau.booking.models.booking import Booking
from preau.booking.models.checklist import Approval, BookingDocument, ChangeRequest
from preau.booking.models.dates import BookingDate, BookingSeries, WaitingEntry
from preau.booking.models.rules import (
    ApprovalStep,
    BookingRules,
    Delegation,
    RequiredDocument,
    RulesAssignment,
)

__all__ = [
    "Approval",
    "ApprovalStep",
    "Booking",
    "BookingDate",
    "BookingDocument",
    "BookingRules",
    "BookingSeries",
    "ChangeRequest",
    "Delegation",
    "RequiredDocument",
    "RulesAssignment",
    "WaitingEntry",
]
