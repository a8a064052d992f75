"""The agreement as a page: the words of the file, article by article."""

from __future__ import annotations

from typing import Any

from preau.agreements.models import Agreement


def text_of(agreement: Agreement) -> dict[str, Any]:
    """What was frozen for the template, as the page shows it."""
    content: dict[str, Any] = agreement.content
    return content
