"""What is missing before a booking is sure, and who must act: the same list for both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.urls import reverse

from preau.agreements import gates
from preau.agreements.enums import AgreementState
from preau.agreements.models import Agreement
from preau.agreements.models.rounds import Signatory
from preau.agreements.signing_enums import SignatoryRole
from preau.booking import agreement, money
from preau.booking.enums import (
    ACCEPTED,
    ApprovalState,
    Approver,
    BookingState,
    PieceState,
)
from preau.booking.models import Approval, Booking, BookingDocument, RequiredDocument
from preau.booking.rules import documents_for
from preau.core.formats import euros
from preau.documents.enums import DocumentKind
from preau.payments.enums import DueState
from preau.places.categories import category_of


class Who(StrEnum):
    """Who must act."""

    OCCUPANT = "occupant"
    MANAGER = "gestionnaire"
    NOBODY = ""


@dataclass(frozen=True)
class Item:
    """One thing that a booking waits for.

    Attributes:
        code: "approval:2", "document:assurance", "agreement", "amendment", "payment".
        label: what it is.
        text: where it stands, in a sentence; who acts, since when, until when.
        who: who must act; nobody once it is done or while its turn has not come.
        done: whether it is there.
        since, until: when the turn came, and the deadline, if any.
        url: where to act, for whoever must; "" when it is on this page.
        link: the same for who has no account: it carries its own right, so only letters give it.
    """

    code: str
    label: str
    text: str = ""
    who: Who = Who.NOBODY
    done: bool = False
    since: datetime | None = None
    until: datetime | None = None
    url: str = ""
    link: str = ""
    #: A document that may still be looked at by the manager does not hold the booking back.
    blocks: bool = True
    #: Who answers, when it is not the owner: « Le chef d’établissement ».
    by: str = ""


def items(booking: Booking) -> list[Item]:
    """Everything that had or has to be there, in the order it is done."""
    accords = booking.approvals.select_related("decided_by", "on_behalf_of")
    found = [_approval(one, booking) for one in accords]
    found += _documents(booking)
    found += _agreement(booking)
    found += _payment(booking)
    return found


def missing(booking: Booking) -> list[Item]:
    """What still holds the booking back."""
    accords = booking.approvals.exclude(state=ApprovalState.GIVEN)
    found = [_approval(one, booking) for one in accords]
    found += _documents(booking)
    found += _agreement(booking)
    found += _payment(booking)
    return [item for item in found if item.blocks and not item.done]


def _approval(one: Approval, booking: Booking) -> Item:
    state = ApprovalState(one.state)
    waits = state == ApprovalState.WAITING
    asked = waits and booking.state == BookingState.CHANGE_ASKED
    who = Who.OCCUPANT if asked else Who.MANAGER if waits else Who.NOBODY
    text = "Une modification vous est demandée." if asked else _given(one)
    return Item(
        code=f"approval:{one.position}",
        label=_label(one),
        text=text,
        who=who,
        done=state == ApprovalState.GIVEN,
        since=one.opened_at,
        until=booking.answer_by if waits else None,
        by=_BY.get(one.approver, ""),
    )


def _given(one: Approval) -> str:
    """« Par Jeanne Roux, en l’absence de Paul Petit (délégation). »"""
    if one.state != ApprovalState.GIVEN or one.decided_by is None:
        return ""
    absent = f", en l’absence de {one.on_behalf_of} (délégation)" if one.on_behalf_of else ""
    return f"Par {one.decided_by}{absent}."


_BY: dict[str, str] = {
    Approver.HEAD_OF_SCHOOL: "Le chef d’établissement",
    Approver.OPERATOR: "L’exploitant du lieu",
}


def _label(one: Approval) -> str:
    plain = one.approver == Approver.ANY and one.label == Approver.ANY.label
    label = "Réponse du gestionnaire" if plain else f"Accord : {one.label}"
    return f"{label} : acceptée" if plain and one.state == ApprovalState.GIVEN else label


def category_of_booking(booking: Booking) -> str:
    """The category of users it was asked as."""
    return booking.caller_category or category_of(booking.organization)


def required_documents(booking: Booking) -> list[RequiredDocument]:
    """What is asked of the occupant; a caller shows their papers at the counter."""
    if booking.requester_id is None and booking.state != BookingState.HELD:
        return []
    return documents_for(booking.rules, category_of_booking(booking))


def _documents(booking: Booking) -> list[Item]:
    asked = required_documents(booking)
    if not asked:
        return []
    pieces = {one.kind: one for one in booking.pieces.select_related("document")}
    return [_document(one, pieces.get(one.kind), booking) for one in asked]


def _document(asked: RequiredDocument, piece: BookingDocument | None, booking: Booking) -> Item:
    label = f"Pièce : {DocumentKind(asked.kind).label}"
    url = f"{reverse('booking:piece_provide', args=[booking.reference])}?nature={asked.kind}"
    code, until = f"document:{asked.kind}", booking.complete_by
    since = booking.decided_at if booking.state in ACCEPTED else booking.requested_at
    if piece is None:
        text = asked.note or "À déposer dans votre coffre."
        return Item(code, label, text, Who.OCCUPANT, since=since, until=until, url=url)
    if piece.state == PieceState.REJECTED:
        text = f"À remplacer : {piece.reason}"
        return Item(code, label, text, Who.OCCUPANT, since=piece.checked_at, until=until, url=url)
    expires = piece.document.expires_on
    if expires and expires < booking.ends_at.astimezone(booking.place.zone).date():
        text = "Elle n’est plus en vigueur à la dernière date : déposez la suivante."
        return Item(code, label, text, Who.OCCUPANT, since=piece.provided_at, until=until, url=url)
    text = "Acceptée." if piece.state == PieceState.ACCEPTED else "Fournie."
    return Item(code, label, text, done=True, since=piece.provided_at)


def _agreement(booking: Booking) -> list[Item]:
    """The agreement: what keeps it from being drawn up, whose signature is awaited."""
    version = agreement.required_version(booking)
    if version is None:
        return []
    standing = agreement.standing_agreement(booking)
    if standing is None:
        return _not_drawn(booking)
    url = reverse("agreements:show", args=[standing.number])
    if standing.state == AgreementState.SIGNED:
        amendment = agreement.pending_amendment(booking)
        done = Item("agreement", "Convention signée", done=True, since=standing.signed_at, url=url)
        return [done, *([_signing(amendment, booking, blocks=False)] if amendment else [])]
    return [_signing(standing, booking)]


def _not_drawn(booking: Booking) -> list[Item]:
    if booking.state not in ACCEPTED:
        return [Item("agreement", "Signature de la convention")]
    draft = agreement.draft_of(booking)
    insured = DocumentKind.INSURANCE not in {one.kind for one in required_documents(booking)}
    # What is asked for as a document is not asked for again as a condition of the agreement.
    found = [one for one in draft.missing if insured or one.code != "insurance"] if draft else []
    until = booking.complete_by
    return [
        Item(
            f"agreement:{one.code}",
            "Avant la convention",
            one.sentence,
            Who.OCCUPANT if one.who_acts == gates.OCCUPANT else Who.MANAGER,
            since=booking.decided_at,
            until=until,
        )
        for one in found
    ] or [Item("agreement", "Signature de la convention")]


def _signing(one: Agreement, booking: Booking, *, blocks: bool = True) -> Item:
    label = "Signature de l’avenant" if one.is_amendment else "Signature de la convention"
    url = reverse("agreements:show", args=[one.number])
    turn = (
        Signatory.objects.filter(round__agreement=one, round__closed_at=None, signed_at=None)
        .order_by("position")
        .first()
    )
    if turn is None:
        return Item("agreement", label, "En préparation.", Who.MANAGER, url=url, blocks=blocks)
    who = Who.OCCUPANT if turn.role == SignatoryRole.OCCUPANT else Who.MANAGER
    text = f"C’est à {turn.name} de signer ; un courriel lui donne le lien."
    since, until = turn.round.opened_at, turn.round.deadline
    return Item("agreement", label, text, who, since=since, until=until, url=url, blocks=blocks)


def _payment(booking: Booking) -> list[Item]:
    """What is to pay; a booking that is over keeps only what stays due."""
    due = money.due_of(booking)
    if due is None or (due.state == DueState.NOTHING and booking.state not in ACCEPTED):
        return []
    url, blocks = due.get_absolute_url(), money.holds_back(due)
    if not due.left_cents:
        return [Item("payment", "Paiement", "Tout est payé.", done=True, url=url)]
    text, link = f"{euros(due.left_cents)} à payer.", ""
    if not blocks:
        text += " La réservation n’attend pas ce paiement."
    elif booking.requester_id is None:  # who called pays by the link of a letter, or there
        link = money.link_to_pay(due)
        text += money.ways_to_pay(due)
    return [
        Item(
            "payment",
            "Paiement",
            text,
            Who.OCCUPANT,
            since=due.created_at,
            until=due.due_by,
            url=url,
            blocks=blocks,
            link=link,
        )
    ]
