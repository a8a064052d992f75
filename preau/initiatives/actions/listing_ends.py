"""How a listing goes on, ends by the clock, or is settled with somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit
from preau.core.errors import Refusal
from preau.initiatives.actions.listing_states import (
    check,
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
from preau.initiatives.models import Flow, Listing
from preau.initiatives.queries import moderation

_L = ListingState


@transaction.atomic
def renew(listing: Listing, *, actor: Actor) -> Listing:
    """It still holds: shown for ninety days more; an expired one again."""
    require(actor, listing)
    listing = locked(listing)
    if listing.state not in {_L.PUBLISHED, _L.EXPIRED}:
        raise Refusal("Seule une annonce publiée ou expirée se prolonge.", code="state")
    set_end(listing, None)
    if listing.state == _L.EXPIRED:
        if moderation.must_be_read(listing):
            go(listing, _L.REVIEW)
            save(listing)
            emails.tell_moderators(listing)
        else:
            show(listing)
    else:
        save(listing)
    audit.record(actor, "listing.renew", listing)
    return listing


@transaction.atomic
def expire(listing: Listing, *, actor: Actor) -> bool:
    """Stop showing it once its last day is past; False when there was nothing to do."""
    require(actor, listing)
    listing = locked(listing)
    end = listing.valid_until
    if listing.state != _L.PUBLISHED or end is None or end >= today(listing):
        return False
    go(listing, _L.EXPIRED)
    save(listing)
    audit.record(actor, "listing.expire", listing)
    emails.tell_expired(listing)
    return True


@transaction.atomic
def conclude(listing: Listing, given: Mapping[str, Any], *, actor: Actor) -> Flow:
    """It is settled with somebody: write what goes from one to the other, and stop showing it.

    Args:
        given: `other_name`, `other_organization` (or None), `quantity`, `is_recurring`, `since`.
    """
    require(actor, listing)
    listing = locked(listing)
    go(listing, _L.CONCLUDED)
    save(listing)
    mine = (listing.who if listing.organization else _short(listing), listing.organization)
    other = (given["other_name"].strip(), given.get("other_organization"))
    donor, receiver = (mine, other) if listing.side == Side.OFFER else (other, mine)
    flow = Flow(
        listing=listing,
        project=listing.project,
        category=listing.category,
        what=listing.title,
        quantity=given["quantity"],
        is_recurring=given["is_recurring"],
        since=given["since"],
        donor_name=donor[0],
        donor_organization=donor[1],
        receiver_name=receiver[0],
        receiver_organization=receiver[1],
        recorded_by=actor.user,
    )
    check(flow)
    flow.save()
    audit.record(actor, "listing.conclude", listing, flow=flow.pk)
    return flow


def _short(listing: Listing) -> str:
    """A person in a flow that others read: their first name."""
    return (listing.author.first_name if listing.author else "") or "Une personne"
