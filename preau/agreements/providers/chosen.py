"""Which service an organisation signs with, and the keys to it."""

from __future__ import annotations

import json

from django.conf import settings

from preau.agreements.models.rounds import SignatureRound, SigningSettings
from preau.agreements.providers import Provider, ProviderRefused
from preau.agreements.providers.yousign import KEY, Yousign
from preau.agreements.signing_enums import ProviderName
from preau.core.sealed import Unreadable, seal, unseal
from preau.outside.registry import OutsideService

_PURPOSE = "agreements.signing"


def provider_of(organization_id: int) -> Provider | None:
    """The outside service of an organisation; None when it signs with Préau.

    Raises:
        ProviderRefused: its keys cannot be read any more.
    """
    chosen = SigningSettings.objects.filter(organization=organization_id).first()
    if chosen is None or not chosen.credentials:
        return None
    keys = decrypt(chosen.credentials)
    account = f"structure {organization_id}"
    return Yousign(settings.YOUSIGN_URL, keys["api_key"], keys["webhook_secret"], account)


def name_of(organization_id: int) -> ProviderName:
    """What a new round of an organisation's place is signed with."""
    chosen = SigningSettings.objects.filter(organization=organization_id).first()
    return ProviderName(chosen.provider) if chosen else ProviderName.INTERNAL


def encrypt(keys: dict[str, str]) -> str:
    return seal(json.dumps(keys), purpose=_PURPOSE)


def decrypt(text: str) -> dict[str, str]:
    try:
        keys: dict[str, str] = json.loads(unseal(text, purpose=_PURPOSE))
    except Unreadable:
        raise ProviderRefused("the keys were written under another secret") from None
    return keys


def service() -> OutsideService:
    """What the operator reads of it; each organisation gives its own key."""
    return OutsideService(
        key=KEY,
        name="Yousign",
        purpose="Fait signer les conventions des structures qui l’ont choisi.",
        without="La signature attend et repart d’elle-même ; on peut aussi signer avec Préau.",
        is_configured=SigningSettings.objects.exclude(credentials="").exists,
        waiting=SignatureRound.objects.filter(closed_at=None, held_up_since__isnull=False).count,
    )
