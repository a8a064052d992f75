"""Which spaces could open more and for whom; opening hours, or offering them, in one click."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.availability.wording import rule_in_words
from preau.capacity.actions.opening import following, hours_of, open_window
from preau.capacity.forms import coming_year
from preau.capacity.perms import can_read_territories
from preau.capacity.queries import scopes
from preau.capacity.queries.figures import live
from preau.capacity.queries.needs import needs
from preau.capacity.queries.offers import SHOWN, Offer, offers
from preau.capacity.queries.scopes import MOST_LIVE, Scope
from preau.capacity.views.overview import load_place
from preau.capacity.windows import BY_KEY, Window
from preau.core import formats
from preau.core.errors import Refusal
from preau.initiatives.actions.listings import draft_offer
from preau.places.models import Place, Space


@permission("capacity.read")
@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Of a territory, or of an organisation's places."""
    actor = actor_of(request)
    if not can_read_territories(actor):
        return render(request, "capacity/nobody.html")
    try:
        scope = scopes.scope_of(request.GET.get("ou", ""))
    except Refusal:
        scope = scopes.home_of(actor.organization)
    back = f"{reverse('capacity:overview')}?{urlencode({'ou': scope.key})}"
    context: dict[str, Any] = {"scope": scope, "back_url": back, "back_name": "Capacité des lieux"}
    if scope.exceeds(MOST_LIVE):
        context["too_large"] = True
        return render(request, "capacity/more.html", context)
    return _show(request, scope, context)


@permission("capacity.read_place", load=load_place)
@require_safe
def place_more(request: HttpRequest, one: Place) -> HttpResponse:
    back = reverse("capacity:place", args=[one.pk])
    context = {"back_url": back, "back_name": f"Capacité : {one.name}", "scope": None}
    scope = scopes.of_place(one)
    return _show(request, scope, context | {"scope": scope})


def _show(request: HttpRequest, scope: Scope, context: dict[str, Any]) -> HttpResponse:
    actor = actor_of(request)
    reading = live(scope, *coming_year())
    every = offers(reading.measured, needs(scope.departements()))
    lines = [_line(one, actor) for one in every[:SHOWN]]
    return render(
        request,
        "capacity/more.html",
        context
        | {
            "reading": reading,
            "wanted": [one for one in lines if one["offer"].hours],
            "shut": [one for one in lines if not one["offer"].hours],
            "rest": max(len(every) - SHOWN, 0),
        },
    )


def _line(offer: Offer, actor: Actor) -> dict[str, Any]:
    place = offer.space.place
    return {
        "offer": offer,
        # Names only to those whom these associations have asked.
        "names": offer.names if allowed(actor, "capacity.read_place", place) else [],
        "can_open": offer.is_shut and allowed(actor, "availability.edit_opening", place),
        "can_offer": not offer.is_shut and allowed(actor, "availability.edit_opening", place),
        "owner": place.owner_id != actor.organization_id,
    }


def load_space(*, opened_space: int) -> Space:
    spaces = Space.objects.select_related("place__owner", "place__commune")
    return get_object_or_404(spaces, pk=opened_space)


@permission("availability.edit_opening", load=load_space)
def open_hours(request: HttpRequest, space: Space) -> HttpResponse:
    """What will change, then the change itself."""
    window = _window(request)
    if window is None:
        return _choose(request, space)
    calendar = hours_of(space)
    context = {
        "space": space,
        "window": window,
        "calendar": calendar,
        "rule": rule_in_words(window.rule()),
        "others": [one for one in following(space) if one.pk != space.pk],
    }
    if request.method != "POST":
        return render(request, "capacity/open.html", context)
    seen = request.POST.get("version", "")
    try:
        saved = open_window(
            space,
            window,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None,
            actor=actor_of(request),
        )
    except Refusal as refusal:
        return render(request, "capacity/open.html", context | {"refusal": refusal.sentence})
    messages.success(request, f"{space.name} : cet espace est ouvert {window.label}.")
    return redirect("availability:saved", saved.pk)


def _window(request: HttpRequest) -> Window | None:
    return BY_KEY.get(request.POST.get("fenetre") or request.GET.get("fenetre", ""))


def _choose(request: HttpRequest, space: Space) -> HttpResponse:
    """An address cut short: back to the list where the hours are chosen."""
    messages.info(request, "Choisissez d’abord les heures, dans cette liste.")
    return redirect("capacity:place_more", space.place_id)


@permission("availability.edit_opening", load=load_space)
def offer_hours(request: HttpRequest, space: Space) -> HttpResponse:
    """A draft listing from free hours; its people complete it and publish it."""
    window = _window(request)
    if window is None:
        return _choose(request, space)
    if request.method != "POST":
        return render(request, "capacity/offer.html", {"space": space, "window": window})
    try:
        listing = draft_offer(
            space.place.owner,
            title=f"{space.name} : libre {window.label}",
            text=_text(space, window),
            space=space,
            area_key=f"commune:{space.place.commune_id}",
            actor=actor_of(request),
        )
    except Refusal as refusal:
        context = {"space": space, "window": window, "refusal": refusal.sentence}
        return render(request, "capacity/offer.html", context)
    messages.success(request, "Le brouillon de l’annonce est prêt : relisez-le, puis publiez-le.")
    return redirect("initiatives:listing_manage", listing.key)


def _text(space: Space, window: Window) -> str:
    surface = f", {formats.number(space.surface)}{formats.NBSP}m²" if space.surface else ""
    return (
        f"{space.name} ({space.place.name}, {space.place.commune.name}) accueille jusqu’à "
        f"{formats.count(space.capacity, 'personne')}{surface}. Cet espace est ouvert "
        f"{window.label}, et souvent libre : de {window.start_hour}{formats.NBSP}h à "
        f"{window.end_hour}{formats.NBSP}h. Il se réserve en ligne."
    )
