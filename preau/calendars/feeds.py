"""One's own bookings as a calendar to subscribe to."""

from __future__ import annotations

from datetime import timedelta

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.booking.calendars import entries_of
from preau.booking.enums import ACCEPTED, UNANSWERED
from preau.booking.queries import mine
from preau.core import clock
from preau.notifications.calendars import events_ics

PAST = timedelta(days=90)
MOST = 500


def personal_calendar(user: User) -> str:
    """What the person asked, for themself and for the organisations they still belong to.

    Never a code nor a contact: whoever knows the address reads it.
    """
    live = mine(Actor(user)).filter(state__in=ACCEPTED | UNANSWERED, ends_at__gt=clock.now() - PAST)
    return events_ics(
        entries_of(live.order_by("starts_at", "id")[:MOST]), name="Mes réservations (Préau)"
    )
