"""Sign-in elsewhere: ProConnect for agents, FranceConnect for residents; off until configured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from preau.accounts.enums import IdentityProvider
from preau.core import clock
from preau.integrations.oidc import Provider
from preau.outside.models import ServiceState
from preau.outside.registry import OutsideService, register

_SCOPES = {
    IdentityProvider.PROCONNECT: "openid given_name usual_name email siret idp_id",
    IdentityProvider.FRANCECONNECT: "openid given_name family_name email",
}
_ABOUT = {
    IdentityProvider.PROCONNECT: "https://www.proconnect.gouv.fr/",
    IdentityProvider.FRANCECONNECT: "https://franceconnect.gouv.fr/",
}
_FOR_WHOM = {
    IdentityProvider.PROCONNECT: "Agents et professionnels",
    IdentityProvider.FRANCECONNECT: "Particuliers",
}
#: Where only a stand-in answers.
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class WayIn:
    """One button of the sign-in page."""

    key: str
    name: str
    for_whom: str
    about_url: str
    is_demonstration: bool


def provider_of(key: str) -> Provider | None:
    """The provider as this site uses it; None when it does not."""
    if key not in IdentityProvider.values:
        return None
    said: dict[str, Any] = getattr(settings, key.upper())
    issuer = said["issuer"].rstrip("/")
    if not (issuer and said["client_id"] and said["client_secret"] and said["levels"]):
        return None
    if settings.IS_PRODUCTION and urlsplit(issuer).scheme != "https":
        return None  # a stand-in serves no true person
    return Provider(
        issuer=issuer,
        client_id=said["client_id"],
        client_secret=said["client_secret"],
        scopes=_SCOPES[IdentityProvider(key)],
        levels=tuple(said["levels"]),
        asks_by_claims=key == IdentityProvider.PROCONNECT,
    )


def offered() -> list[WayIn]:
    """The buttons to show, agents' first."""
    found = []
    for one in IdentityProvider:
        provider = provider_of(one)
        if provider is not None:
            is_stand_in = urlsplit(provider.issuer).hostname in _LOOPBACK
            found.append(WayIn(one, one.label, _FOR_WHOM[one], _ABOUT[one], is_stand_in))
    return found


def is_paused(key: str) -> bool:
    """Whether it failed lately: nobody is sent there to come back for nothing."""
    paused = ServiceState.objects.filter(service=key, account="", paused_until__gt=clock.now())
    return paused.exists()


def register_services() -> None:
    """Make both known to the operator."""
    for one, who in (
        (IdentityProvider.PROCONNECT, "Les agents se connectent avec leur compte professionnel."),
        (IdentityProvider.FRANCECONNECT, "Les habitants se connectent avec FranceConnect."),
    ):
        prefix = f"PREAU_{one.name}"
        register(
            OutsideService(
                key=one,
                name=one.label,
                purpose=who,
                without="On se connecte avec un code reçu par courriel, ou une clé d’accès.",
                is_configured=lambda key=one: provider_of(key) is not None,  # type: ignore[misc]
                settings=(f"{prefix}_ISSUER", f"{prefix}_CLIENT_ID", f"{prefix}_CLIENT_SECRET"),
            )
        )
