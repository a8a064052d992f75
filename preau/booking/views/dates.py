"""The dates of a series once asked for: given back, moved, added, at other hours."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.booking import queries, series_queries
from preau.booking.actions import dates as date_actions
from preau.booking.actions import series
from preau.booking.enums import DateState, Side
from preau.booking.forms.series import (
    EVERY,
    FOLLOWING,
    THIS,
    AddDatesForm,
    CancelDatesForm,
    HoursForm,
    HoursReasonForm,
    MoveDateForm,
    UntilForm,
)
from preau.booking.models import Booking, BookingDate
from preau.booking.visitors import posted
from preau.core import clock
from preau.core.errors import Refusal


def load_date(date_id: int) -> BookingDate:
    found = series_queries.date_of(date_id)
    if found is None or queries.by_reference(found.booking.reference) is None:
        raise Http404
    return found


def load_series(reference: str) -> Booking:
    booking = queries.by_reference(reference)
    if booking is None or not booking.is_series:
        raise Http404
    return booking


# --- Given back


@permission("booking.cancel_mine", load=load_date)
def cancel(request: HttpRequest, date: BookingDate) -> HttpResponse:
    return _cancel(request, date, by_manager=False)


@permission("booking.cancel_as_manager", load=load_date)
def cancel_as_manager(request: HttpRequest, date: BookingDate) -> HttpResponse:
    return _cancel(request, date, by_manager=True)


def _cancel(request: HttpRequest, date: BookingDate, *, by_manager: bool) -> HttpResponse:
    """Ask on GET which dates, and say what will happen; give them back on POST."""
    booking, chosen = date.booking, _by_reach(date)
    counts = {reach: len(rows) for reach, rows in chosen.items()}
    form = CancelDatesForm(posted(request), date_=date, counts=counts, by_manager=by_manager)
    if form.is_bound and form.is_valid():
        ids = [one.pk for one in chosen[form.cleaned_data["portee"]]]
        side = Side.MANAGER if by_manager else Side.OCCUPANT
        try:
            date_actions.cancel_dates(
                booking, ids, form.cleaned_data["reason"], side=side, actor=actor_of(request)
            )
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "C’est annulé. L’autre partie est prévenue par courriel.")
        return redirect("booking:page", booking.reference)
    if not date.stands or date.period.end <= clock.now():
        messages.info(request, "Cette date est déjà annulée ou passée.")
        return redirect("booking:page", booking.reference)
    context = _context(date, form=form, by_manager=by_manager)
    return render(request, "booking/series/cancel.html", context)


def _by_reach(date: BookingDate) -> dict[str, list[BookingDate]]:
    now = clock.now()
    every = [
        one
        for one in series_queries.dates_of(date.booking)
        if one.state == DateState.PLANNED and one.period.end > now
    ]
    after = [one for one in every if one.period.start >= date.period.start]
    return {THIS: [date], FOLLOWING: after, EVERY: every}


# --- Moved


@permission("booking.reschedule", load=load_date)
def move(request: HttpRequest, date: BookingDate) -> HttpResponse:
    """One date at another time, or in another space."""
    booking = date.booking
    initial = MoveDateForm.typed(date.period, booking.place)
    form = MoveDateForm(posted(request), date_=date, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            date_actions.move_date(
                date,
                form.period,
                form.cleaned_data["reason"],
                actor=actor_of(request),
                space=form.chosen,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La date est déplacée. L’occupant est prévenu.")
            return redirect("booking:page", booking.reference)
    return render(request, "booking/series/move.html", _context(date, form=form))


@permission("booking.reschedule", load=load_date)
def hours(request: HttpRequest, date: BookingDate) -> HttpResponse:
    """Other hours from this date on: what would change on GET, done on POST."""
    booking = date.booking
    if not booking.is_series:
        raise Http404
    values = request.POST if request.method == "POST" else request.GET
    form = HoursForm(values) if "de" in values else HoursForm(initial=_hours_typed(date))
    moves, reason_form = [], None
    if form.is_bound and form.is_valid():
        moves = series.moved_hours(booking, date, *form.hours)
        reason_form = HoursReasonForm(
            posted(request), initial={name: form.data[name] for name in ("de", "a")}
        )
        if reason_form.is_bound and reason_form.is_valid():
            try:
                series.change_hours(
                    date,
                    *form.hours,
                    reason_form.cleaned_data["reason"],
                    actor=actor_of(request),
                )
            except Refusal as refusal:
                reason_form.refuse(refusal)
            else:
                messages.success(request, "Les horaires sont changés. L’occupant est prévenu.")
                return redirect("booking:page", booking.reference)
    clashes = {one.pk for one in series.in_the_way(moves)}
    context = _context(
        date,
        form=form,
        reason_form=reason_form,
        moves=[(one, period, one.pk in clashes) for one, period in moves],
        clashes=len(clashes),
    )
    return render(request, "booking/series/hours.html", context)


def _hours_typed(date: BookingDate) -> dict[str, str]:
    zone = date.booking.place.zone
    start, end = (at.astimezone(zone) for at in (date.period.start, date.period.end))
    return {"de": f"{start:%H:%M}", "a": f"{end:%H:%M}"}


# --- Added


@permission("booking.amend", load=load_series)
def add(request: HttpRequest, booking: Booking) -> HttpResponse:
    return _add(request, booking, by_manager=False)


@permission("booking.reschedule", load=load_series)
def add_as_manager(request: HttpRequest, booking: Booking) -> HttpResponse:
    return _add(request, booking, by_manager=True)


def _add(request: HttpRequest, booking: Booking, *, by_manager: bool) -> HttpResponse:
    """Skipped days put back, or the rhythm carried on: shown on GET, taken on POST."""
    values = request.POST if request.method == "POST" else request.GET
    until_form = UntilForm(values or None, booking=booking)
    found = series_queries.further_dates(booking, until_form.until)
    form = AddDatesForm(posted(request), dates=found)
    if form.is_bound and form.is_valid():
        try:
            series.add_dates(booking, form.periods, actor=actor_of(request), by_manager=by_manager)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Les dates sont ajoutées. L’autre partie est prévenue.")
            return redirect("booking:page", booking.reference)
    context = {
        "booking": booking,
        "zone": booking.place.time_zone,
        "form": form,
        "until_form": until_form,
        "not_free": [one for one in found if not one.is_free],
        "by_manager": by_manager,
        "url": reverse(request.resolver_match.view_name, args=[booking.reference])
        if request.resolver_match
        else "",
    }
    return render(request, "booking/series/add.html", context)


def _context(date: BookingDate, **more: object) -> dict[str, object]:
    booking = date.booking
    return {
        "booking": booking,
        "date": date,
        "zone": booking.place.time_zone,
        **more,
    }
