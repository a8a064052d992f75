"""What named whoever closes their account is emptied: listings, pledges, stories' signatures."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.core import clock
from preau.initiatives.enums.listings import ListingState
from preau.initiatives.models import Flow, Listing, Pledge

_LIVE = [ListingState.DRAFT, ListingState.REVIEW, ListingState.PUBLISHED, ListingState.EXPIRED]


@receiver(account_closed, dispatch_uid="initiatives.personal_data")
def forget_person(sender: Any, *, user: User, **more: Any) -> None:
    """Their own listings are withdrawn and say nothing more; those of organisations stay."""
    theirs = Listing.objects.filter(author=user, organization=None)
    named = Flow.objects.filter(listing__in=theirs)
    named.filter(listing__side="offre").update(donor_name="Une personne")
    named.filter(listing__side="besoin").update(receiver_name="Une personne")
    theirs.filter(state__in=_LIVE).update(
        state=ListingState.WITHDRAWN, ended_at=clock.now(), valid_until=None
    )
    theirs.update(
        title="Annonce d’un compte fermé",
        text="Compte fermé.",
        quantity="",
        when="",
        file=None,
        thumbnail=None,
        alternative_text="",
    )
    Pledge.objects.filter(user=user, organization=None).update(
        name="", email="", message="", show_name=False
    )
