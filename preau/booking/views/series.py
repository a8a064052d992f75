"""A rhythm asked for, from its rule to the dates held."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.booking import queries, visitors
from preau.booking.actions import holds
from preau.booking.actions.series import hold_series
from preau.booking.enums import BookingState
from preau.booking.forms.series import ChoicesForm, SeriesForm
from preau.booking.models import Booking
from preau.booking.series_queries import SeriesPlan, address_of, plan_series
from preau.booking.views.occupant import public_space
from preau.core.errors import Refusal
from preau.places.models import Space

#: What the address must say for the form to be read.
ASKED = ("premier", "jusquau", "de", "a")


@permission("booking.start", load=public_space)
def start(request: HttpRequest, space: Space) -> HttpResponse:
    """The rhythm, then its dates one by one, on GET; all of them held on POST."""
    values = request.POST if request.method == "POST" else request.GET
    form = SeriesForm(values, space=space) if _asked(values) else SeriesForm(space=space)
    pattern = form.pattern
    if pattern is None:
        return _page(request, space, form)
    plan = plan_series(space, pattern, quantity=form.quantity)
    if request.method != "POST":
        return _page(request, space, form, plan, ChoicesForm(plan=plan))
    if actor_of(request).is_anonymous and (limited := consume_or_429(request, action="hold_slot")):
        return limited  # type: ignore[no-any-return]
    choices = ChoicesForm(request.POST, plan=plan)
    if not choices.is_valid():
        return _page(request, space, form, plan, choices)
    return _hold(request, form, plan, choices)


def _asked(values: Any) -> bool:
    return any(name in values for name in ASKED)


def _hold(
    request: HttpRequest, form: SeriesForm, plan: SeriesPlan, choices: ChoicesForm
) -> HttpResponse:
    try:
        booking = hold_series(
            plan.space,
            choices.slots,
            plan.pattern,
            actor=actor_of(request),
            visitor_key=visitors.own_key(request),
            quantity=plan.quantity,
            skipped=choices.skipped,
        )
    except Refusal as refusal:
        if refusal.code == "too_many_holds":
            return redirect("booking:holds")
        fresh = plan_series(plan.space, plan.pattern, quantity=plan.quantity)
        again = ChoicesForm(request.POST, plan=fresh)
        again.is_valid()
        again.refuse(refusal)
        return _page(request, plan.space, form, fresh, again)
    return redirect("booking:details", booking.reference)


def _page(
    request: HttpRequest,
    space: Space,
    form: SeriesForm,
    plan: SeriesPlan | None = None,
    choices: ChoicesForm | None = None,
) -> HttpResponse:
    context = {
        "space": space,
        "place": space.place,
        "zone": space.place.time_zone,
        "form": form,
        "plan": plan,
        "choices": choices,
        "asked": list(form.data.items()) if plan else [],
        "hidden": [(name, form.data[name]) for name in form.fields if form.data.get(name)],
    }
    return render(request, "booking/series/start.html", context)


@permission("booking.continue")
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the dates back and begin again from the same rhythm."""
    booking = queries.started_by(visitors.keys(request), reference)
    if booking is None:
        raise Http404
    if not booking.is_series or request.method != "POST":
        return redirect("booking:details", reference)
    if booking.state == BookingState.HELD:
        holds.abandon(booking, actor=actor_of(request))
        messages.info(request, "Les dates ne sont plus retenues : choisissez-les de nouveau.")
    return redirect(series_url(booking))


def series_url(booking: Booking) -> str:
    """The page of the rhythm of a booking, its form filled in."""
    pattern = booking.series.pattern
    query = address_of(pattern)
    if booking.space.is_pool:
        query["postes"] = str(booking.occupancy.quantity)
    return f"{reverse('booking:series_start', args=[booking.space_id])}?{urlencode(query)}"
