"""Offers and needs that fit each other, kept so that what was dismissed stays so."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from preau.accounts.actors import Actor
from preau.accounts.audiences import named_by
from preau.accounts.perms import allowed
from preau.core import audit
from preau.core.errors import Forbidden
from preau.initiatives.emails import listings as emails
from preau.initiatives.enums.listings import ListingState, Side, SuggestionState
from preau.initiatives.models import Listing, Suggestion
from preau.initiatives.queries.fit import Fit, Words, fit
from preau.territories.distances import in_box, km_between

#: Listings of the other side that one is compared with, the newest first.
MOST_COMPARED = 400
#: Kept of them, the best.
MOST_KEPT = 12
FURTHEST_KM = 200


def words_of(listing: Listing) -> Words:
    return Words(
        category=listing.category,
        manner=listing.manner,
        title=listing.title,
        text=listing.text,
        quantity=listing.quantity,
        when=listing.when,
        is_recurring=listing.is_recurring,
        radius_km=listing.radius_km,
    )


def _others(listing: Listing) -> QuerySet[Listing]:
    other = Side.NEED if listing.side == Side.OFFER else Side.OFFER
    found = (
        Listing.objects.filter(state=ListingState.PUBLISHED, side=other)
        .filter(in_box(listing.latitude, listing.longitude, FURTHEST_KM))
        .select_related("commune", "organization", "author")
        .defer("search")
        .order_by("-published_at", "-id")
    )
    if listing.organization_id is not None:
        return found.exclude(organization=listing.organization_id)
    return found.exclude(organization=None, author=listing.author_id)


def compare(listing: Listing) -> list[Suggestion]:
    """Look for what fits what was just published; those newly found, both sides told once."""
    mine, best = words_of(listing), []
    for other in _others(listing)[:MOST_COMPARED]:
        km = km_between(listing.latitude, listing.longitude, other.latitude, other.longitude)
        offer, need = (mine, words_of(other))
        if listing.side == Side.NEED:
            offer, need = need, offer
        found = fit(offer, need, km)
        if found is not None:
            best.append((found, other))
    best.sort(key=lambda pair: (-pair[0].score, pair[1].pk))
    kept = [_keep(listing, other, found) for found, other in best[:MOST_KEPT]]
    _forget_what_no_longer_fits(listing, [other for _, other in best])
    new = [one for one in kept if one is not None]
    for one in new:
        emails.tell_match(one)
    return new


def _forget_what_no_longer_fits(listing: Listing, fitting: list[Listing]) -> None:
    """It was changed since: what nobody dismissed is no longer shown; a dismissal is kept."""
    side = "offer" if listing.side == Side.OFFER else "need"
    other = "need" if side == "offer" else "offer"
    Suggestion.objects.filter(
        **{side: listing}, offer_state=SuggestionState.SHOWN, need_state=SuggestionState.SHOWN
    ).exclude(**{f"{other}__in": fitting}).delete()


def _keep(listing: Listing, other: Listing, found: Fit) -> Suggestion | None:
    """The suggestion of two when it is new; an old one keeps who dismissed it."""
    offer, need = (listing, other) if listing.side == Side.OFFER else (other, listing)
    given = {"score": found.score, "reasons": list(found.reasons)}
    row, created = Suggestion.objects.update_or_create(offer=offer, need=need, defaults=given)
    return row if created else None


@transaction.atomic
def dismiss(suggestion: Suggestion, *, actor: Actor) -> Suggestion:
    """One side does not want it; the other still sees it. Twice changes nothing."""
    if not allowed(actor, "listing.dismiss", suggestion):
        raise Forbidden
    suggestion = (
        Suggestion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("offer", "need")
        .get(pk=suggestion.pk)
    )
    if named_by(actor, suggestion.offer.writer_keys):
        suggestion.offer_state = SuggestionState.DISMISSED
    if named_by(actor, suggestion.need.writer_keys):
        suggestion.need_state = SuggestionState.DISMISSED
    suggestion.save(update_fields=["offer_state", "need_state"])
    audit.record(actor, "listing.dismiss", suggestion)
    return suggestion
