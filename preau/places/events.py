"""News of places, sent inside the transaction: whoever listens changes in the same breath."""

from __future__ import annotations

from django.dispatch import Signal

#: A place's own facts or publication changed. `place`, `actor`.
place_changed = Signal()
#: A space was created, edited, published or archived, or its units changed: `space`, `actor`.
space_changed = Signal()
