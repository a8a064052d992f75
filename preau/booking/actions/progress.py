"""From accepted to sure: what the rules ask, what is already there, what is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from preau.accounts.actors import Actor
from preau.booking import checklist, money
from preau.booking.actions.agreeing import draw
from preau.booking.actions.steps import Details, locked, readers_of, required, tell, transition
from preau.booking.enums import ACCEPTED, BLOCKING, BookingState, Change, PieceState
from preau.booking.models import Booking, BookingDocument
from preau.booking.rules import documents_for
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.formats import local
from preau.core.timeranges import end_of_day, next_quarter
from preau.documents.actions import share
from preau.documents.enums import DocumentKind
from preau.documents.models import Document
from preau.documents.queries import valid_documents
from preau.places.categories import category_of

#: An accepted booking is complete at the latest this long before it begins.
COMPLETION_MARGIN = timedelta(hours=1)
SHORTEST_COMPLETION = timedelta(minutes=30)
COMPLETION_DAYS = 14


def check_rules(booking: Booking, details: Details, actor: Actor) -> None:
    """What the model of rules asks at the request itself.

    Raises:
        Refusal: an economic use where none is admitted; a document due at once is not there.
    """
    rules = booking.rules
    if rules is None:
        return
    if details.is_economic and not rules.allows_economic_use:
        raise Refusal(
            "Cet espace n’est pas prêté pour une activité économique par la voie simple : "
            "l’exploitation du domaine public passe par une mise en concurrence (article "
            "L. 2122-1-1 du code général de la propriété des personnes publiques). "
            f"Écrivez à {booking.place.owner.name}.",
            field="is_economic",
            code="economic_use",
        )
    for asked in documents_for(rules, category_of(actor.organization)):
        if asked.with_request and usable_document(booking, asked.kind, actor) is None:
            raise Refusal(
                f"Cette demande s’envoie avec une pièce : "
                f"{DocumentKind(asked.kind).label.lower()}. Déposez-la à l’étape « Pièces ».",
                field="pieces",
                code="document_missing",
            )


def usable_document(booking: Booking, kind: str, actor: Actor) -> Document | None:
    """The latest document of this kind in the actor's vault in force on the last date."""
    given = booking.pieces.filter(kind=kind).select_related("document").first()
    if given is not None:
        return given.document
    last = booking.ends_at.astimezone(booking.place.zone).date()
    if actor.organization is not None:
        found = valid_documents(organization=actor.organization, kind=kind, on=last)
    else:
        found = valid_documents(user=actor.user, kind=kind, on=last)
    return found.order_by("-id").first()


def use_known_documents(booking: Booking, actor: Actor) -> None:
    """Join what the vault already holds and the rules ask for: information is given once."""
    for asked in checklist.required_documents(booking):
        if booking.pieces.filter(kind=asked.kind).exists():
            continue
        if (document := usable_document(booking, asked.kind, actor)) is not None:
            join_document(booking, document, actor)


def join_document(booking: Booking, document: Document, actor: Actor) -> BookingDocument:
    """Let a document of the vault serve a booking, and those who decide there read it."""
    piece, _ = BookingDocument.objects.update_or_create(
        booking=booking,
        kind=document.kind,
        defaults={
            "document": document,
            "state": PieceState.PROVIDED,
            "reason": "",
            "provided_at": clock.now(),
            "checked_at": None,
            "checked_by": None,
        },
    )
    share(document, readers_of(booking), actor=actor)
    return piece


def advance(booking: Booking, change: Change, actor: Actor) -> None:
    """Every accord is given: confirm, or say what is still missing and by when.

    Args:
        change: what is told when nothing is missing.
    """
    booking.complete_by = complete_by(booking)
    draw(booking, actor)
    money.ask(booking, actor)
    if checklist.missing(booking):
        transition(booking, BookingState.TO_COMPLETE, Change.TO_COMPLETE, actor)
    else:
        transition(booking, BookingState.CONFIRMED, change, actor)


def complete(booking: Booking, actor: Actor) -> None:
    """Something has come in: confirm once nothing is missing. Call it with the booking locked."""
    if booking.state in ACCEPTED:
        draw(booking, actor)
    if booking.state == BookingState.TO_COMPLETE and not checklist.missing(booking):
        transition(booking, BookingState.CONFIRMED, Change.COMPLETED, actor)


def complete_by(booking: Booking) -> datetime:
    """The deadline, easy to say: the end of the last of the days that the rules leave, an hour
    before the booking begins, or a quarter of an hour on the clock when there is hardly any time.
    """
    now, start, zone = clock.now(), booking.starts_at, booking.place.zone
    days = booking.rules.completion_days if booking.rules else COMPLETION_DAYS
    last = end_of_day(local(now, zone).date() + timedelta(days=days), zone)
    shortest = max(
        min(start, next_quarter(now + SHORTEST_COMPLETION)),
        next_quarter(now + timedelta(minutes=1)),
    )
    return max(min(last, start - COMPLETION_MARGIN), shortest)


@transaction.atomic
def provide(booking: Booking, document: Document, *, actor: Actor) -> BookingDocument:
    """Join a document of one's vault to a booking; confirm it if that was all it waited for.

    Raises:
        Refusal: the booking is over, the document is not the occupant's or is not asked for.
    """
    booking = locked(booking)
    if booking.state not in BLOCKING:
        raise Refusal("Cette réservation est terminée.", code="gone")
    owners = (document.owner_user_id, document.owner_organization_id)
    if owners not in {(booking.requester_id, None), (None, booking.organization_id)}:
        raise Refusal("Ce document n’est pas dans votre coffre.", field="document", code="foreign")
    if document.kind not in {one.kind for one in checklist.required_documents(booking)}:
        raise Refusal("Cette pièce n’est pas demandée.", field="document", code="not_asked")
    piece = join_document(booking, document, actor)
    audit.record(actor, "booking.document_provided", booking, kind=document.kind)
    complete(booking, actor)
    return piece


@transaction.atomic
def verify(piece: BookingDocument, *, actor: Actor, seen: str = "") -> None:
    """Note that the document is the right one.

    Args:
        seen: the key of the document that the page showed; another one is then refused.

    Raises:
        Refusal: the occupant has handed in another one meanwhile.
    """
    booking = locked(piece.booking)
    piece.refresh_from_db(fields=["document"])
    if seen and seen != str(piece.document_id):
        raise Refusal("Une autre pièce vient d’être fournie : regardez-la d’abord.", code="moved")
    _check(piece, PieceState.ACCEPTED, "", actor)
    audit.record(actor, "booking.document_accepted", booking, kind=piece.kind)
    complete(booking, actor)


@transaction.atomic
def reject(piece: BookingDocument, reason: str, *, actor: Actor) -> None:
    """Ask for another one. A booking already confirmed stays so: its list says what is missing."""
    required(reason, "Dites pourquoi : le demandeur le lira.")
    booking = locked(piece.booking)
    _check(piece, PieceState.REJECTED, reason, actor)
    tell(booking, Change.DOCUMENT_REJECTED, actor, reason=reason)


def _check(piece: BookingDocument, state: PieceState, reason: str, actor: Actor) -> None:
    piece.state, piece.reason = state, reason
    piece.checked_at, piece.checked_by = clock.now(), actor.user
    piece.save(update_fields=["state", "reason", "checked_at", "checked_by"])
