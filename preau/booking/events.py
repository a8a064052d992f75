"""News of bookings. Sent inside the transaction that makes them true."""

from __future__ import annotations

from django.dispatch import Signal

#: kwargs: booking, change (a `Change`), actor, previous (Period before a move, else None).
booking_changed = Signal()

#: kwargs: entry (a `WaitingEntry`). A slot that somebody waited for is held for them.
slot_offered = Signal()
