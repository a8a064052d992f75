"""Closing spaces: what stands is listed first, each use kept, moved or cancelled."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.availability.models import Occupancy
from preau.booking.forms.answers import SlotForm
from preau.core import formats
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.desk.actions.closing import Undecided, close_with
from preau.desk.actions.planning import Closed, standing
from preau.desk.forms.closing import DecisionForm
from preau.desk.forms.planning import ClosureForm
from preau.desk.queries import planning as planning_queries
from preau.desk.views.planning import load_place, to_week
from preau.places.models import Place, Space


@dataclass
class Item:
    """One use that stands, in words, with its form."""

    form: DecisionForm
    who: str
    state: str
    is_new: bool


@permission("desk.plan", load=load_place)
def close_spaces(request: HttpRequest, place: Place) -> HttpResponse:
    everything = [space.pk for space in place.spaces.all() if space.root_id is None]
    form = ClosureForm(request.POST or None, place=place, initial={"spaces": everything})
    items: list[Item] = []
    if request.method == "POST" and form.is_valid():
        spaces, period = list(form.cleaned_data["spaces"]), form.cleaned_data["period"]
        label = form.cleaned_data["label"]
        seen = {int(pk) for pk in request.POST.getlist("vu") if pk.isdecimal()}
        items = _items(request, place, standing(spaces, period), seen)
        answers = [not item.is_new and item.form.is_valid() for item in items]
        if all(answers):
            try:
                closed = close_with(
                    spaces,
                    period,
                    label,
                    [item.form.decision(label) for item in items],
                    actor=actor_of(request),
                )
            except Refusal as refusal:
                items = _after_refusal(request, place, spaces, period, items, refusal, form)
            else:
                return _done(request, place, period, closed)
    context = {
        "place": place,
        "form": form,
        "items": items,
        "is_relisted": any(item.is_new for item in items) and "vu" in request.POST,
    }
    page = "decide" if items else "close"
    return render(request, f"desk/planning/{page}.html", context)


def _items(
    request: HttpRequest, place: Place, found: list[Occupancy], seen: set[int]
) -> list[Item]:
    bookings = planning_queries.bookings_of(found)
    items = []
    for one in found:
        booking = bookings.get(one.pk)
        form = DecisionForm(
            request.POST if one.pk in seen else None,
            place=place,
            occupancy=one,
            booking=booking,
            prefix=f"o{one.pk}",
            initial=SlotForm.typed(one.span, place) | {"verb": "garder"},
        )
        words = planning_queries.who(one), planning_queries.state_in_words(one, booking)
        items.append(Item(form, *words, is_new=one.pk not in seen))
    return items


def _after_refusal(
    request: HttpRequest,
    place: Place,
    spaces: list[Space],
    period: Period,
    items: list[Item],
    refusal: Refusal,
    form: ClosureForm,
) -> list[Item]:
    """Show the refusal where it belongs; when the planning has moved, list again."""
    if isinstance(refusal, Undecided):
        concerned = next(i.form for i in items if i.form.occupancy.pk == refusal.occupancy_id)
        concerned.refuse(refusal)
        return items
    if refusal.code == "bookings_stand":
        seen = {item.form.occupancy.pk for item in items}
        return _items(request, place, standing(spaces, period), seen)
    form.refuse(refusal)
    return items


def _done(request: HttpRequest, place: Place, period: Period, closed: Closed) -> HttpResponse:
    kept = formats.count(len(closed.kept), "usage gardé", "usages gardés") if closed.kept else ""
    messages.success(request, f"C’est fermé{f', {kept}' if kept else ''}.")
    return to_week(place, period)
