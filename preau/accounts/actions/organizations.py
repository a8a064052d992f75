"""Organisations: creating, editing, and proving who speaks for them."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from preau.accounts import emails, queries
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, VerificationMethod
from preau.accounts.events import organization_verified
from preau.accounts.models import MailboxChallenge, Membership, Organization
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.outside import provenance

CODE_LIFE = timedelta(minutes=30)
CODE_TRIES = 5
CODES_AN_HOUR = 3
#: What a verified organisation cannot change by itself: it is what was verified.
IDENTITY = ("name", "kind", "siren", "siret", "rna", "commune_id")
#: The constraints by which one verified organisation alone owns a number.
OWNED_NUMBERS = ("organization_verified_siret", "organization_verified_rna")


@transaction.atomic
def create_organization(*, actor: Actor, **fields: Any) -> Membership:
    """Create an unverified organisation; its creator administers it."""
    _refuse_number_taken(fields)
    organization = Organization.objects.create(**fields)
    membership = Membership.objects.create(
        user=actor.person, organization=organization, role=MembershipRole.ADMINISTRATOR
    )
    audit.record(actor, "organization.create", organization, kind=organization.kind)
    return membership


def _refuse_number_taken(fields: dict[str, Any]) -> None:
    for name in ("siret", "rna"):
        number = fields.get(name)
        if number and Organization.objects.exclude(verified_at=None).filter(**{name: number}):
            raise Refusal(
                "Une structure vérifiée porte déjà ce numéro. Demandez à la personne qui"
                " l’administre de vous inviter.",
                field=name,
                code="number_taken",
            )


@transaction.atomic
def edit_organization(*, actor: Actor, organization: Organization, **fields: Any) -> Organization:
    """Change the sheet. Of a verified organisation, only the operator changes the identity."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    changed = [name for name, value in fields.items() if getattr(organization, name) != value]
    touched = {f"{name}_id" if name == "commune" else name for name in changed} & set(IDENTITY)
    if organization.is_verified and touched and not actor.is_operator:
        raise Refusal(
            "Cette structure est vérifiée : son nom, sa nature, ses numéros et sa commune"
            " ne changent qu’avec l’accord de l’opérateur de la plateforme.",
            code="verified_identity",
        )
    for name in changed:
        setattr(organization, name, fields[name])
    _save(organization, changed)
    if {"siren", "siret"} & set(changed):
        provenance.forget(organization)  # what the register said was of another number
    audit.record(actor, "organization.edit", organization, fields=changed)
    return organization


def _save(organization: Organization, changed: list[str]) -> None:
    """Save these fields.

    Raises:
        Refusal: another verified organisation owns the number.
    """
    try:
        with transaction.atomic():
            organization.save(update_fields=changed)
    except IntegrityError as error:
        if not any(name in str(error) for name in OWNED_NUMBERS):
            raise
        raise Refusal(
            "Une structure vérifiée porte déjà ce numéro SIRET ou RNA.", code="number_taken"
        ) from error


# --- Verification -------------------------------------------------------------------------------


def _code_digest(challenge_key: str, code: str) -> str:
    """Keyed by the site's secret: a stolen table does not give the codes."""
    return salted_hmac(
        "accounts.mailbox", f"{challenge_key}:{code}", algorithm="sha256"
    ).hexdigest()


