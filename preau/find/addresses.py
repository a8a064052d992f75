"""From what was typed to an address, when a geocoder is configured and the text looks like one."""

from __future__ import annotations

import re

from preau.core.errors import Refusal
from preau.integrations.geocoder import Address
from preau.outside import addresses
from preau.territories.models import Commune
from preau.territories.queries import nearest_commune

_STREET = re.compile(
    r"\b(allées?|avenue|av|boulevard|bd|chemin|cours|impasse|montée|passage|place|quai|route|rue"
    r"|ruelle|sentier|square|voie)\b|^\d{1,4}\s*(bis|ter)?,?\s+\D",
    re.IGNORECASE,
)


def unknown(text: str, *, is_away: bool) -> Refusal:
    """What is said of a text that no commune answers either."""
    if is_away:
        said = "La recherche d’adresses ne répond pas en ce moment. Écrivez"
    else:
        said = f"Nous ne trouvons pas « {text} ». Vérifiez l’orthographe, ou écrivez"
    return Refusal(f"{said} la commune ou le code postal.", field="ou")


def find_address(text: str) -> Address | None:
    """The address meant, or None: not an address, unknown, or the service is not there.

    Raises:
        Unavailable: it does not answer now: a commune may still be found in the text.
    """
    if not addresses.is_configured() or not _STREET.search(text):
        return None
    return addresses.find(text, timeout=addresses.IN_A_SEARCH)


def commune_of(address: Address) -> Commune | None:
    """The commune the service names, or the nearest when we do not have it under that code."""
    named = Commune.objects.filter(code=address.commune_code, active=True).first()
    return named or nearest_commune(address.latitude, address.longitude)
