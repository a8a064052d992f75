"""What a Grist server says no to, told apart.

Grist answers `{"error": "…", "details"?: {"userError": "…"}}` with a 4xx; the text is all that
tells one cause from another. None of these carries that text: it may repeat what was sent.
"""

from __future__ import annotations

from preau.integrations.http import Rejected, Unauthorized


class DocumentNotFound(Rejected):
    """404: no such document, or not one that this key may know of."""


class TableNotFound(Rejected):
    """404: the table was renamed or deleted, or never had this id."""


class ColumnNotFound(Rejected):
    """400 or 404: a column was renamed or deleted, or never had this id."""


class RowNotFound(Rejected):
    """400: a record to update was deleted in between; nothing of the batch was written."""


class RequireNotUnique(Rejected):
    """400: two records of one body ask for the same row, once their strings are parsed."""


class RequireEmpty(Rejected):
    """400: a record says nothing of the row that it wants."""


class InvalidPayload(Rejected):
    """400: the body has not the shape of this call."""


class BodyTooLarge(Rejected):
    """413: more than the server reads; a smaller `size` is needed."""


class WebhookRefused(Unauthorized):
    """403 on a webhook: the key is not an owner's, or the address is forbidden.

    The server only calls domains that its operator listed in `ALLOWED_WEBHOOK_DOMAINS`.
    """


_TOLD_BY = (
    ("require values must be unique", RequireNotUnique),
    ("require is empty", RequireEmpty),
    ("invalid row id", RowNotFound),
    ("invalid column", ColumnNotFound),
    ("table not found", TableNotFound),
    ("column not found", ColumnNotFound),
    ("table or column not found", ColumnNotFound),
    ("document not found", DocumentNotFound),
    ("invalid payload", InvalidPayload),
)


def told(error: Rejected) -> Rejected:
    """The same refusal, as the class of its cause where the text is one of those known."""
    text = error.said.get("error") if isinstance(error.said, dict) else None
    if error.status == 413:
        return BodyTooLarge(error.status, error.said)
    if isinstance(text, str):
        for words, kind in _TOLD_BY:
            if words in text.lower():
                return kind(error.status, error.said)
    return error
