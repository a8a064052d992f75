"""The doors of a place: what they are, how they are, who has a code when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from preau.access import drivers, queries, showing
from preau.access.actions import doors as actions
from preau.access.drivers import TRAITS, in_words
from preau.access.enums import LIVE, DriverKind
from preau.access.forms import DoorForm
from preau.access.models import AccessGrant, Door, LockAccount
from preau.access.views.loading import Wish, load_door, load_door_wish, load_place
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.places.models import Place

#: Codes over that the page of a door still tells.
PAST = 20


@permission("access.doors", load=load_place)
def door_list(request: HttpRequest, place: Place) -> HttpResponse:
    """The doors, the codes of caretakers, the accounts."""
    keepers = queries.with_facts().filter(door__place=place, occupancy=None, state__in=LIVE)
    context = {
        "place": place,
        "doors": queries.doors_of(place),
        "keepers": keepers.order_by("holder_user__email", "door__name")[:100],
        "accounts": LockAccount.objects.filter(organization=place.owner_id),
        "zone": place.time_zone,
    }
    return render(request, "access/doors.html", context)


@permission("access.edit", load=load_place)
def choose(request: HttpRequest, place: Place) -> HttpResponse:
    """Which kind of lock: each with what it can do, in words."""
    kinds = [
        {"key": kind.value, "label": kind.label, "words": in_words(Door(driver=kind))}
        for kind in TRAITS
        if drivers.is_open(kind)
    ]
    return render(request, "access/door_choose.html", {"place": place, "kinds": kinds})


@permission("access.edit", load=load_door_wish)
def add(request: HttpRequest, wish: Wish) -> HttpResponse:
    """The form of a door; where its service needs an account, that first."""
    place, service = wish.place, TRAITS[wish.kind].service
    if (
        service
        and not LockAccount.objects.filter(organization=place.owner_id, driver=service).exists()
    ):
        return redirect("access:account_add", place.pk, service)
    form = DoorForm(sent(request), place=place, kind=wish.kind)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _added(request, wish, form))
        except Refusal as refusal:
            form.refuse(refusal)
    return _form(request, place, form, wish.kind, None)


def _added(request: HttpRequest, wish: Wish, form: DoorForm) -> str:
    door = actions.add_door(
        actor=actor_of(request), place=wish.place, kind=wish.kind, typed=form.typed
    )
    messages.success(request, f"« {door} » est ajoutée.")
    return reverse("access:door", args=[door.pk])


def _form(
    request: HttpRequest, place: Place, form: DoorForm, kind: DriverKind, door: Door | None
) -> HttpResponse:
    context = {"place": place, "form": form, "kind": kind, "door": door}
    context["words"] = in_words(Door(driver=kind))
    return render(request, "access/door_form.html", context)


@permission("access.doors", load=load_door)
def door(request: HttpRequest, door: Door) -> HttpResponse:
    """One door: how it is, what it can do, its codes without their digits."""
    context: dict[str, Any] = {
        "door": door,
        "place": door.place,
        "zone": door.place.time_zone,
        "spaces": list(door.spaces.order_by("name")),
        "words": in_words(door),
        "grants": _with_removals(door),
        "past": queries.past_of_door(door)[:PAST],
        "more": _more(door),
    }
    return render(request, "access/door.html", context)


def _with_removals(door: Door) -> list[AccessGrant]:
    """Its codes; those being taken back, with until when nothing may still arrive on the lock."""
    found = list(queries.of_door(door)[: queries.PAGE])
    for grant in found:
        grant.removal = showing.checked_until(grant)  # type: ignore[attr-defined]
    return found


def _more(door: Door) -> int:
    """How many codes the page does not list."""
    return max(0, queries.of_door(door).count() - queries.PAGE)


@permission("access.edit", load=load_door)
def edit(request: HttpRequest, door: Door) -> HttpResponse:
    if door.retired_at is not None:
        return redirect("access:door", door.pk)
    kind = DriverKind(door.driver)
    form = DoorForm(sent(request), instance=door, place=door.place, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_door(actor=actor_of(request), door=door, typed=form.typed)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("access:door", door.pk)
    return _form(request, door.place, form, kind, door)


@permission("access.doors", load=load_door)
@require_POST
def test(request: HttpRequest, door: Door) -> HttpResponseRedirect:
    """« Essayer »: how is the lock, now."""
    health = actions.look(door)
    if health.answers and not health.trouble:
        messages.success(request, "La serrure répond.")
    elif not health.trouble:  # else the page itself tells it
        messages.error(request, "La serrure ne répond pas.")
    return redirect("access:door", door.pk)


@permission("access.edit", load=load_door)
def retire(request: HttpRequest, door: Door) -> HttpResponse:
    """Ask on GET, retire on POST."""
    live = AccessGrant.objects.filter(door=door, state__in=LIVE).count()
    if request.method == "POST":
        actions.retire_door(actor=actor_of(request), door=door)
        messages.success(request, f"« {door} » est retirée ; ses codes sont repris.")
        return redirect("access:doors", door.place_id)
    context = {"door": door, "place": door.place, "live": live}
    return render(request, "access/door_retire.html", context)
