"""News of the reference tables, sent inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

#: School holidays were published, moved or withdrawn.
school_holidays_changed = Signal()
