"""What the bookings do when the engine has news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.availability.events import hold_lapsed
from preau.availability.models import Occupancy
from preau.booking.actions.holds import lapse
from preau.booking.models import Booking


@receiver(hold_lapsed)
def mark_lapsed(sender: Any, *, occupancy: Occupancy, **_: Any) -> None:
    booking = Booking.objects.select_for_update().filter(occupancy=occupancy).first()
    if booking is not None:
        lapse(booking)
