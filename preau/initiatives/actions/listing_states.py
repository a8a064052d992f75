"""What every write of a listing shares: its right, its lock, its states, its saving."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions import matching
from preau.initiatives.enums.listings import LISTING_MOVES, ListingState
from preau.initiatives.models import Listing

_L = ListingState
#: How long a listing is shown without somebody saying that it still holds.
LONGEST = timedelta(days=90)


def require(actor: Actor, listing: Listing) -> None:
    """
    Raises:
        Forbidden: it is not theirs.
    """
    if not actor.is_system and not allowed(actor, "listing.keep", listing):
        raise Forbidden("Cette annonce n’est pas la vôtre, ou ne l’est plus.")


def locked(listing: Listing) -> Listing:
    rows = Listing.objects.select_for_update(no_key=True, of=("self",)).defer("search")
    return rows.select_related("commune", "organization", "author").get(pk=listing.pk)


def go(listing: Listing, state: ListingState) -> None:
    """
    Raises:
        Refusal: its state does not lead there.
    """
    if state not in LISTING_MOVES[ListingState(listing.state)]:
        raise Refusal(
            f"Cette annonce est maintenant « {listing.get_state_display()} » : rechargez la page"
            " pour voir ce qui peut encore être fait.",
            code="state",
        )
    listing.state = state
    ended = state in {_L.WITHDRAWN, _L.EXPIRED, _L.CONCLUDED}
    listing.ended_at = clock.now() if ended else None


def save(listing: Listing) -> None:
    """Follow its commune, check, save.

    Raises:
        Refusal: with the sentence of the first rule broken.
    """
    commune = listing.commune
    listing.departement_code = commune.departement_id
    listing.latitude, listing.longitude = commune.latitude, commune.longitude
    listing.updated_at = clock.now()
    check(listing, exclude=["search"])
    listing.save()


def check(row: Any, *, exclude: list[str] | None = None) -> None:
    """
    Raises:
        Refusal: with the sentence of the first rule broken.
    """
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        field = "" if field == NON_FIELD_ERRORS else field
        raise Refusal(sentences[0], field=field, code="incomplete") from error


def today(listing: Listing) -> date:
    return clock.today(listing.zone)


def set_end(listing: Listing, end: date | None) -> None:
    this_day = today(listing)
    if end is None or end <= this_day:
        end = this_day + LONGEST
    listing.valid_until = min(end, this_day + LONGEST)


def show(listing: Listing) -> None:
    go(listing, _L.PUBLISHED)
    listing.published_at = clock.now()
    listing.removal_reason = ""
    save(listing)
    matching.compare(listing)
