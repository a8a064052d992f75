"""News of searches, for the rooms above."""

from __future__ import annotations

from django.dispatch import Signal

#: kwargs: criteria (`find.criteria.Criteria`). A search found nothing, not even close in time.
#: Who searched is not said.
search_failed = Signal()
