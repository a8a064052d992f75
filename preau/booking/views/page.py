"""A booking's own page, for its occupant and its managers, and what the occupant does there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.booking import (
    calendars,
    changing,
    fees,
    history,
    money,
    owing,
    queries,
    standing,
    visitors,
)
from preau.booking.actions import requests
from preau.booking.actions.chain import current_approval
from preau.booking.actions.kept import pending
from preau.booking.actions.quoting import may_set
from preau.booking.approvers import may_give
from preau.booking.enums import ACCEPTED, BookingState, Side
from preau.booking.forms.occupant import CancelForm, DetailsForm, SlotForm, slot_typed
from preau.booking.models import Booking
from preau.booking.series_queries import dates_of
from preau.booking.waiting_queries import number_waiting_for
from preau.conversations.forms import MessageForm
from preau.conversations.perms import can_read
from preau.conversations.queries import messages_of
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.registries import booking_panels
from preau.payments import given_back

AMENDABLE = frozenset({BookingState.REQUESTED, BookingState.CHANGE_ASKED})
CANCELLABLE = AMENDABLE | ACCEPTED


def by_reference(reference: str) -> Booking:
    booking = queries.by_reference(reference)
    if booking is None:
        raise Http404
    return booking


def _render(request: HttpRequest, booking: Booking, form: MessageForm | None) -> HttpResponse:
    actor = actor_of(request)
    readable = booking.thread is not None and can_read(actor, booking.thread)
    page = None
    if booking.thread is not None and readable:
        page = messages_of(booking.thread, before=request.GET.get("avant"))
    context = {
        **_facts(booking),
        **_to_do(booking, actor),
        "history": history.lines(booking, actor),
        "page": page,
        "message_form": form or MessageForm(),
        "panels": [panel for make in booking_panels if (panel := make(request, booking))],
    }
    return render(request, "booking/page.html", context)


def _facts(booking: Booking) -> dict[str, Any]:
    """What the page says to everybody."""
    return {
        "booking": booking,
        "space": booking.space,
        "place": booking.place,
        "zone": booking.place.time_zone,
        "steps": history.steps(booking),
        "over": booking.ends_at <= clock.now(),
        "dates": dates_of(booking) if booking.is_series else [],
        "now": clock.now(),
        "live": booking.state in CANCELLABLE,
        "amendable": booking.state in AMENDABLE,
        "changeable": booking.state in ACCEPTED and booking.ends_at > clock.now(),
        "cancellable": booking.state in CANCELLABLE and booking.ends_at > clock.now(),
        "has_calendar": booking.state == BookingState.CONFIRMED,
    }


def _to_do(booking: Booking, actor: Actor) -> dict[str, Any]:
    """What is between the occupant and those who answer; nothing of it for the caretaker."""
    decider = allowed(actor, "booking.decide", booking)
    if not decider and not allowed(actor, "booking.amend", booking):
        return {"seen": False}
    due = current_approval(booking) if booking.state in AMENDABLE else None
    payment = money.due_of(booking) if booking.ended_at or booking.is_series else None
    change = pending(booking) if booking.state in ACCEPTED else None
    if change is not None:
        change.booking = booking
    return {
        "seen": True,
        "due": due,
        "may_answer": decider and due is not None and may_give(actor, due, booking.place),
        "may_price": decider and may_set(booking),
        "change": change,
        "change_lines": changing.lines(change) if change else [],
        "payment": payment,
        "given": given_back.of(payment) if payment else None,
        "fee": owing.fee(booking) if booking.ended_at or booking.is_series else "",
        "waiting": number_waiting_for(booking) if decider else 0,
        "pieces": booking.pieces.select_related("document"),
    }


@permission("booking.view", load=by_reference)
def page(request: HttpRequest, booking: Booking) -> HttpResponse:
    return _render(request, booking, None)


@permission("booking.view", load=by_reference)
def sent(request: HttpRequest, booking: Booking) -> HttpResponse:
    """What was just sent, and what happens next."""
    if booking.state not in ACCEPTED | {BookingState.REQUESTED}:
        return redirect("booking:page", booking.reference)
    context = {
        "booking": booking,
        "place": booking.place,
        "space": booking.space,
        "zone": booking.place.time_zone,
    }
    return render(request, "booking/occupant/sent.html", context)


@permission("booking.write_message", load=by_reference)
def write(request: HttpRequest, booking: Booking) -> HttpResponse:
    if request.method != "POST" or booking.thread is None:
        return redirect("booking:page", booking.reference)
    form = MessageForm(request.POST)
    try:
        message = form.send(thread=booking.thread, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("booking:page", booking.reference)
    if message is None:
        return _render(request, booking, form)
    messages.success(request, "Votre message est envoyé.")
    return redirect("booking:page", booking.reference)


@permission("booking.view", load=by_reference)
def calendar(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The calendar file; also for what is not yet sure, marked as such."""
    text, _ = calendars.file_of(booking)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reservation-{booking.reference}.ics"'
    return response


@permission("booking.amend", load=by_reference)
def amend(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The occupant changes a request not yet answered: its time, its details."""
    if booking.state not in AMENDABLE:
        messages.error(
            request, "Cette demande a déjà reçu une réponse : elle ne peut plus être modifiée."
        )
        return redirect("booking:page", booking.reference)
    actor = actor_of(request)
    typed = slot_typed(booking.period, booking.place, booking.occupancy.quantity)
    slot_form = SlotForm(visitors.posted(request) or typed, space=booking.space)
    form = DetailsForm(visitors.posted(request), booking=booking, actor=actor)
    context = {
        "booking": booking,
        "form": form,
        "slot_form": slot_form,
        "verdict": None,
        "zone": booking.place.time_zone,
    }
    period = slot_form.period
    if request.method == "POST" and form.is_valid() and period:
        try:
            requests.amend(booking, form.details, actor=actor, period=period)
        except Refusal as refusal:
            (form if refusal.field in form.fields else slot_form).refuse(refusal)
            context["verdict"] = standing.refused(refusal, booking.space, period)
        else:
            messages.success(request, "Votre demande modifiée est envoyée.")
            return redirect("booking:page", booking.reference)
    return render(request, "booking/occupant/amend.html", context)


@permission("booking.cancel_mine", load=by_reference)
def cancel(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Ask on GET, cancel on POST."""
    form = CancelForm(visitors.posted(request))
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            requests.cancel(booking, reason, side=Side.OCCUPANT, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(
                request, "C’est annulé. Le gestionnaire est prévenu et le créneau est libre."
            )
        return redirect("booking:page", booking.reference)
    if booking.state not in CANCELLABLE:
        return redirect("booking:page", booking.reference)
    cost = fees.cost_of_cancelling(booking)
    context = {
        "booking": booking,
        "form": form,
        "zone": booking.place.time_zone,
        "cost": cost,
        "back": owing.if_cancelled(booking, cost),
        "is_kept": owing.is_kept(booking, cost),
        "payment": money.due_of(booking),
    }
    return render(request, "booking/occupant/cancel.html", context)
