"""Booking for somebody who calls, and the confirmation that is printed or posted to them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.availability.actions.occupancies import SlotTaken
from preau.booking import queries
from preau.booking.actions.callers import book_for_caller
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.booking.standing import other_slots
from preau.core import clock
from preau.core.errors import Refusal
from preau.desk.forms.callers import CallerForm
from preau.desk.papers import confirmation_data
from preau.desk.views.planning import load_place
from preau.documents import rendering
from preau.places.models import Place

#: What the planning may fill in beforehand.
FILLED_IN = ("space", "day", "start", "end")


def load_booking(*, reference: str) -> Booking:
    booking = queries.by_reference(reference)
    if booking is None:
        raise Http404
    return booking


@permission("desk.book_for", load=load_place)
def book_for(request: HttpRequest, place: Place) -> HttpResponse:
    """One page, filled in while the person speaks; the refusal says what is free near."""
    asked = {name: request.GET[name] for name in FILLED_IN if name in request.GET}
    form = CallerForm(request.POST or None, place=place, initial=asked)
    others = []
    if request.method == "POST" and form.is_valid():
        data, period = form.cleaned_data, form.period
        try:
            if period.end <= clock.now():
                raise Refusal("Ce créneau est passé. Choisissez une date à venir.", field="day")
            booking = book_for_caller(
                data["space"],
                period,
                form.details,
                form.caller,
                actor=actor_of(request),
                organization=data["known"],
                quantity=data.get("quantity") or 1,
            )
        except SlotTaken as refusal:
            form.add_error("day", refusal.sentence)
            others = other_slots(data["space"], period)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _done(booking))
            return redirect("desk:confirmation", booking.reference)
    context = {"place": place, "form": form, "others": others}
    return render(request, "desk/book_for.html", context)


def _done(booking: Booking) -> str:
    reference = f"référence {booking.reference}."
    if booking.state == BookingState.CONFIRMED:
        return f"C’est réservé : {reference}"
    if booking.state == BookingState.TO_COMPLETE:
        return f"La demande est acceptée ; il reste à la compléter : {reference}"
    return f"La demande est enregistrée et attend un accord : {reference}"


@permission("desk.confirmation", load=load_booking)
def confirmation(request: HttpRequest, booking: Booking) -> HttpResponse:
    """What is read out, printed or posted."""
    context = {
        "booking": booking,
        "place": booking.place,
        "paper": confirmation_data(booking),
    }
    return render(request, "desk/confirmation.html", context)


@permission("desk.confirmation", load=load_booking)
def confirmation_pdf(request: HttpRequest, booking: Booking) -> HttpResponse:
    content = rendering.render(
        "desk/confirmation.typ", confirmation_data(booking), at=clock.now(), trial=False
    )
    response = HttpResponse(content, content_type="application/pdf")
    name = f"confirmation-{booking.reference}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