@transaction.atomic
def send_mailbox_code(*, actor: Actor, organization: Organization) -> MailboxChallenge:
    """Send a code to the mailbox that public data gives, never to one that was typed here."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    _refuse_verified(organization)
    mailbox = queries.official_mailbox(organization)
    if not mailbox:
        raise Refusal(
            "Nous ne connaissons pas d’adresse officielle pour cette structure."
            " Demandez la vérification à l’opérateur de la plateforme.",
            code="no_mailbox",
        )
    now = clock.now()
    recent = organization.challenges.filter(created_at__gt=now - timedelta(hours=1))
    if recent.count() >= CODES_AN_HOUR:
        raise Refusal(
            "Trois codes ont été envoyés depuis une heure. Attendez avant d’en demander un autre.",
            code="too_many_codes",
        )
    organization.challenges.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    code = f"{secrets.randbelow(10**8):08d}"
    challenge = MailboxChallenge.objects.create(
        organization=organization,
        asked_by=actor.person,
        mailbox=mailbox,
        code_digest=_code_digest(str(organization.pk), code),
        created_at=now,
        expires_at=now + CODE_LIFE,
    )
    emails.mailbox_code(challenge, f"{code[:4]}-{code[4:]}", int(CODE_LIFE.total_seconds() // 60))
    audit.record(actor, "organization.send_code", organization, challenge=challenge.pk)
    return challenge


def confirm_mailbox_code(*, actor: Actor, organization: Organization, code: str) -> None:
    """Verify the organisation if the code is right. A wrong try counts even when refused."""
    with transaction.atomic():
        refusal = _try_code(actor, organization, code)
    if refusal:
        raise refusal


def _try_code(actor: Actor, organization: Organization, code: str) -> Refusal | None:
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    _refuse_verified(organization)
    # Of the mailbox that speaks for it now: the commune may have been changed since.
    mailbox = queries.official_mailbox(organization)
    codes = organization.challenges.filter(used_at=None, mailbox=mailbox)
    challenge = codes.order_by("-pk").first()
    if challenge is None or clock.now() >= challenge.expires_at or challenge.tries >= CODE_TRIES:
        return Refusal(
            "Ce code n’est plus valable. Demandez-en un nouveau.", field="code", code="code_over"
        )
    challenge.tries += 1
    typed = "".join(character for character in code if character.isdigit())
    right = secrets.compare_digest(challenge.code_digest, _code_digest(str(organization.pk), typed))
    if right:
        challenge.used_at = clock.now()
    challenge.save(update_fields=["tries", "used_at"])
    if right:
        mark_verified(organization, actor, VerificationMethod.MAILBOX, reason="")
        return None
    left = CODE_TRIES - challenge.tries
    advice = f"Il reste {left} essai{'s' if left > 1 else ''}." if left else "Demandez-en un autre."
    return Refusal(f"Ce n’est pas le bon code. {advice}", field="code", code="wrong_code")


def _refuse_verified(organization: Organization) -> None:
    if organization.is_verified:
        raise Refusal("Cette structure est déjà vérifiée.", code="already_verified")


def mark_verified(organization: Organization, actor: Actor, method: str, *, reason: str) -> None:
    """The caller holds its row, and has seen the proof.

    Raises:
        Refusal: another verified organisation owns one of its numbers.
    """
    organization.verified_at = clock.now()
    organization.verified_by_method = method
    organization.verification_asked_at = None
    _save(organization, ["verified_at", "verified_by_method", "verification_asked_at"])
    audit.record(actor, "organization.verify", organization, reason=reason, method=method)
    transaction.on_commit(
        lambda: organization_verified.send(sender=Organization, organization=organization)
    )


@transaction.atomic
def ask_verification(*, actor: Actor, organization: Organization) -> None:
    """Put the organisation on the operator's list."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    _refuse_verified(organization)
    organization.verification_asked_at = organization.verification_asked_at or clock.now()
    organization.save(update_fields=["verification_asked_at"])
    audit.record(actor, "organization.ask_verification", organization)


@transaction.atomic
def verify_organization(*, actor: Actor, organization: Organization, reason: str) -> None:
    """The operator vouches for it, saying on what evidence."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    _refuse_verified(organization)
    mark_verified(organization, actor, VerificationMethod.OPERATOR, reason=reason)
    _tell_administrators(organization, reason)


@transaction.atomic
def refuse_verification(*, actor: Actor, organization: Organization, reason: str) -> None:
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    _refuse_verified(organization)
    organization.verification_asked_at = None
    organization.save(update_fields=["verification_asked_at"])
    audit.record(actor, "organization.refuse_verification", organization, reason=reason)
    _tell_administrators(organization, reason)


def _tell_administrators(organization: Organization, reason: str) -> None:
    for recipient in queries.administrators(organization).values_list("email", flat=True):
        emails.verification_decided(organization, recipient, reason=reason)
