"""Addresses of members: kept while a card or its invitation lives."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from preau.accounts.models import User
from preau.charters.actions.networks import DAYS_TO_ACCEPT
from preau.charters.models import PlaceMember
from preau.core import clock

#: After the end of a card; its visits stay counted, without an address.
FORGET_AFTER = timedelta(days=365)


def forget_invitations() -> int:
    """Those that nobody accepted go with their link; how many."""
    lapsed = clock.now() - timedelta(days=DAYS_TO_ACCEPT)
    return PlaceMember.objects.filter(accepted_at=None, invited_at__lt=lapsed).delete()[0]


def forget_old_cards() -> int:
    """A year after its end a card says no address any more; how many."""
    old = (clock.now() - FORGET_AFTER).date()
    over = PlaceMember.objects.filter(Q(ended_on__lt=old) | Q(ended_on=None, until__lt=old))
    return over.exclude(email="").update(email="", ended_on=Coalesce("ended_on", "until"))


@transaction.atomic
def forget_person(user: User) -> None:
    """Their account closes: invitations to its address go, their cards end without it."""
    PlaceMember.objects.filter(accepted_at=None, email__iexact=user.email).delete()
    cards = PlaceMember.objects.filter(user=user)
    for card in cards.filter(ended_on=None).select_related("place"):
        card.ended_on = clock.today(card.place.zone)
        card.save(update_fields=["ended_on"])
    cards.update(email="")
