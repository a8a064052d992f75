"""News of agreements. Sent inside the transaction that makes them true."""

from __future__ import annotations

from django.dispatch import Signal

#: kwargs: agreement, actor.
agreement_changed = Signal()
