"""News of money. Sent inside the transaction that makes them true, the due locked."""

from __future__ import annotations

from django.dispatch import Signal

#: kwargs: due, actor. Its lines, or what was paid of it, changed.
due_changed = Signal()

#: kwargs: office. It collects otherwise: what waits for a payment may wait no more, or anew.
office_changed = Signal()

#: kwargs: incident. The régisseur has something to see to, or its proposal has grown.
incident_opened = Signal()
