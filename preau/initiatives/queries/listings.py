"""The public list of listings, one's own, and what goes on around them. Keyset pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core import keyset
from preau.initiatives.enums.listings import ListingState, Side, SuggestionState
from preau.initiatives.models import Answer, Flow, Listing, Signal, Suggestion
from preau.projects.models import Project
from preau.resources.listing import words_of
from preau.territories.distances import distance_km, in_box, km_between
from preau.territories.models import Commune

PAGE = 20
#: Around a commune, until somebody says otherwise.
RADIUS_KM = 20
#: Days before its end when its author is told.
WARNING = timedelta(days=7)
S = ListingState


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader looks for; every part may be empty."""

    words: str = ""
    side: str = ""
    category: str = ""
    commune: Commune | None = None
    radius_km: int = RADIUS_KM

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.side or self.category or self.commune)


@dataclass(frozen=True, slots=True)
class Line:
    """One listing of a list; how far when one said from where."""

    listing: Listing
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line] = field(default_factory=list)
    next: str = ""


def shown() -> QuerySet[Listing]:
    return (
        Listing.objects.filter(state=S.PUBLISHED)
        .select_related("commune", "organization", "thumbnail", "author")
        .defer("search")
    )


def page(asked: Asked, *, after: str = "") -> Page:
    """What is published and answers, the newest first."""
    found = shown()
    if asked.side:
        found = found.filter(side=asked.side)
    if asked.category:
        found = found.filter(category=asked.category)
    if (words := words_of(asked.words)) is not None:
        found = found.filter(search=words)
    if (where := asked.commune) is not None:
        found = found.filter(in_box(where.latitude, where.longitude, asked.radius_km))
        found = found.annotate(km=distance_km(where.latitude, where.longitude))
        found = found.filter(km__lte=asked.radius_km)
    rows, more = keyset.some(found, by="published_at", after=after, number=PAGE)
    return Page([Line(one, getattr(one, "km", None)) for one in rows], more)


def mine(actor: Actor) -> QuerySet[Listing]:
    """Of the hat worn: the person's own, or the organisation's."""
    rows = Listing.objects.defer("search").select_related("commune", "organization")
    whose: dict[str, Any] = (
        {"organization": actor.organization_id}
        if actor.organization_id
        else {"organization": None, "author": actor.user_id}
    )
    counted = rows.filter(**whose).annotate(
        answer_count=Count("answers", distinct=True), last=Max("answers__last_message_at")
    )
    return counted.order_by("-updated_at", "-pk")


def answers_of(actor: Actor) -> QuerySet[Answer]:
    """Conversations that the hat worn began, the last written first."""
    whose: dict[str, Any] = (
        {"organization": actor.organization_id}
        if actor.organization_id
        else {"organization": None, "user": actor.user_id}
    )
    found = Answer.objects.filter(**whose).select_related("listing__commune")
    return found.defer("listing__search").order_by("-last_message_at", "-pk")


def answers_to(listing: Listing) -> QuerySet[Answer]:
    return listing.answers.select_related("user", "organization").order_by("-last_message_at")


def suggestions_for(listing: Listing) -> list[tuple[Suggestion, Listing, float]]:
    """What fits it and is still published, not dismissed by it: the best first, with the way."""
    is_offer = listing.side == Side.OFFER
    mine, other = ("offer", "need") if is_offer else ("need", "offer")
    found = (
        Suggestion.objects.filter(
            **{
                mine: listing,
                f"{mine}_state": SuggestionState.SHOWN,
                f"{other}__state": S.PUBLISHED,
            }
        )
        .select_related(f"{other}__commune", f"{other}__organization")
        .defer(f"{other}__search")
        .order_by("-score", "pk")
    )
    lines = []
    for one in found[:12]:
        fitting = one.need if is_offer else one.offer
        way = (listing.latitude, listing.longitude, fitting.latitude, fitting.longitude)
        lines.append((one, fitting, km_between(*way)))
    return lines


def ending(on: date) -> QuerySet[Listing]:
    """Published, and at its end within the week; a day of margin for the other time zones."""
    return Listing.objects.filter(
        state=S.PUBLISHED, valid_until__lte=on + WARNING + timedelta(days=1)
    ).order_by("pk")


def flows_of(project: Project) -> QuerySet[Flow]:
    return project.flows.order_by(F("until").asc(nulls_first=True), "-since", "-pk")


def listings_of(project: Project) -> QuerySet[Listing]:
    """Published for a project: what it offers and looks for."""
    return shown().filter(project=project).order_by("-published_at", "-pk")


def personal_data(user: User) -> dict[str, Any]:
    """What the room keeps about a person through listings, for their export."""
    placed = Listing.objects.filter(author=user).defer("search").select_related("commune")
    answered = Answer.objects.filter(user=user).select_related("listing").order_by("pk")
    signalled = Signal.objects.filter(user=user).order_by("pk")
    return {
        "annonces": [
            {
                "titre": one.title,
                "texte": one.text,
                "commune": one.commune.name,
                "état": one.get_state_display(),
                "créée le": one.created_at,
            }
            for one in placed.order_by("pk")
        ],
        "annonces auxquelles la personne a répondu": [
            {"annonce": one.listing.title, "le": one.created_at} for one in answered
        ],
        "annonces et récits signalés": [
            {"motif": one.get_reason_display(), "message": one.message, "le": one.created_at}
            for one in signalled
        ],
    }
