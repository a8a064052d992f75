"""Reads of the people's room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from preau.accounts import identifiers
from preau.accounts.enums import IdentityProvider, MembershipRole, OrganizationKind
from preau.accounts.models import (
    Identity,
    Invitation,
    JoinRequest,
    Membership,
    Organization,
    User,
)
from preau.core import clock
from preau.core.french import by_name
from preau.core.models import AuditEvent
from preau.core.registries import personal_data_sources


def memberships_of(user: User) -> QuerySet[Membership]:
    """The live memberships of a person, by name of organisation."""
    return (
        user.memberships.filter(ended_at=None)
        .select_related("organization")
        .order_by(*by_name("organization__name"), "pk")
    )


def members_of(organization: Organization) -> QuerySet[Membership]:
    return (
        organization.memberships.filter(ended_at=None)
        .select_related("user")
        .order_by(*by_name("user__last_name", "user__first_name"), "pk")
    )


def pending_invitations(organization: Organization) -> QuerySet[Invitation]:
    return organization.invitations.filter(
        accepted_at=None, revoked_at=None, expires_at__gt=clock.now()
    ).order_by("-created_at")


def administrators(organization: Organization) -> QuerySet[User]:
    return User.objects.filter(
        memberships__organization=organization,
        memberships__ended_at=None,
        memberships__role=MembershipRole.ADMINISTRATOR,
    ).order_by("pk")


def official_mailbox(organization: Organization) -> str:
    """The address public data gives for it: a commune's town hall, if its SIREN agrees."""
    if organization.kind != OrganizationKind.COMMUNE:
        return ""
    commune = organization.commune
    if organization.siren and not identifiers.is_siren_of_commune(organization.siren, commune.code):
        return ""
    return commune.official_email


def find_by_number(number: str) -> list[Organization]:
    """Organisations under a SIREN, a SIRET or an RNA number; the verified first."""
    number = identifiers.digits(number).upper()
    if not number:
        return []
    found = Organization.objects.filter(Q(siret=number) | Q(siren=number) | Q(rna=number))
    return list(
        found.exclude(verified_at=None).select_related("commune").order_by(*by_name("name"))[:10]
    )


def mergeable(text: str, source: Organization) -> list[Organization]:
    """Organisations that `source` could be merged into: by number, or by a part of the name."""
    text = text.strip()
    number = identifiers.digits(text).upper()
    if len(text) < 3:
        return []
    named = Q(name__icontains=text)
    numbered = Q(siret=number) | Q(siren=number) | Q(rna=number) if number else Q()
    found = Organization.objects.filter(named | numbered, merged_into=None).exclude(pk=source.pk)
    return list(found.select_related("commune").order_by(*by_name("name"), "pk")[:20])


def waiting_for_verification() -> QuerySet[Organization]:
    """Those who asked, oldest first; then the other unverified ones, newest first."""
    return (
        Organization.objects.filter(verified_at=None, merged_into=None)
        .select_related("commune")
        .order_by("verification_asked_at", "-created_at")
    )


def personal_data(user: User) -> dict[str, Any]:
    """Everything that is kept about a person, for their export: each room adds its own."""
    found = _account_data(user) | _ways_in_data(user)
    for source in personal_data_sources:
        found |= source(user)
    return found


def _account_data(user: User) -> dict[str, Any]:
    return {
        "compte": {
            "adresse": user.email,
            "prénom": user.first_name,
            "nom": user.last_name,
            "téléphone": user.phone,
            "commune": str(user.commune or ""),
            "inscription": user.date_joined,
            "dernière connexion": user.last_login,
        },
        "structures": [
            {
                "structure": membership.organization.name,
                "rôle": membership.get_role_display(),
                "depuis": membership.started_at,
                "jusqu’à": membership.ended_at,
            }
            for membership in user.memberships.select_related("organization").order_by("pk")
        ],
        "invitations reçues": [
            {"structure": invitation.organization.name, "envoyée": invitation.created_at}
            for invitation in Invitation.objects.filter(email=user.email).select_related(
                "organization"
            )
        ],
        "sessions ouvertes": [
            {"adresse IP": one.ip, "appareil": one.user_agent, "depuis": one.created_at}
            for one in UserSession.objects.filter(user=user).order_by("pk")
        ],
        "journal": list(
            AuditEvent.objects.filter(user=user)
            .order_by("pk")
            .values("at", "verb", "subject_type", "subject_id", "reason")
        ),
    }


def _ways_in_data(user: User) -> dict[str, Any]:
    return {
        "identités reliées": [
            {
                "service": one.get_provider_display(),
                "identifiant": one.sub,
                "SIRET": one.siret,
                "reliée le": one.linked_at,
                "dernière connexion": one.last_used_at,
            }
            for one in identities_of(user)
        ],
        "demandes d’adhésion": [
            {
                "structure": one.organization.name,
                "demandée le": one.asked_at,
                "répondue le": one.answered_at,
                "acceptée": one.is_accepted,
            }
            for one in user.join_requests.select_related("organization").order_by("pk")
        ],
    }


def identity(provider: str, sub: str) -> Identity | None:
    """Whom a provider's identifier names here. Never found by an address."""
    found = Identity.objects.select_related("user").filter(provider=provider, sub=sub)
    return found.first()


def identities_of(user: User) -> QuerySet[Identity]:
    return user.identities.order_by("provider", "linked_at", "pk")


def sirets_of(user: User, since: datetime | None = None) -> list[str]:
    """The employers that ProConnect last gave for a person; since then only, if asked."""
    found = user.identities.filter(provider=IdentityProvider.PROCONNECT).exclude(siret="")
    if since is not None:
        found = found.filter(last_used_at__gte=since)
    return list(found.order_by("-last_used_at", "pk").values_list("siret", flat=True))


def employer_to_join(user: User) -> str:
    """The number of the employer that ProConnect gave last, unless the person acts for it already;
    "" without one."""
    siret = next(iter(sirets_of(user)), "")
    joined = user.memberships.filter(ended_at=None, organization__siren=siret[:9])
    return "" if siret and joined.exists() else siret


def employers_of(user: User) -> list[Organization]:
    """The verified organisations of these numbers: the very establishment first, then others of
    the same legal unit."""
    sirets = sirets_of(user)
    if not sirets:
        return []
    found = Organization.objects.filter(
        Q(siret__in=sirets) | Q(siren__in=[siret[:9] for siret in sirets]), merged_into=None
    ).exclude(verified_at=None)
    listed = list(found.select_related("commune").order_by(*by_name("name"), "pk")[:20])
    return sorted(listed, key=lambda one: one.siret not in sirets)


def join_requests_to(organization: Organization) -> QuerySet[JoinRequest]:
    pending = organization.join_requests.filter(answered_at=None)
    return pending.select_related("user").order_by("asked_at", "pk")


def passkeys_of(user: User) -> QuerySet[Authenticator]:
    keys: QuerySet[Authenticator] = Authenticator.objects.filter(
        user=user, type=Authenticator.Type.WEBAUTHN
    )
    return keys
