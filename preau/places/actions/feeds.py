"""The secret address of a place's calendar."""

from __future__ import annotations

import secrets

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit
from preau.places.models import Place


@transaction.atomic
def renew_feed_secret(*, actor: Actor, place: Place) -> Place:
    """Give the calendar another address: whoever had the first one reads nothing more."""
    place.feed_secret = secrets.token_urlsafe(32)
    place.save(update_fields=["feed_secret"])
    audit.record(actor, "place.renew_feed", place)
    return place
