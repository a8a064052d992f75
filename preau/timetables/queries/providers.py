"""The organisations that hold services, as Préau knows them."""

from __future__ import annotations

from preau.accounts.enums import MembershipRole
from preau.accounts.models import Organization, User
from preau.agreements.enums import AuthorityRole
from preau.agreements.models import SigningAuthority
from preau.timetables.models import ServiceNeed

_DECIDE = (MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR)


def registered(siret: str) -> Organization | None:
    """The organisation of that number: verified, since anybody may type one before that."""
    if not siret:
        return None
    found = Organization.objects.filter(siret=siret, merged_into=None)
    return found.exclude(verified_at=None).first()


def provider_of(need: ServiceNeed) -> Organization | None:
    """The organisation that a service is tied to, as long as it is a verified one: nothing is
    taken, written nor signed in the name of another."""
    found = need.provider
    if found is None or found.verified_at is None or found.merged_into_id is not None:
        return None
    return found


def signatory_of(provider: Organization) -> SigningAuthority | None:
    """Who the provider itself said signs for it."""
    return SigningAuthority.objects.filter(
        organization=provider, place=None, role=AuthorityRole.OWNER, ended_at=None
    ).first()


def deciders(organization_id: int) -> list[User]:
    """Those who manage an organisation."""
    return list(
        User.objects.filter(
            memberships__organization=organization_id,
            memberships__ended_at=None,
            memberships__role__in=_DECIDE,
            is_active=True,
        ).distinct()
    )
