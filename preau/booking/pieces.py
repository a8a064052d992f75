"""The documents asked of whoever books, beside what their vault already holds."""

from __future__ import annotations

from dataclasses import dataclass

from preau.accounts.actors import Actor
from preau.booking.actions.progress import usable_document
from preau.booking.checklist import required_documents
from preau.booking.models import Booking, RequiredDocument
from preau.booking.rules import documents_for, rules_for
from preau.documents.enums import DocumentKind
from preau.documents.models import Document
from preau.places.categories import category_of
from preau.pricing.payers import payer_for
from preau.pricing.queries import options_for


@dataclass(frozen=True)
class Piece:
    """One document asked for, and the one that will serve."""

    asked: RequiredDocument
    label: str
    document: Document | None


def of_draft(booking: Booking, author: Actor) -> list[Piece]:
    """Before the request is sent: what will be asked of its author."""
    asked = documents_for(rules_for(booking.space), category_of(author.organization))
    return [_piece(one, booking, author) for one in asked]


def of_sent(booking: Booking, author: Actor) -> list[Piece]:
    return [_piece(one, booking, author) for one in required_documents(booking)]


def has_step(booking: Booking, author: Actor) -> bool:
    """Whether there is anything to hand in or to add before the summary."""
    payer = payer_for(author.user, author.organization)
    return bool(of_draft(booking, author) or options_for(booking.space, payer))


def _piece(asked: RequiredDocument, booking: Booking, author: Actor) -> Piece:
    label = DocumentKind(asked.kind).label
    return Piece(asked, label, usable_document(booking, asked.kind, author))
