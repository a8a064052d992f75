"""My places, one place, and its short forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import BaseForm, sent
from preau.core.registries import place_panels
from preau.outside import addresses
from preau.places import actions, queries
from preau.places.enums import Publication
from preau.places.forms.place import (
    AccessForm,
    AddressForm,
    ConfirmForm,
    IdentityForm,
    PlaceForm,
    PublishPlaceForm,
    SafetyForm,
)
from preau.places.locating import Location, locate
from preau.places.models import Place
from preau.places.views.loading import load_place

A = TypeVar("A", bound=AddressForm)
APPROXIMATE = (
    "Le lieu est montré au centre de la commune : donnez sa position exacte pour qu’on le trouve."
)


@permission("place.list")
def place_list(request: HttpRequest) -> HttpResponse:
    """My places, a page at a time, by name."""
    actor = actor_of(request)
    page = queries.page_of_places(
        actor,
        words=request.GET.get("q", ""),
        publication=request.GET.get("etat", ""),
        after=request.GET.get("apres", ""),
    )
    more = request.GET.copy()
    more["apres"] = page.next_key
    context = {
        "page": page,
        "states": Publication.choices,
        "next": f"?{more.urlencode()}" if page.next_key else "",
        "first": f"?{urlencode({'q': page.words, 'etat': page.publication})}" if page.after else "",
        "may_create": _may_create(request),
    }
    return render(request, "places/list.html", context)


def _may_create(request: HttpRequest) -> bool:
    actor = actor_of(request)
    return actor.organization is not None and allowed(actor, "place.create", actor.organization)


@permission("place.start")
def place_create(request: HttpRequest) -> HttpResponse:
    """A new place of the organisation the person acts for."""
    owner = actor_of(request).organization
    if owner is None or not _may_create(request):
        return render(request, "places/create_denied.html", {"owner": owner})
    form, location = _located(request, PlaceForm(sent(request)))
    if request.method == "POST" and location is None and form.is_valid():
        try:
            place = actions.create_place(actor=actor_of(request), owner=owner, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le lieu est créé, en brouillon. Ajoutez ses espaces.")
            if place.stands_at_centre:
                messages.info(request, APPROXIMATE)
            return redirect("places:detail", place.pk)
    context = {
        "form": form,
        "owner": owner,
        "location": location,
        "may_locate": addresses.is_configured(),
    }
    return render(request, "places/create.html", context)


def _located(request: HttpRequest, form: A) -> tuple[A, Location | None]:
    """The form to show: with its position, and blaming for nothing, when that is what was asked."""
    if request.method != "POST" or "locate" not in request.POST or not addresses.is_configured():
        return form, None
    location = locate(form, request.POST.dict())
    return type(form)(initial=location.data), location


@permission("place.manage", load=load_place)
def place_detail(request: HttpRequest, place: Place) -> HttpResponse:
    """Everything about a place, with what upper rooms add."""
    steps = queries.publication_steps(place)
    context = {
        "place": place,
        "spaces": queries.spaces_in_order(place),
        "steps": steps,
        "blocked": any(step.required and not step.done for step in steps),
        "photo": queries.album(place).first(),
        "photo_count": place.photos.filter(space=None).count(),
        "people_count": place.roles.count(),
        "panels": [panel for make in place_panels if (panel := make(request, place))],
    }
    return render(request, "places/detail.html", context)


def _section(
    request: HttpRequest,
    place: Place,
    form: BaseForm,
    *,
    title: str,
    save: Callable[[dict[str, Any]], object],
    template: str = "places/section.html",
    **more: Any,
) -> HttpResponse:
    """One short form of a place: show, save, come back to the place."""
    if request.method == "POST" and form.is_valid():  # type: ignore[attr-defined]
        try:
            save(form.cleaned_data)  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("places:detail", place.pk)
    return render(request, template, {"place": place, "form": form, "title": title} | more)


def _edit(request: HttpRequest, place: Place) -> Callable[[dict[str, Any]], object]:
    # A model form has already written on the instance it was given: compare with the row.
    return lambda data: actions.edit_place(
        actor=actor_of(request), place=load_place(place_id=place.pk), **data
    )


@permission("place.edit", load=load_place)
def edit_identity(request: HttpRequest, place: Place) -> HttpResponse:
    form = IdentityForm(sent(request), instance=place)
    return _section(request, place, form, title="Nom et présentation", save=_edit(request, place))


@permission("place.edit", load=load_place)
def edit_address(request: HttpRequest, place: Place) -> HttpResponse:
    usual = AddressForm(sent(request), initial=AddressForm.values_of(place))
    form, location = _located(request, usual)
    return _section(
        request,
        place,
        form,
        title="Adresse et position",
        save=_edit(request, place),
        template="places/address.html",
        location=location,
        may_locate=addresses.is_configured(),
    )


@permission("place.edit", load=load_place)
def edit_access(request: HttpRequest, place: Place) -> HttpResponse:
    form = AccessForm(sent(request), instance=place)
    return _section(
        request, place, form, title="Accès et accessibilité", save=_edit(request, place)
    )


@permission("place.edit", load=load_place)
def edit_safety(request: HttpRequest, place: Place) -> HttpResponse:
    form = SafetyForm(sent(request), instance=place)
    return _section(request, place, form, title="Sécurité et règles", save=_edit(request, place))


def _confirm(
    request: HttpRequest,
    place: Place,
    *,
    form: BaseForm,
    verb: str,
    act: Callable[[], object],
    done: str,
) -> HttpResponse:
    """A page that says what will happen, and does it on POST."""
    if request.method == "POST" and form.is_valid():  # type: ignore[attr-defined]
        try:
            act()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect("places:detail", place.pk)
    context = {
        "place": place,
        "form": form,
        "drafts": place.spaces.filter(publication=Publication.DRAFT).count(),
        "back": reverse("places:detail", args=[place.pk]),
    }
    return render(request, f"places/confirm_{verb}.html", context)


@permission("place.publish", load=load_place)
def place_publish(request: HttpRequest, place: Place) -> HttpResponse:
    form = PublishPlaceForm(sent(request))
    if not place.spaces.filter(publication=Publication.DRAFT).exists():
        del form.fields["with_spaces"]
    return _confirm(
        request,
        place,
        form=form,
        verb="publish",
        act=lambda: actions.publish_place(
            actor=actor_of(request),
            place=place,
            with_spaces=form.cleaned_data.get("with_spaces", False),
        ),
        done="Le lieu est publié : tout le monde peut le trouver.",
    )


@permission("place.publish", load=load_place)
def place_unpublish(request: HttpRequest, place: Place) -> HttpResponse:
    return _confirm(
        request,
        place,
        form=ConfirmForm(sent(request)),
        verb="unpublish",
        act=lambda: actions.unpublish_place(actor=actor_of(request), place=place),
        done="Le lieu n’est plus publié. Les réservations faites tiennent toujours.",
    )


@permission("place.archive", load=load_place)
def place_archive(request: HttpRequest, place: Place) -> HttpResponse:
    return _confirm(
        request,
        place,
        form=ConfirmForm(sent(request)),
        verb="archive",
        act=lambda: actions.archive_place(actor=actor_of(request), place=place),
        done="Le lieu est archivé. Son histoire est conservée.",
    )


@permission("place.edit", load=load_place)
def renew_feed(request: HttpRequest, place: Place) -> HttpResponse:
    return _confirm(
        request,
        place,
        form=ConfirmForm(sent(request)),
        verb="renew_feed",
        act=lambda: actions.renew_feed_secret(actor=actor_of(request), place=place),
        done="L’agenda du lieu a une nouvelle adresse ; l’ancienne ne montre plus rien.",
    )
