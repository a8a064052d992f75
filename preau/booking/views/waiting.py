"""Standing in line for a slot that is taken, and leaving the line."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.booking import waiting_queries
from preau.booking.actions import waiting
from preau.booking.forms.occupant import SlotForm, slot_data
from preau.booking.models import WaitingEntry
from preau.booking.rules import answer_hours
from preau.booking.views.occupant import public_space
from preau.core.errors import Refusal
from preau.places.models import Space


def load_entry(entry_id: int) -> WaitingEntry:
    found = waiting_queries.entry_of(entry_id)
    if found is None:
        raise Http404
    return found


@permission("booking.wait", load=public_space)
def join(request: HttpRequest, space: Space) -> HttpResponse:
    """Ask on GET (where signing in leads back to), stand in line on POST."""
    values = request.POST if request.method == "POST" else request.GET
    data = slot_data(values.dict(), space)
    form = SlotForm(data, space=space) if data else None
    period = form.period if form else None
    if form is None or period is None:
        return redirect("booking:start", space.pk)
    actor = actor_of(request)
    if request.method == "POST":
        try:
            waiting.join(space, period, actor=actor, quantity=form.quantity)
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
            if refusal.code == "already_waiting":
                return redirect(f"{reverse('booking:mine')}#attente")
            return redirect(_start(space, values.get("debut", ""), values.get("fin", "")))
        messages.success(
            request,
            "Vous êtes sur la liste d’attente : si ce créneau se libère, un courriel vous le "
            "propose.",
        )
        return redirect(f"{reverse('booking:mine')}#attente")
    context = {
        "space": space,
        "place": space.place,
        "zone": space.place.time_zone,
        "period": period,
        "quantity": form.quantity,
        "answer_hours": answer_hours(space),
        "waits": waiting_queries.is_waiting(actor, space, period),
    }
    return render(request, "booking/occupant/wait.html", context)


@permission("booking.leave_line", load=load_entry)
def leave(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    if request.method == "POST":
        waiting.leave(entry, actor=actor_of(request))
        messages.success(request, "Vous n’êtes plus sur la liste d’attente de ce créneau.")
    return redirect(f"{reverse('booking:mine')}#attente")


def _start(space: Space, start: str, end: str) -> str:
    """Where the slot can be taken, now that it is free."""
    asked = urlencode({"debut": start, "fin": end}) if start else ""
    return f"{reverse('booking:start', args=[space.pk])}?{asked}"
