"""News from the engine, for the rooms above. Sent inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

#: kwargs: occupancy. A slot kept while a form was filled in has been cleared: nobody came back.
hold_lapsed = Signal()

#: kwargs: root_id, periods (list of Period). Time has come free in a hall.
time_freed = Signal()
