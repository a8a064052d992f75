"""Where projects and places meet: bookings made for a project, projects that live in a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed
from preau.booking.enums import UNSENT
from preau.booking.models import Booking
from preau.core.cards import Panel
from preau.core.causes import PARAMETER
from preau.places.models import Place
from preau.projects.causes import cause_of, key_in
from preau.projects.models import Project
from preau.projects.standing import visible_to

#: Lines of a panel; the rest is counted.
MOST = 12


def bookings_for(project: Project) -> QuerySet[Booking]:
    """What was asked for the project, the latest date first."""
    sent = Booking.objects.filter(cause=cause_of(project)).exclude(state__in=UNSENT)
    return sent.select_related("place__commune", "space", "occupancy").order_by("-starts_at")


@dataclass(frozen=True, slots=True)
class Guest:
    """A project that lives in a place. `href` is "" for who may not read it."""

    name: str
    href: str
    bookings: int


def projects_at(place: Place, reader: Actor) -> list[Guest]:
    """Projects for which the place was booked, the latest first."""
    found = (
        Booking.objects.filter(place=place)
        .exclude(cause="")
        .exclude(state__in=UNSENT)
        .values("cause")
        .annotate(number=Count("pk"), last=Max("starts_at"))
        .order_by("-last")[:MOST]
    )
    numbers = {key: one["number"] for one in found if (key := key_in(one["cause"]))}
    projects = {one.key: one for one in Project.objects.filter(key__in=numbers)}
    readable = set(visible_to(reader).filter(key__in=projects).values_list("key", flat=True))
    return [
        Guest(
            projects[key].name,
            reverse("projects:sheet", args=[key]) if key in readable else "",
            number,
        )
        for key, number in numbers.items()
        if key in projects
    ]


# --- Panels


def of_project(request: HttpRequest, project: Project) -> Panel | None:
    """The project's bookings, and the way to a place."""
    actor = actor_of(request)
    found = list(bookings_for(project)[: MOST + 1])
    may_book = allowed(actor, "project.answer", project) and project.is_live
    if not found and not may_book:
        return None
    lines = [(one, allowed(actor, "booking.view", one)) for one in found[:MOST]]
    context: dict[str, Any] = {"lines": lines, "more": len(found) > MOST, "may_book": may_book}
    if may_book:
        where = {PARAMETER: str(project.key), "ou": _where(project)}
        context["search_url"] = f"{reverse('find:search')}?{urlencode(where)}"
    return Panel("Lieux et réservations", "portfolio/living_project.html", context, not found)


def _where(project: Project) -> str:
    commune = project.lead_commune
    return f"{commune.name} ({commune.main_postcode})" if commune else ""


def of_booking(request: HttpRequest, booking: Booking) -> Panel | None:
    """For which project it was booked."""
    key = key_in(booking.cause)
    project = Project.objects.filter(key=key).first() if key else None
    if project is None:
        return None
    readable = allowed(actor_of(request), "project.read", project)
    context = {"project": project, "readable": readable}
    return Panel("Pour un projet", "portfolio/living_booking.html", context)


def of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The projects that live there, for who manages it."""
    guests = projects_at(place, actor_of(request))
    if not guests:
        return None
    return Panel("Projets accueillis", "portfolio/living_place.html", {"guests": guests})
