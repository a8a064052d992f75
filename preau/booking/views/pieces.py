"""Handing in documents: while asking for a slot, and after, until the booking is complete."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.booking import pieces, visitors
from preau.booking.actions import holds, progress
from preau.booking.enums import UNSENT
from preau.booking.forms.answers import ReasonForm
from preau.booking.forms.options import OptionsForm
from preau.booking.models import Booking, BookingDocument
from preau.booking.pieces import Piece
from preau.booking.views.occupant import begun, step_context
from preau.booking.views.page import by_reference
from preau.core.errors import Refusal
from preau.documents import actions as documents
from preau.documents.enums import DocumentKind
from preau.documents.forms import DocumentForm
from preau.documents.models import Document
from preau.pricing.payers import payer_for

# --- Before the request is sent


@permission("booking.continue")
def step(request: HttpRequest, reference: str) -> HttpResponse:
    """What the space asks for, and what the vault already holds."""
    booking = begun(request, reference)
    if booking.state not in UNSENT:
        return redirect("booking:page", reference)
    actor = actor_of(request)
    if actor.user is None or not booking.purpose:
        return redirect("booking:details", reference)
    author = visitors.author_of(booking, actor)
    asked = pieces.of_draft(booking, author)
    payer = payer_for(author.user, author.organization)
    form = OptionsForm(visitors.posted(request), booking=booking, payer=payer)
    if not asked and not form.fields:
        return redirect("booking:recap", reference)
    due = [one for one in asked if one.asked.with_request and one.document is None]
    if form.is_bound and form.is_valid() and not due:
        holds.choose_options(booking, form.wanted)
        return redirect("booking:recap", reference)
    context = step_context(booking, pieces=asked, due=due, form=form)
    return render(request, "booking/occupant/pieces.html", context)


@permission("booking.continue")
def add_to_draft(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    booking = begun(request, reference)
    actor = actor_of(request)
    if booking.state not in UNSENT or actor.user is None:
        return redirect("booking:pieces", reference)
    author = visitors.author_of(booking, actor)
    piece = _asked(pieces.of_draft(booking, author), kind)
    form, document = _deposit(request, piece, author)
    back = reverse("booking:pieces", args=[reference])
    return redirect(back) if document else _form(request, booking, piece, form, back)


# --- After


@permission("booking.amend", load=by_reference)
def add(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Hand in what a booking still waits for; `nature` says which document."""
    author = visitors.author_of(booking, actor_of(request))
    piece = _asked(pieces.of_sent(booking, author), request.GET.get("nature", ""))
    back = reverse("booking:page", args=[booking.reference])
    if "reprendre" in request.POST and piece.document is not None:
        document: Document | None = piece.document
    else:
        form, document = _deposit(request, piece, author)
    if document is None:
        joined = booking.pieces.filter(kind=piece.asked.kind).exists()
        known = None if joined else piece.document
        return _form(request, booking, piece, form, back, known)
    try:
        progress.provide(booking, document, actor=author)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"La pièce « {piece.label} » est jointe à votre réservation.")
    return redirect(back)


def load_piece(*, piece_id: int) -> BookingDocument:
    rows = BookingDocument.objects.select_related("booking__place", "document")
    return get_object_or_404(rows, pk=piece_id)


@permission("booking.decide", load=load_piece)
def verify(request: HttpRequest, piece: BookingDocument) -> HttpResponse:
    if request.method == "POST":
        try:
            progress.verify(piece, actor=actor_of(request), seen=request.POST.get("document", ""))
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, f"La pièce « {piece.get_kind_display()} » est acceptée.")
    return redirect("booking:page", piece.booking.reference)


@permission("booking.decide", load=load_piece)
def reject(request: HttpRequest, piece: BookingDocument) -> HttpResponse:
    """Say what is wrong with a document: another one is asked for."""
    form = ReasonForm(
        request.POST or None,
        label="Que faut-il corriger ?",
        help_text="Par exemple : l’attestation ne couvre pas les risques locatifs.",
    )
    if request.method == "POST" and form.is_valid():
        progress.reject(piece, form.cleaned_data["reason"].strip(), actor=actor_of(request))
        messages.success(request, "Une autre pièce est demandée. L’occupant est prévenu.")
        return redirect("booking:page", piece.booking.reference)
    context = {"booking": piece.booking, "piece": piece, "form": form}
    return render(request, "booking/answers/reject_piece.html", context)


# --- What both share


def _asked(found: list[Piece], kind: str) -> Piece:
    for piece in found:
        if piece.asked.kind == kind:
            return piece
    raise Http404


def _deposit(
    request: HttpRequest, piece: Piece, author: Actor
) -> tuple[DocumentForm, Document | None]:
    """Keep what was sent in the author's vault; the form says why it was not."""
    kind = DocumentKind(piece.asked.kind)
    form = DocumentForm(visitors.posted(request), request.FILES or None, kind=kind)
    if not form.is_bound or not form.is_valid():
        return form, None
    try:
        document = documents.deposit(
            actor=author,
            kind=kind,
            title=form.cleaned_data["title"],
            owner_organization=author.organization,
            owner_user=None if author.organization else author.user,
            **form.given,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return form, None
    return form, document


def _form(
    request: HttpRequest,
    booking: Booking,
    piece: Piece,
    form: DocumentForm,
    back: str,
    known: Document | None = None,
) -> HttpResponse:
    context = {"booking": booking, "piece": piece, "form": form, "back": back, "known": known}
    return render(request, "booking/occupant/piece.html", context)
