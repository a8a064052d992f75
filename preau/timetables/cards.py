"""What this room adds to the pages of others."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.models import User
from preau.accounts.perms import allowed
from preau.core.cards import Card, Panel
from preau.core.formats import count
from preau.places.models import Place
from preau.places.queries import managed_places
from preau.timetables.enums import LIVE, HostingState
from preau.timetables.models import Hosting, Mediator, Residency, ServiceNeed
from preau.timetables.seasons import when_words


def to_answer(request: HttpRequest) -> Card | None:
    """Permanences that others ask to hold in the places one runs."""
    actor = actor_of(request)
    if actor.user is None:
        return None
    rows = Hosting.objects.filter(
        state=HostingState.ASKED,
        timetable__state__in=LIVE,
        place__in=managed_places(actor).order_by().values("pk"),
    ).select_related("place", "timetable")
    waiting = [
        one for one in rows.order_by("asked_at")[:20] if allowed(actor, "hosting.answer", one)
    ]
    if not waiting:
        return None
    return Card(
        f"{count(len(waiting), 'demande')} de permanences",
        reverse("timetables:hosting", args=[waiting[0].pk]),
        f"{waiting[0].timetable.organization} attend votre réponse pour {waiting[0].place}.",
        ("waiting", "À répondre"),
    )


def _lines(place_id: int) -> list[tuple[Residency, str]]:
    rows = Residency.objects.filter(
        hosting__place=place_id,
        hosting__state=HostingState.ACCEPTED,
        hosting__timetable__state__in=LIVE,
    ).select_related("need", "space", "hosting__timetable")
    return [
        (one, when_words(one.hosting.timetable, one.day, one.start, one.end)) for one in rows[:60]
    ]


def of_managed_place(request: HttpRequest, place: Place) -> Panel | None:
    """What is held there, what is asked, for those who run the place."""
    if not allowed(actor_of(request), "hosting.read", place):
        return None
    hostings = list(
        Hosting.objects.filter(place=place, timetable__state__in=LIVE)
        .exclude(state=HostingState.REFUSED)
        .select_related("timetable__organization")
    )
    if not hostings:
        return None
    context = {
        "lines": _lines(place.pk),
        "waiting": [one for one in hostings if one.state == HostingState.ASKED],
        "accepted": [one for one in hostings if one.state == HostingState.ACCEPTED],
    }
    return Panel("Permanences", "timetables/_panel.html", context)


def of_public_place(request: HttpRequest, place: Place) -> Panel | None:
    """What is held there, for everybody."""
    lines = _lines(place.pk)
    if not lines:
        return None
    context = {"lines": lines, "waiting": (), "accepted": ()}
    return Panel("Permanences", "timetables/_panel.html", context)


def personal_data(user: User) -> dict[str, Any]:
    """As a mediator, or as who signs for a service."""
    mediators = Mediator.objects.filter(Q(user=user) | Q(email__iexact=user.email))
    signs = ServiceNeed.objects.filter(signatory_email__iexact=user.email)
    return {
        "Permanences que vous tenez": [
            f"{one.name}, {one.timetable}" for one in mediators.select_related("timetable")
        ],
        "Conventions de permanences que vous signez": [
            f"{one.signatory_name}, {one.signatory_capacity} : {one}" for one in signs
        ],
    }
