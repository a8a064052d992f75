"""A mail backend that keeps what it receives, so that the demonstration's e-mails can be read."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import Message
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from preau.notifications.models import DeliveredEmail


class MailboxBackend(BaseEmailBackend):
    """Stands for a mail server: takes each message once, in a line of its own."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            DeliveredEmail.objects.create(**received(message))
        return len(email_messages)


def received(message: EmailMessage) -> dict[str, Any]:
    """What a reader would see of the message, read back from its wire form."""
    wire = message.message()
    parts = [part for part in wire.walk() if not part.is_multipart()]
    return {
        "message_id": str(wire["Message-ID"]),
        "recipients": message.recipients(),
        "subject": message.subject,
        "text": _first(parts, "text/plain"),
        "html": _first(parts, "text/html"),
        "attachments": [_attachment(part) for part in parts if part.get_filename()],
    }


def _first(parts: Sequence[Message], content_type: str) -> str:
    for part in parts:
        if part.get_content_type() == content_type and not part.get_filename():
            return _content(part)
    return ""


def _attachment(part: Message) -> dict[str, str]:
    return {
        "name": str(part.get_filename()),
        "type": part.get_content_type(),
        "content": _content(part),
    }


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
