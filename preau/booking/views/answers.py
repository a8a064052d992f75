"""The answers a manager gives to one booking, each from its own page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.booking import queries
from preau.booking.actions import requests
from preau.booking.actions.quoting import decide_price, may_set
from preau.booking.enums import BookingState, Side
from preau.booking.forms.answers import MoveForm, ReasonForm, SlotForm
from preau.booking.forms.changes import PriceForm
from preau.booking.models import Booking
from preau.booking.visitors import posted
from preau.core import clock
from preau.core.errors import Refusal

#: Refusals about what was typed: shown on the form. The others say that the booking has moved on.
ABOUT_THE_FORM = frozenset({"reason_required", "slot_taken", "refused", "past_slot"})


def load_booking(*, reference: str) -> Booking:
    booking = queries.by_reference(reference)
    if booking is None:
        raise Http404
    return booking


@permission("booking.decide", load=load_booking)
def accept(request: HttpRequest, booking: Booking) -> HttpResponse:
    if request.method == "POST":
        try:
            done = requests.accept(booking, actor=actor_of(request), step=_step(request))
        except Refusal as refusal:
            if refusal.code == "price_missing":
                messages.warning(request, refusal.sentence)
                return redirect("booking:price", booking.reference)
            _say(request, booking, refusal)
        else:
            messages.success(request, _said(done))
    return redirect("booking:page", booking.reference)


def _said(booking: Booking) -> str:
    """What the answer has done: it may not be the last one that is due."""
    if booking.state == BookingState.REQUESTED:
        return (
            f"Votre accord est donné pour la demande {booking.reference}. Elle attend maintenant "
            "l’accord suivant."
        )
    if booking.state == BookingState.TO_COMPLETE:
        return (
            f"La demande {booking.reference} est acceptée. L’occupant est prévenu de ce qu’il "
            "reste à réunir."
        )
    return f"La demande {booking.reference} est acceptée. L’occupant est prévenu."


def _step(request: HttpRequest) -> int | None:
    """Which accord the page showed; None from a list that does not say."""
    asked = request.POST.get("etape", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else None


@permission("booking.decide", load=load_booking)
def price(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The manager names the price, of one on request or to grant another."""
    if not may_set(booking):
        messages.warning(request, "Le prix de cette réservation ne peut plus être changé.")
        return redirect("booking:page", booking.reference)
    form = PriceForm(posted(request))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            decide_price(booking, data["total"], data["explanation"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le prix est fixé. L’occupant est prévenu.")
            return redirect("booking:page", booking.reference)
    context = {"booking": booking, "form": form, "zone": booking.place.time_zone}
    return render(request, "booking/answers/price.html", context)


@permission("booking.decide", load=load_booking)
def refuse(request: HttpRequest, booking: Booking) -> HttpResponse:
    return _with_reason(
        request,
        booking,
        form=ReasonForm(request.POST or None, label="Pourquoi refusez-vous ?"),
        page="refuse",
        act=lambda reason: requests.refuse(booking, reason, actor=actor_of(request)),
        done="La demande est refusée. Son auteur est prévenu et le créneau est libre.",
    )


@permission("booking.decide", load=load_booking)
def ask_change(request: HttpRequest, booking: Booking) -> HttpResponse:
    return _with_reason(
        request,
        booking,
        form=ReasonForm(
            request.POST or None,
            label="Que faut-il modifier ?",
            help_text="Par exemple : finir à 22 h, ou venir à 40 personnes au plus.",
        ),
        page="ask_change",
        act=lambda reason: requests.ask_change(booking, reason, actor=actor_of(request)),
        done="La modification est demandée. Le créneau reste bloqué en attendant la réponse.",
    )


@permission("booking.cancel_as_manager", load=load_booking)
def cancel(request: HttpRequest, booking: Booking) -> HttpResponse:
    actor = actor_of(request)
    return _with_reason(
        request,
        booking,
        form=ReasonForm(request.POST or None, label="Pourquoi annulez-vous ?"),
        page="cancel",
        act=lambda reason: requests.cancel(booking, reason, side=Side.MANAGER, actor=actor),
        done="La réservation est annulée. L’occupant est prévenu et le créneau est libre.",
    )


@permission("booking.reschedule", load=load_booking)
def reschedule(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Another day or other hours, in the same space."""
    initial = SlotForm.typed(booking.period, booking.place)
    form = MoveForm(request.POST or None, place=booking.place, initial=initial)

    def act(reason: str) -> object:
        if form.period.start < clock.now():
            raise Refusal(
                "Ce créneau est passé. Choisissez une date à venir.", field="day", code="past_slot"
            )
        return requests.reschedule(booking, form.period, reason, actor=actor_of(request))

    return _with_reason(
        request,
        booking,
        form=form,
        page="reschedule",
        act=act,
        done="La réservation est déplacée. L’occupant est prévenu du nouvel horaire.",
    )


def _with_reason(
    request: HttpRequest,
    booking: Booking,
    *,
    form: ReasonForm | MoveForm,
    page: str,
    act: Callable[[str], object],
    done: str,
) -> HttpResponse:
    """A page that asks for a reason, and acts on POST."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data["reason"].strip())
        except Refusal as refusal:
            if refusal.code not in ABOUT_THE_FORM:
                _say(request, booking, refusal)
                return redirect("booking:page", booking.reference)
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect("booking:page", booking.reference)
    context = {"booking": booking, "form": form, "zone": booking.place.time_zone}
    return render(request, f"booking/answers/{page}.html", context)


def _say(request: HttpRequest, booking: Booking, refusal: Refusal) -> None:
    """Why it was refused, and where the booking stands now. A late one is ended first."""
    if refusal.code == "expired":
        requests.expire(booking)
    booking.refresh_from_db(fields=["state"])
    state = BookingState(booking.state).label.lower()
    messages.warning(request, f"{refusal.sentence} État actuel : {state}.")
