"""Writing a listing, showing it, ending it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Organization
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.documents import images
from preau.initiatives.actions import matching
from preau.initiatives.actions.listing_states import (
    LONGEST,
    go,
    locked,
    require,
    save,
    set_end,
    show,
    today,
)
from preau.initiatives.emails import listings as emails
from preau.initiatives.enums.listings import ListingState, Side
from preau.initiatives.models import Listing
from preau.initiatives.queries import moderation
from preau.places.models import Space
from preau.projects.models import Project
from preau.territories.areas import AreaKind, area
from preau.territories.models import Commune

_L = ListingState
#: Live listings of one person or organisation: beyond, it is a catalogue.
MOST_LIVE = 100
#: Listings one person may begin in a day.
MOST_A_DAY = 30
_RADIUS = {AreaKind.COMMUNE: 10, AreaKind.EPCI: 20, AreaKind.CRTE: 30, AreaKind.DEPARTEMENT: 60}
#: What its author writes.
WRITTEN = (
    "side",
    "manner",
    "category",
    "title",
    "text",
    "quantity",
    "is_recurring",
    "when",
    "commune",
    "radius_km",
    "project",
    "valid_until",
)


@transaction.atomic
def draft(*, actor: Actor, **given: Any) -> Listing:
    """Begin a listing under the present hat.

    Raises:
        Forbidden: signed out, or a plain member of the organisation.
        Refusal: too many were begun today.
    """
    person = actor.person
    membership = actor.membership
    if membership and membership.role not in {
        MembershipRole.MANAGER,
        MembershipRole.ADMINISTRATOR,
    }:
        raise Forbidden(
            "Seules les personnes qui gèrent votre structure publient une annonce en son nom."
            " Publiez-la en votre nom, ou demandez-leur."
        )
    since = clock.now() - timedelta(days=1)
    if Listing.objects.filter(author=person, created_at__gt=since).count() >= MOST_A_DAY:
        raise Refusal("Vous avez commencé beaucoup d’annonces aujourd’hui : revenez demain.")
    listing = Listing(author=person, organization=actor.organization)
    _write(listing, given, actor=actor)
    audit.record(actor, "listing.draft", listing)
    return listing


@transaction.atomic
def draft_offer(
    organization: Organization,
    *,
    title: str,
    text: str,
    space: Space | None = None,
    area_key: str,
    actor: Actor,
) -> Listing:
    """Begin an offer of an organisation from what another room knows: free hours of a space.

    Its people complete and publish it themselves.

    Raises:
        Forbidden: the actor does not manage the organisation.
        Refusal: no such territory.
    """
    listing = Listing(author=actor.user, organization=organization, space=space)
    listing.commune = space.place.commune if space else organization.commune
    require(actor, listing)
    where = area(area_key)
    if where.kind == AreaKind.COMMUNE and space is None:
        listing.commune = Commune.objects.get(pk=where.code)
    given = {
        "side": Side.OFFER,
        "manner": "pret" if space else "don",
        "category": "locaux" if space else "",
        "title": title[:120],
        "text": text[:3000],
        "is_recurring": space is not None,
        "radius_km": _RADIUS.get(where.kind, 100),
        "commune": listing.commune,
    }
    _write(listing, given, actor=actor)
    audit.record(actor, "listing.draft", listing, space=space.pk if space else None)
    return listing


def _write(listing: Listing, given: Mapping[str, Any], *, actor: Actor) -> None:
    project: Project | None = given.get("project")
    if project is not None and not allowed(actor, "flow.write", project):
        raise Forbidden("Ce projet n’est pas le vôtre, ou ne l’est plus.")
    for name in WRITTEN:
        if name in given:
            setattr(listing, name, given[name])
    end = listing.valid_until
    this_day = today(listing)
    if end is not None and not this_day <= end <= this_day + LONGEST:
        raise Refusal(
            "Choisissez un jour à venir, dans les 90 jours : vous pourrez prolonger l’annonce.",
            field="valid_until",
        )
    save(listing)


@transaction.atomic
def edit(listing: Listing, given: Mapping[str, Any], *, actor: Actor) -> Listing:
    """Change what it says. Published, it goes back to be read when its author is not known yet.

    Raises:
        Refusal: it is over.
    """
    require(actor, listing)
    listing = locked(listing)
    if listing.state not in {_L.DRAFT, _L.REVIEW, _L.PUBLISHED}:
        raise Refusal("Cette annonce est terminée : reprenez-la d’abord.", code="state")
    _write(listing, given, actor=actor)
    if listing.state == _L.PUBLISHED:
        if moderation.must_be_read(listing):
            go(listing, _L.REVIEW)
            save(listing)
            emails.tell_moderators(listing)
        else:  # nobody is told of it before it is read: `show` compares it then
            matching.compare(listing)
    audit.record(actor, "listing.edit", listing)
    return listing


@transaction.atomic
def set_photo(
    listing: Listing, upload: File[bytes], alternative_text: str, *, actor: Actor
) -> Listing:
    """
    Raises:
        Refusal: not a picture, or not described.
    """
    require(actor, listing)
    listing = locked(listing)
    if not alternative_text.strip():
        raise Refusal("Décrivez la photo en quelques mots.", field="alternative_text")
    picture = images.keep(upload, actor=actor, field="photo")
    listing.file, listing.thumbnail = picture.full, picture.thumbnail
    listing.alternative_text = alternative_text.strip()
    save(listing)
    audit.record(actor, "listing.photo", listing)
    return listing


@transaction.atomic
def remove_photo(listing: Listing, *, actor: Actor) -> Listing:
    require(actor, listing)
    listing = locked(listing)
    listing.file, listing.thumbnail, listing.alternative_text = None, None, ""
    save(listing)
    audit.record(actor, "listing.photo_remove", listing)
    return listing


@transaction.atomic
def publish(listing: Listing, *, actor: Actor) -> Listing:
    """Show it, or hand it to whoever reads the first listing of somebody unknown.

    Raises:
        Refusal: it lacks something, or there are too many.
    """
    require(actor, listing)
    listing = locked(listing)
    if listing.state == _L.EXPIRED:
        raise Refusal("Cette annonce a expiré : prolongez-la.", code="state")
    if live_of(listing) >= MOST_LIVE:
        raise Refusal(f"Vous avez déjà {MOST_LIVE} annonces publiées : retirez-en d’abord.")
    if not listing.category:
        raise Refusal("Choisissez une catégorie avant de publier.", field="category")
    if not listing.text.strip():
        raise Refusal("Décrivez ce que vous proposez ou cherchez avant de publier.", field="text")
    set_end(listing, listing.valid_until)
    if moderation.must_be_read(listing):
        go(listing, _L.REVIEW)
        save(listing)
        emails.tell_moderators(listing)
    else:
        show(listing)
    audit.record(actor, "listing.publish", listing, state=listing.state)
    return listing


def live_of(listing: Listing) -> int:
    whose = (
        {"organization": listing.organization_id}
        if listing.organization_id
        else {"organization": None, "author": listing.author_id}
    )
    return Listing.objects.filter(**whose, state__in=[_L.REVIEW, _L.PUBLISHED]).count()


@transaction.atomic
def withdraw(listing: Listing, *, actor: Actor) -> Listing:
    require(actor, listing)
    listing = locked(listing)
    go(listing, _L.WITHDRAWN)
    save(listing)
    audit.record(actor, "listing.withdraw", listing)
    return listing


@transaction.atomic
def take_up(listing: Listing, *, actor: Actor) -> Listing:
    """Back to a draft."""
    require(actor, listing)
    listing = locked(listing)
    go(listing, _L.DRAFT)
    listing.valid_until = None
    save(listing)
    audit.record(actor, "listing.take_up", listing)
    return listing
