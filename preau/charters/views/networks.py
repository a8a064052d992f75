"""Networks: kept, joined, and used at the door."""

from __future__ import annotations

import uuid
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.charters import card_links, perms
from preau.charters.actions import networks as actions
from preau.charters.entitlement import rule_of, verdict
from preau.charters.enums import NetworkPlaceState
from preau.charters.forms.networks import (
    InviteMemberForm,
    InvitePlaceForm,
    NetworkForm,
    WelcomeForm,
)
from preau.charters.models import Network, NetworkPlace, PlaceMember
from preau.charters.pages import page_of
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.french import by_name
from preau.notifications import links
from preau.places.models import Place
from preau.places.queries import managed_places

ACTIVE = NetworkPlaceState.ACTIVE


def load_network(*, network_key: uuid.UUID) -> Network:
    return get_object_or_404(Network.objects.select_related("keeper"), key=network_key)


def load_seat(*, seat_key: uuid.UUID) -> NetworkPlace:
    rows = NetworkPlace.objects.select_related("network__keeper", "place__owner", "place__commune")
    return get_object_or_404(rows, key=seat_key)


def load_place(*, member_slug: str) -> Place:
    return get_object_or_404(Place.objects.select_related("owner"), slug=member_slug)


def load_member(*, member_key: uuid.UUID) -> PlaceMember:
    rows = PlaceMember.objects.select_related("place__owner", "place__commune", "user")
    return get_object_or_404(rows, key=member_key)


@permission("network.mine")
def mine(request: HttpRequest) -> HttpResponse:
    """Networks that the hat keeps, and the seats of the places it runs."""
    actor = actor_of(request)
    places = managed_places(actor)
    seats = NetworkPlace.objects.filter(place__in=places.values("pk")).exclude(
        state=NetworkPlaceState.LEFT
    )
    kept = Network.objects.none()
    if actor.organization_id is not None:
        kept = Network.objects.filter(keeper=actor.organization_id)
    seats = seats.select_related("network", "place")
    context = {
        "kept": page_of(request, kept.order_by(*by_name("name"), "pk"), name="tenus"),
        "seats": page_of(request, seats.order_by(*by_name("place__name"), "pk"), name="lieux"),
        "places": page_of(request, places, name="membres"),
        "may_create": perms.may_create(actor),
    }
    return render(request, "charters/networks.html", context)


