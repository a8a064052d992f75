"""The organisations that hold services, as Préau knows them."""

from __future__ import annotations

from preau.accounts.models import Organization


def registered(siret: str) -> Organization | None:
    """The organisation of that number: verified, since anybody may type one before that."""
    if not siret:
        return None
    found = Organization.objects.filter(siret=siret, merged_into=None)
    return found.exclude(verified_at=None).first()
