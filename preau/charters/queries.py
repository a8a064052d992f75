"""Reads of the room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.accounts.perms import allowed
from preau.agreements.models import ModelVersion
from preau.agreements.queries import published
from preau.charters.actions.adhesions import REMIND_BEFORE
from preau.charters.enums import LIVE, AdhesionState, CharterState
from preau.charters.models import Charter, CharterAdhesion, PlaceMember
from preau.core import clock
from preau.core.french import by_name
from preau.places.models import Place
from preau.places.queries import managed_places

#: Places that a page lists.
MOST_PLACES = 200


def public_charters() -> QuerySet[Charter]:
    """Those that anybody may read, the open ones first."""
    active = Count("adhesions", filter=Q(adhesions__state=AdhesionState.ACTIVE))
    return (
        Charter.objects.exclude(state=CharterState.DRAFT)
        .select_related("keeper")
        .annotate(places=active)
        .order_by("-state", *by_name("name"), "pk")
    )


def kept_by(actor: Actor) -> QuerySet[Charter]:
    live = Count("adhesions", filter=Q(adhesions__state__in=LIVE))
    found = (
        Charter.objects.select_related("keeper")
        .annotate(places=live)
        .order_by(*by_name("name"), "pk")
    )
    return found.filter(keeper=actor.organization_id) if actor.organization_id else found.none()


def text_of(charter: Charter) -> ModelVersion | None:
    """The version that places sign today."""
    return published(charter.model)


def members_of(charter: Charter) -> QuerySet[CharterAdhesion]:
    """Places in force, on published pages."""
    return (
        charter.adhesions.filter(state=AdhesionState.ACTIVE, place__publication="publie")
        .select_related("place__commune")
        .order_by(*by_name("place__commune__name", "place__name"), "pk")
    )


def followed_by(charter: Charter) -> QuerySet[CharterAdhesion]:
    """Every adhesion, for the keeper: those that wait first."""
    return charter.adhesions.select_related(
        "place__commune", "place__owner", "agreement__version"
    ).order_by("ended_on", "confirm_by", "pk")


def of_place(place: Place) -> QuerySet[CharterAdhesion]:
    found = CharterAdhesion.objects.filter(place=place).select_related("charter__keeper")
    return found.order_by("ended_on", *by_name("charter__name"))


def places_to_commit(charter: Charter, actor: Actor) -> list[Place]:
    """Published places that the actor may commit, and that have not joined."""
    joined = charter.adhesions.filter(state__in=LIVE).values("place")
    found = managed_places(actor).filter(publication="publie").exclude(pk__in=joined)
    return [one for one in found[:MOST_PLACES] if allowed(actor, "charter.join", one)]


def due() -> QuerySet[CharterAdhesion]:
    """In force, to be confirmed within a month or late already."""
    horizon = clock.today() + timedelta(days=1) + REMIND_BEFORE
    return CharterAdhesion.objects.filter(state=AdhesionState.ACTIVE, confirm_by__lte=horizon)


def personal_data(user: User) -> dict[str, Any]:
    """What the room keeps about a person: their cards, and where they were welcomed."""
    cards = PlaceMember.objects.filter(user=user).select_related("place").order_by("pk")
    return {
        "cartes de membre": [
            {
                "lieu": str(one.place),
                "jusqu’au": str(one.until),
                "visites": [
                    f"{passage.day}, {passage.host.place}"
                    for passage in one.passages.select_related("host__place")
                ],
            }
            for one in cards
        ]
    }
