"""Members of an organisation: invitations, roles, leaving. The last administrator stays."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from preau.accounts import emails
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Invitation, Membership, Organization
from preau.core import audit, clock
from preau.core.errors import Refusal

INVITATION_LIFE = timedelta(days=7)
INVITATIONS_A_DAY = 50


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _lock(organization_id: int) -> Organization:
    """Everything that changes who administers goes through this row, one at a time."""
    return Organization.objects.select_for_update().get(pk=organization_id)


@transaction.atomic
def invite(*, actor: Actor, organization: Organization, email: str, role: str) -> Invitation:
    """Offer a place by e-mail; a pending invitation to the same address is replaced."""
    email = email.strip().lower()
    _lock(organization.pk)
    now = clock.now()
    if Membership.objects.filter(
        organization=organization, user__email=email, ended_at=None
    ).exists():
        raise Refusal("Cette personne est déjà membre de la structure.", field="email")
    sent = Invitation.objects.filter(
        organization=organization, created_at__gt=now - timedelta(days=1)
    )
    if sent.count() >= INVITATIONS_A_DAY:
        raise Refusal(
            f"Votre structure a envoyé {INVITATIONS_A_DAY} invitations depuis hier."
            " Attendez demain pour en envoyer d’autres."
        )
    Invitation.objects.filter(
        organization=organization, email=email, accepted_at=None, revoked_at=None
    ).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role,
        token_digest=digest(token),
        invited_by=actor.user,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    emails.invitation(invitation, token)
    audit.record(actor, "membership.invite", organization, role=role, invitation=invitation.pk)
    return invitation


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation: Invitation) -> None:
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        revoked_at=clock.now()
    )
    if not changed:
        raise Refusal("Cette invitation a déjà été acceptée ou annulée.")
    audit.record(actor, "membership.revoke", invitation.organization, invitation=invitation.pk)


@transaction.atomic
def accept_invitation(*, actor: Actor, invitation: Invitation) -> Membership:
    """Only the address invited may accept: a forwarded link gives nothing."""
    _lock(invitation.organization_id)
    invitation = Invitation.objects.select_related("organization").get(pk=invitation.pk)
    if actor.user is None or actor.user.email != invitation.email.lower():
        raise Refusal(
            "Cette invitation est adressée à une autre adresse que celle de votre compte."
            " Connectez-vous avec l’adresse qui a reçu le courriel.",
            code="other_address",
        )
    if not invitation.is_open:
        raise Refusal(
            "Cette invitation n’est plus valable. Demandez à la structure de vous en envoyer une"
            " nouvelle.",
            code="invitation_over",
        )
    membership, created = Membership.objects.get_or_create(
        user=actor.user,
        organization=invitation.organization,
        ended_at=None,
        defaults={"role": invitation.role},
    )
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=clock.now())
    if created:
        audit.record(actor, "membership.accept", invitation.organization, role=invitation.role)
    return membership


def _live(membership: Membership) -> Membership:
    """The membership as it is now, its organisation locked."""
    _lock(membership.organization_id)
    fresh = (
        Membership.objects.select_related("organization", "user")
        .filter(pk=membership.pk, ended_at=None)
        .first()
    )
    if fresh is None:
        raise Refusal("Cette personne n’est plus membre de la structure.", code="not_member")
    return fresh


def _protect_last_administrator(membership: Membership) -> None:
    others = Membership.objects.filter(
        organization=membership.organization_id,
        role=MembershipRole.ADMINISTRATOR,
        ended_at=None,
    ).exclude(pk=membership.pk)
    if membership.role == MembershipRole.ADMINISTRATOR and not others.exists():
        raise Refusal(
            f"« {membership.organization} » n’aurait plus personne pour l’administrer."
            " Donnez d’abord ce rôle à quelqu’un d’autre.",
            code="last_administrator",
        )


@transaction.atomic
def change_role(*, actor: Actor, membership: Membership, role: str) -> Membership:
    membership = _live(membership)
    if role != MembershipRole.ADMINISTRATOR:
        _protect_last_administrator(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    audit.record(
        actor,
        "membership.change",
        membership.organization,
        membership=membership.pk,
        before=before,
        after=role,
    )
    return membership


def end_membership(membership: Membership, *, actor: Actor, verb: str) -> None:
    membership = _live(membership)
    _protect_last_administrator(membership)
    membership.ended_at = clock.now()
    membership.save(update_fields=["ended_at"])
    audit.record(actor, verb, membership.organization, membership=membership.pk)


@transaction.atomic
def remove_member(*, actor: Actor, membership: Membership) -> None:
    end_membership(membership, actor=actor, verb="membership.remove")


@transaction.atomic
def leave(*, actor: Actor, membership: Membership) -> None:
    end_membership(membership, actor=actor, verb="membership.leave")
