"""Headers that every answer carries, and the number a person can give to support."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]
PERMISSIONS_POLICY = (
    "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)


def content_security_policy(tiles_url: str) -> str:
    """Only our own files, no inline script or style; map tiles from the host in the settings."""
    parts = urlsplit(tiles_url)
    tiles = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data:{tiles.replace('{s}', '*')}",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class ContentSecurityPolicyMiddleware:
    """Set the security headers and give each request a short id."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response
        self.policy = content_security_policy(settings.MAP_TILES_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response
