"""Choosing the service an organisation signs with."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.agreements.models.rounds import SigningSettings
from preau.agreements.providers import chosen
from preau.agreements.signing_enums import ProviderName
from preau.core import audit
from preau.core.errors import Refusal


def of(organization: Organization) -> SigningSettings:
    """The organisation's settings, or those of who chose nothing."""
    found = SigningSettings.objects.filter(organization=organization).first()
    return found or SigningSettings(organization=organization)


@transaction.atomic
def choose_provider(
    organization: Organization, *, provider: str, api_key: str, webhook_secret: str, actor: Actor
) -> None:
    """For the rounds to come; those under way go on where they are.

    Raises:
        Refusal: an outside service without its key and its secret.
    """
    present = of(organization)
    keys = chosen.decrypt(present.credentials) if present.credentials else {}
    typed = {"api_key": api_key.strip(), "webhook_secret": webhook_secret.strip()}
    keys |= {name: value for name, value in typed.items() if value}
    for name in typed:
        if provider != ProviderName.INTERNAL and not keys.get(name):
            raise Refusal("Ce service en a besoin.", field=name, code="missing_key")
    present.provider = provider
    # Kept when going back to ours: the rounds under way there still need them.
    present.credentials = chosen.encrypt(keys) if keys else ""
    present.save()
    audit.record(actor, "agreement.set_provider", organization, provider=provider)
