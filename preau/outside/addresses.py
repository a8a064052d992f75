"""Where an address is, asked of the geocoder; None whenever it cannot be told."""

from __future__ import annotations

from django.conf import settings

from preau.integrations import geocoder
from preau.integrations.geocoder import Address
from preau.integrations.http import Rejected, Unavailable
from preau.outside import calls

KEY = "geocoder"
#: Seconds that somebody who looks for a room waits for it; who asked for a position waits longer.
IN_A_SEARCH = 1.0
ON_A_CLICK = 3.0


def is_configured() -> bool:
    return bool(settings.GEOCODER_URL)


def find(text: str, *, timeout: float = ON_A_CLICK) -> Address | None:
    """The best match, None when nothing resembles it.

    Raises:
        Unavailable: away, paused, or not configured.
    """
    if not is_configured():
        raise Unavailable("not configured")
    try:
        with calls.calling(KEY):
            return geocoder.search(text, url=settings.GEOCODER_URL, timeout=timeout)
    except Rejected:
        return None  # it does not read this text: too short, or no address


def trial() -> None:
    """Raises: Unavailable."""
    find("20 avenue de Ségur Paris")
