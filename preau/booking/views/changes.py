"""A change asked of an accepted booking: asked, withdrawn, answered."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.booking import changing, queries, standing, visitors
from preau.booking.actions import changes, prices
from preau.booking.actions.changes import Wanted
from preau.booking.actions.steps import standing_dates
from preau.booking.enums import ACCEPTED
from preau.booking.forms.answers import ReasonForm
from preau.booking.forms.changes import ChangeForm
from preau.booking.forms.occupant import SlotForm, slot_typed
from preau.booking.models import Booking, BookingDate, ChangeRequest
from preau.booking.views.answers import load_booking
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period


def load_change(change_id: int) -> ChangeRequest:
    rows = ChangeRequest.objects.select_related("date__occupancy")
    change = rows.filter(pk=change_id).first()
    booking = queries.with_facts().filter(pk=change.booking_id).first() if change else None
    if change is None or booking is None:
        raise Http404
    change.booking = booking
    return change


@permission("booking.ask_change_mine", load=load_booking)
def ask(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Which date, then what else. A dearer price is shown before anything is sent."""
    if booking.state not in ACCEPTED:
        messages.error(request, "Cette réservation ne peut plus être changée.")
        return redirect("booking:page", booking.reference)
    coming = [one for one in standing_dates(booking) if one.period.start > clock.now()]
    values = request.POST if request.method == "POST" else request.GET
    date = _chosen(coming, values.get("date", ""))
    if date is None:
        context = {"booking": booking, "coming": coming, "zone": booking.place.time_zone}
        return render(request, "booking/changes/dates.html", context)
    initial = slot_typed(date.period, booking.place, date.occupancy.quantity)
    slot_form = SlotForm(visitors.posted(request) or initial, space=date.occupancy.space)
    form = ChangeForm(visitors.posted(request), booking=booking)
    context = {
        "booking": booking,
        "date": date,
        "form": form,
        "slot_form": slot_form,
        "zone": booking.place.time_zone,
    }
    period = slot_form.period
    if request.method == "POST" and form.is_valid() and period:
        more = _dearer(request, booking, date, period, form)
        if more:
            context["more"] = more
        elif _send(request, booking, date, period, form, slot_form, context):
            return redirect("booking:page", booking.reference)
    return render(request, "booking/changes/ask.html", context)


def _chosen(coming: list[BookingDate], asked: str) -> BookingDate | None:
    if len(coming) == 1:
        return coming[0]
    return next((one for one in coming if str(one.pk) == asked), None)


def _dearer(
    request: HttpRequest, booking: Booking, date: BookingDate, period: Period, form: ChangeForm
) -> int:
    """By how much the price would rise, if the occupant has not been shown it yet."""
    attendance = form.cleaned_data["attendance"]
    cents = prices.difference_of(booking, date, period, attendance)
    return cents if cents > 0 and request.POST.get("agreed") != str(cents) else 0


def _send(
    request: HttpRequest,
    booking: Booking,
    date: BookingDate,
    period: Period,
    form: ChangeForm,
    slot_form: SlotForm,
    context: dict[str, object],
) -> bool:
    data = form.cleaned_data
    wanted = Wanted(data["reason"], period, data["attendance"])
    try:
        changes.ask(booking, date.pk, wanted, actor=actor_of(request))
    except Refusal as refusal:
        (form if refusal.field in form.fields else slot_form).refuse(refusal)
        if refusal.code == "slot_taken":
            context["verdict"] = standing.refused(refusal, date.occupancy.space, period)
        return False
    messages.success(
        request, "Votre demande de changement est envoyée. Le nouveau créneau est gardé pour vous."
    )
    return True


@permission("booking.ask_change_mine", load=load_change)
def withdraw(request: HttpRequest, change: ChangeRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            changes.withdraw(change, actor=actor_of(request))
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(
                request,
                "La demande de changement est retirée. La réservation reste comme elle est.",
            )
    return redirect("booking:page", change.booking.reference)


@permission("booking.decide", load=load_change)
def accept(request: HttpRequest, change: ChangeRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            changes.accept(change, actor=actor_of(request))
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, "Le changement est fait. L’occupant est prévenu.")
    return redirect("booking:page", change.booking.reference)


@permission("booking.decide", load=load_change)
def refuse(request: HttpRequest, change: ChangeRequest) -> HttpResponse:
    booking = change.booking
    form = ReasonForm(visitors.posted(request), label="Pourquoi refusez-vous ce changement ?")
    if form.is_bound and form.is_valid():
        try:
            changes.refuse(change, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(
                request, "Le changement est refusé : la réservation reste comme elle était."
            )
        return redirect("booking:page", booking.reference)
    context = {
        "booking": booking,
        "form": form,
        "lines": changing.lines(change),
        "change": change,
        "zone": booking.place.time_zone,
    }
    return render(request, "booking/answers/refuse_change.html", context)