@permission("network.mine")
def create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not perms.may_create(actor):
        return render(request, "charters/create_denied.html", {"owner": actor.organization})
    form = NetworkForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            network = actions.create(**form.cleaned_data, actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le réseau est créé. Invitez des lieux.")
            return redirect(network.get_absolute_url())
    return render(request, "charters/network_form.html", {"form": form})


@permission("network.read", load=load_network)
def network(request: HttpRequest, network: Network) -> HttpResponse:
    """Anybody reads where a member of one place is welcome; the keeper sees who is invited."""
    keeps = allowed(actor_of(request), "network.keep", network)
    seats = network.places.select_related("place__commune", "place__owner")
    seats = seats.order_by(*by_name("place__name"), "pk")
    page = page_of(request, seats.exclude(state="sorti") if keeps else seats.filter(state=ACTIVE))
    context = {
        "network": network,
        "page": page,
        "seats": [(one, rule_of(one) if one.state == ACTIVE else "") for one in page.rows],
        "keeps": keeps,
    }
    return render(request, "charters/network.html", context)


@permission("network.keep", load=load_network)
def invite(request: HttpRequest, network: Network) -> HttpResponse:
    form = InvitePlaceForm(sent(request))
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["place"]
        try:
            actions.invite_place(network, place, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{place} est invité : ses gestionnaires sont prévenus.")
            return redirect(network.get_absolute_url())
    return render(request, "charters/invite_place.html", {"network": network, "form": form})


@permission("network.answer", load=load_seat)
def seat(request: HttpRequest, seat: NetworkPlace) -> HttpResponse:
    """The place comes in by saying how it welcomes."""
    form = WelcomeForm(sent(request), initial=WelcomeForm.values_of(seat))
    if request.method == "POST" and form.is_valid():
        try:
            actions.welcome(seat, form.rule(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré : le lieu accueille les membres du réseau.")
            return redirect(seat.network.get_absolute_url())
    context = {"seat": seat, "form": form, "is_in": seat.state == ACTIVE}
    return render(request, "charters/seat.html", context)


@permission("network.answer", load=load_seat)
@require_POST
def leave(request: HttpRequest, seat: NetworkPlace) -> HttpResponse:
    actions.leave(seat, actor=actor_of(request))
    messages.success(request, f"{seat.place} n’est pas, ou n’est plus, dans le réseau.")
    return redirect("charters:networks")


@permission("network.members", load=load_place)
def members(request: HttpRequest, place: Place) -> HttpResponse:
    """Who belongs to a place, and inviting somebody."""
    form = InviteMemberForm(sent(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.invite_member(place, data["email"], data["until"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’invitation est partie par courriel.")
            return redirect("charters:members", place.slug)
    found = PlaceMember.objects.filter(place=place, ended_on=None).select_related("user")
    context = {
        "place": place,
        "form": form,
        "page": page_of(request, found.order_by("email", "pk")),
        "today": clock.today(place.zone),
    }
    return render(request, "charters/members.html", context)


@permission("network.members", load=load_member)
@require_POST
def end_member(request: HttpRequest, member: PlaceMember) -> HttpResponse:
    actions.end_member(member, actor=actor_of(request))
    messages.success(request, "La carte ne vaut plus rien.")
    return redirect("charters:members", member.place.slug)


@permission("network.accept")
def accept(request: HttpRequest, member_token: str) -> HttpResponse:
    """The link shows, the button acts."""
    try:
        facts = links.read(actions.INVITATION, member_token)
    except links.Expired:
        return render(request, "charters/invitation_over.html", status=410)
    if facts is None:
        raise Http404
    member = get_object_or_404(PlaceMember.objects.select_related("place"), pk=facts["member"])
    if request.method == "POST":
        try:
            actions.accept_member(member, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            return redirect("charters:card", member.key)
    return render(request, "charters/accept_member.html", {"member": member})


@permission("network.accept")
def cards(request: HttpRequest) -> HttpResponse:
    """The person's own cards."""
    found = PlaceMember.objects.filter(user=actor_of(request).user_id, ended_on=None)
    page = page_of(request, found.select_related("place").order_by(*by_name("place__name"), "pk"))
    cards = [(one, one.until < clock.today(one.place.zone)) for one in page.rows]
    return render(request, "charters/cards.html", {"page": page, "cards": cards})


@permission("network.card", load=load_member)
def card(request: HttpRequest, member: PlaceMember) -> HttpResponse:
    if member.accepted_at is None or member.ended_on is not None:
        raise Http404
    address = reverse("charters:check", args=[card_links.sign(member)])
    code = segno.make(request.build_absolute_uri(address), error="m")
    drawn = code.svg_inline(
        scale=6,
        unit="px",  # a view box comes with it: drawn smaller on a narrow screen, never cut
        light="#fff",
        title="Code de la carte",
        svgclass="pr-qr",
        lineclass=None,
    )
    seats = NetworkPlace.objects.filter(
        network__in=_networks_of(member.place), state=ACTIVE, network__closed_at=None
    ).exclude(place=member.place)
    page = page_of(
        request,
        seats.select_related("place__commune", "network").order_by(*by_name("place__name"), "pk"),
    )
    context = {
        "member": member,
        "code": mark_safe(drawn),  # noqa: S308  drawn here, from an address of ours
        "address": address,
        "minutes": int(card_links.LIFE.total_seconds() // 60),
        "page": page,
        "seats": [(one, rule_of(one)) for one in page.rows],
    }
    response = render(request, "charters/card.html", context)
    response["Cache-Control"] = "no-store"
    return response


@permission("network.check")
def check(request: HttpRequest, card_token: str) -> HttpResponse:
    """At the door: welcome or not, and a button to note the visit."""
    actor = actor_of(request)
    try:
        member_id = card_links.read(card_token)
    except card_links.Stale:
        return render(request, "charters/card_stale.html", status=410)
    member = PlaceMember.objects.select_related("place", "user").filter(pk=member_id or 0).first()
    if member is None:
        raise Http404
    hosts = _hosts(member, actor)
    if request.method == "POST":
        _note(request, member, hosts, actor)
        return redirect("charters:check", card_token)
    verdicts = [verdict(member, host, clock.now()) for host in hosts]
    return render(request, "charters/check.html", {"member": member, "verdicts": verdicts})


def _note(
    request: HttpRequest, member: PlaceMember, hosts: list[NetworkPlace], actor: Actor
) -> None:
    host = next((one for one in hosts if str(one.key) == request.POST.get("lieu")), None)
    if host is None:
        raise Http404
    try:
        actions.note_passage(member, host, actor=actor)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "La visite est notée.")


def _networks_of(place: Place) -> Any:
    return NetworkPlace.objects.filter(place=place, state=ACTIVE).values("network")


def _hosts(member: PlaceMember, actor: Actor) -> list[NetworkPlace]:
    """Seats where the actor receives, in the networks of the member's place."""
    rows = NetworkPlace.objects.filter(
        network__in=_networks_of(member.place),
        state=ACTIVE,
        place__in=managed_places(actor).values("pk"),
    )
    found = rows.select_related("place__owner", "network").order_by(*by_name("place__name"))
    return [one for one in found if allowed(actor, "network.welcome", one.place)]
