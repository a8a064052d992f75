"""What happened in a conversation, for the rooms above. Sent inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

#: `thread`, `message`, `actor`. Once a message: a form sent twice says nothing more.
message_posted = Signal()
