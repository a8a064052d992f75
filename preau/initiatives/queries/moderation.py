"""Which listings are read before the public does, and what waits for whom."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.audiences import DECIDERS
from preau.accounts.enums import OrganizationKind
from preau.accounts.models import User
from preau.core import clock
from preau.initiatives.enums.listings import ListingState
from preau.initiatives.models import Listing, Signal
from preau.initiatives.models.listings import moderators_of

#: After one was taken off by whoever moderates, the next ones are read first for so long.
MEMORY = timedelta(days=365)


def must_be_read(listing: Listing) -> bool:
    """The first of somebody unknown; every one for a year after one was taken off."""
    if one_was_taken_off(listing):
        return True
    if listing.organization is not None and listing.organization.is_verified:
        return False
    return not _of_the_same(listing).filter(approved_at__isnull=False).exists()


def one_was_taken_off(listing: Listing) -> bool:
    """Of the same author, within the year."""
    since = clock.now() - MEMORY
    taken_off = _of_the_same(listing).exclude(removal_reason="")
    return taken_off.filter(updated_at__gt=since).exists()


def _of_the_same(listing: Listing) -> QuerySet[Listing]:
    if listing.organization is not None:
        return Listing.objects.filter(organization=listing.organization_id)
    return Listing.objects.filter(author=listing.author_id, organization=None)


def moderators(listing: Listing) -> QuerySet[User]:
    """Who is told: deciders of its commune and EPCI, else the operators."""
    found = User.objects.filter(
        memberships__organization__in=moderators_of(listing.commune_id),
        memberships__ended_at=None,
        memberships__role__in=DECIDERS,
        is_active=True,
    ).exclude(pk__in=[listing.author_id] if listing.author_id else [])
    if found.exists():
        return found.distinct()
    return User.objects.filter(is_operator=True, is_active=True)


def may_moderate_somewhere(actor: Actor) -> bool:
    """Whether the queue can hold anything for the hat worn."""
    organization, membership = actor.organization, actor.membership
    if organization is None or membership is None:
        return actor.is_operator
    return (
        organization.is_verified
        and organization.kind in {OrganizationKind.COMMUNE, OrganizationKind.EPCI}
        and membership.role in DECIDERS
    )


def _theirs(actor: Actor) -> QuerySet[Listing]:
    rows = Listing.objects.defer("search").select_related("commune", "organization", "author")
    organization = actor.organization
    if actor.is_operator and organization is None:
        return rows
    if not may_moderate_somewhere(actor) or organization is None:
        return rows.none()
    if organization.kind == OrganizationKind.EPCI:
        return rows.filter(commune__epci=organization.epci_id)
    return rows.filter(commune=organization.commune_id)


def queue(actor: Actor) -> QuerySet[Listing]:
    """What waits for the hat worn: to be read first, or signalled by a reader; oldest first."""
    signalled = Signal.objects.filter(listing=OuterRef("pk"), closed_at=None)
    waiting = Q(state=ListingState.REVIEW) | Q(
        Exists(signalled), state__in=[ListingState.PUBLISHED, ListingState.EXPIRED]
    )
    open_signals = Count("signals", filter=Q(signals__closed_at=None))
    return _theirs(actor).filter(waiting).annotate(open_signals=open_signals).order_by("id")
