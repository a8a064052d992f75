"""The outside calendars that a place follows."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.calendars import queries
from preau.calendars.actions import following
from preau.calendars.enums import EventState, Problem
from preau.calendars.forms import FollowForm, StopForm
from preau.calendars.models import OutsideCalendar
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.places.models import Place


def load_place(place_id: int) -> Place:
    return get_object_or_404(Place.objects.select_related("owner", "commune"), pk=place_id)


def load_calendar(calendar_key: uuid.UUID) -> OutsideCalendar:
    found = OutsideCalendar.objects.select_related("place__owner", "space__place")
    return get_object_or_404(found, key=calendar_key)


@permission("calendars.see", load=load_place)
def of_place(request: HttpRequest, place: Place) -> HttpResponse:
    context = {"place": place, "calendars": queries.of_place(place)}
    return render(request, "calendars/of_place.html", context)


@permission("calendars.follow", load=load_place)
def follow(request: HttpRequest, place: Place) -> HttpResponse:
    form = FollowForm(sent(request), place=place)
    if form.is_valid():
        given = form.cleaned_data

        def act() -> str:
            made = following.follow(
                given["space"], given["name"], given["address"], actor=actor_of(request)
            )
            messages.success(request, "L’agenda est suivi. Sa première lecture est en cours.")
            return reverse("calendars:show", args=[made.key])

        try:
            return once(request, act)
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "calendars/follow.html", {"place": place, "form": form})


@permission("calendars.see", load=load_calendar)
def show(request: HttpRequest, calendar: OutsideCalendar) -> HttpResponse:
    coming = calendar.events.filter(period__endswith__gt=clock.now())
    context = {
        "calendar": calendar,
        "place": calendar.place,
        "placed": coming.filter(state=EventState.PLACED).count(),
        "clashes": queries.clashes(calendar),
        "is_emptied": calendar.problem == Problem.EMPTIED,
    }
    return render(request, "calendars/show.html", context)


@permission("calendars.follow", load=load_calendar)
@require_POST
def read_now(request: HttpRequest, calendar: OutsideCalendar) -> HttpResponse:
    if calendar.stopped_at is None:
        following.ask_reading(calendar, accept_loss="accepter" in request.POST)
        messages.success(
            request, "La lecture est demandée. Rechargez cette page dans quelques instants."
        )
    return redirect("calendars:show", calendar.key)


@permission("calendars.follow", load=load_calendar)
def stop(request: HttpRequest, calendar: OutsideCalendar) -> HttpResponse:
    if calendar.stopped_at is not None:
        raise Http404
    form = StopForm(sent(request))
    if form.is_valid():
        free = form.cleaned_data["fate"] == "liberer"
        following.stop(calendar, free=free, actor=actor_of(request))
        messages.success(request, f"L’agenda « {calendar.name} » n’est plus suivi.")
        return redirect("calendars:of_place", calendar.place_id)
    context = {"calendar": calendar, "place": calendar.place, "form": form}
    return render(request, "calendars/stop.html", context)
