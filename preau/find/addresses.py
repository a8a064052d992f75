"""From what was typed to an address, when a geocoder is configured and the text looks like one."""

from __future__ import annotations

import logging
import re

from django.conf import settings

from preau.integrations import geocoder
from preau.integrations.geocoder import Address
from preau.territories.models import Commune
from preau.territories.queries import nearest_commune

_STREET = re.compile(
    r"\b(allées?|avenue|av|boulevard|bd|chemin|cours|impasse|montée|passage|place|quai|route|rue"
    r"|ruelle|sentier|square|voie)\b|^\d{1,4}\s*(bis|ter)?,?\s+\D",
    re.IGNORECASE,
)
_log = logging.getLogger(__name__)


def find_address(text: str) -> Address | None:
    """The address meant, or None: not an address, unknown, or the service is away or not there."""
    if not settings.GEOCODER_URL or not _STREET.search(text):
        return None
    try:
        return geocoder.search(text, url=settings.GEOCODER_URL)
    except geocoder.Unavailable as error:
        _log.warning("The geocoder is unavailable: %s", error)
        return None


def commune_of(address: Address) -> Commune | None:
    """The commune the service names, or the nearest when we do not have it under that code."""
    named = Commune.objects.filter(code=address.commune_code, active=True).first()
    return named or nearest_commune(address.latitude, address.longitude)
