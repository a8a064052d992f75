"""What the pages of other rooms show of doors and codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from preau.access import queries
from preau.access.actions.reading import read
from preau.access.enums import LIVE, GrantState
from preau.access.models import SHOWN_BEFORE, AccessGrant, Door
from preau.accounts.actors import ANONYMOUS, Actor, actor_of
from preau.accounts.perms import allowed
from preau.core import clock
from preau.core.cards import Card, Panel
from preau.core.formats import slot
from preau.places.models import Place


def has_codes(request: HttpRequest) -> bool:
    """Whether « Mes codes d’accès » has a meaning for this person."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor.user is not None and queries.mine(actor).exists()


def next_door(request: HttpRequest) -> Card | None:
    """How to come in, on the home page, once the digits may be read."""
    rows = queries.mine(actor_of(request)).filter(starts_at__lte=clock.now() + SHOWN_BEFORE)
    grant = rows.first()
    if grant is None:
        return None
    place = grant.door.place
    when = "" if grant.is_standing else f", {slot(grant.starts_at, grant.ends_at, place.zone)}"
    text = f"{place.name}{when}. Le code, ou l’autre façon d’entrer, est sur la page."
    return Card("Entrer dans le lieu", reverse("access:mine"), text)


def doors_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """The doors of a place and how they are, on its manager's page."""
    if not allowed(actor_of(request), "access.doors", place):
        return None
    doors = list(queries.doors_of(place))
    context = {
        "doors": doors,
        "url": reverse("access:doors", args=[place.pk]),
        "troubled": troubled(doors),
    }
    return Panel("Portes et codes d’accès", "access/place_panel.html", context, not doors)


def troubled(doors: Iterable[Door]) -> int:
    """How many codes of these doors need somebody."""
    wrong = Q(state=GrantState.FALLBACK) | ~Q(trouble="")
    rows = AccessGrant.objects.filter(wrong, door__in=list(doors), ends_at__gt=clock.now())
    return rows.count()


def panel_of(request: HttpRequest, occupancy_ids: Any) -> Panel | None:
    """Codes of occupancies, for the page of what they are: booking, residency.

    Whoever holds them reads the digits; whoever runs the place sees how each stands.

    Args:
        occupancy_ids: numbers, or the query that finds them.
    """
    rows = queries.with_facts().filter(
        occupancy__in=occupancy_ids, state__in=[*LIVE, GrantState.LINGERING]
    )
    grants = list(rows.filter(ends_at__gt=clock.now()).order_by("starts_at", "door__name")[:6])
    if not grants:
        return None
    actor = actor_of(request)
    mine = [one for one in grants if allowed(actor, "access.read", one)]
    if mine:
        live = [one for one in mine if one.state in LIVE]
        context = {"shown": read(live), "many": len({one.starts_at for one in live}) > 1}
        return Panel("Entrer", "access/holder_panel.html", context) if live else None
    seen = [one for one in grants if allowed(actor, "access.doors", one)]
    return Panel("Portes", "access/manager_panel.html", {"grants": seen}) if seen else None
