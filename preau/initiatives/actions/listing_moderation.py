"""Reading a listing before the public does, and taking one off."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions.listing_states import go, locked, save, set_end, show
from preau.initiatives.emails import listings as emails
from preau.initiatives.enums.listings import ListingState
from preau.initiatives.models import Listing

_L = ListingState


@transaction.atomic
def let_through(listing: Listing, *, actor: Actor) -> Listing:
    """Whoever moderates has read it: it is shown, and its author is known from now on."""
    require_moderator(actor, listing)
    listing = locked(listing)
    if listing.state != _L.REVIEW:
        raise Refusal("Quelqu’un a déjà répondu pour cette annonce.", code="state")
    listing.approved_at, listing.moderated_by = clock.now(), actor.user
    set_end(listing, listing.valid_until)
    show(listing)
    audit.record(actor, "listing.let_through", listing)
    emails.tell_published(listing)
    return listing


@transaction.atomic
def take_off(listing: Listing, reason: str, *, actor: Actor) -> Listing:
    """Whoever moderates withdraws it and says why; the next ones of its author are read first.

    Raises:
        Refusal: no reason, or it is shown no longer.
    """
    require_moderator(actor, listing)
    reason = reason.strip()[:1000]
    if not reason:
        raise Refusal("Écrivez le motif : l’auteur de l’annonce le lira.", field="reason")
    listing = locked(listing)
    go(listing, _L.WITHDRAWN)
    listing.removal_reason, listing.moderated_by = reason, actor.user
    listing.approved_at = None
    save(listing)
    listing.signals.filter(closed_at=None).update(closed_at=clock.now(), closed_by=actor.user)
    audit.record(actor, "listing.take_off", listing, reason=reason)
    emails.tell_taken_off(listing)
    return listing


def require_moderator(actor: Actor, listing: Listing) -> None:
    """
    Raises:
        Forbidden: they do not moderate there, or it is their own.
    """
    if not allowed(actor, "listing.moderate", listing):
        raise Forbidden
    if listing.author_id == actor.user_id and not actor.is_operator:
        raise Forbidden("Une autre personne que son auteur vérifie une annonce.")
