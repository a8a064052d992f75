"""Handing over someone's file: saved, never opened by the browser as a page of ours."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from preau.documents.models import Document

ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "application/json": ".json",
}


def attachment(content: bytes, document: Document) -> HttpResponse:
    """The bytes as a file to save. Were it opened all the same, nothing in it would run."""
    media_type = document.file.media_type
    response = HttpResponse(content, content_type=media_type)
    name = (slugify(document.title)[:80] or "document") + ENDINGS.get(media_type, ".bin")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
