"""The secret address of one's own bookings: given, replaced, taken back."""

from __future__ import annotations

import secrets

from django.db import transaction

from preau.accounts.models import User
from preau.calendars.models import PersonalFeed
from preau.core import clock


@transaction.atomic
def give(user: User) -> PersonalFeed:
    """A new address; the former one shows nothing any more."""
    feed, _ = PersonalFeed.objects.update_or_create(
        user=user, defaults={"secret": secrets.token_urlsafe(32), "created_at": clock.now()}
    )
    return feed


def take_back(user: User) -> None:
    PersonalFeed.objects.filter(user=user).delete()
