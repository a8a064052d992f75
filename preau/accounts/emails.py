"""The room's e-mails. Each is complete as plain text."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from preau.core import formats
from preau.notifications.actions import enqueue_email
from preau.notifications.emails import compose

if TYPE_CHECKING:
    from preau.accounts.models import Invitation, MailboxChallenge, Organization


def _once(subject: str) -> str:
    return f"accounts:{subject}:{uuid.uuid4()}"


# --- Sign-in ------------------------------------------------------------------------------------


def login_code(email: str, *, code: str, minutes: int) -> None:
    text, html = compose(
        intro="Voici le code pour vous connecter à Préau. Recopiez-le dans la page restée ouverte.",
        facts=[("Votre code", code), ("Valable", f"{minutes}\u00a0minutes")],
        next_steps=(
            "Vous n’avez rien demandé ? Ne faites rien : sans ce code, personne n’entre."
            " Préau ne vous le demandera jamais par téléphone."
        ),
    )
    enqueue_email(
        cause=_once("code"),
        recipient=email,
        subject=f"{code} : votre code de connexion à Préau",
        text=text,
        html=html,
        urgent=True,
    )


def _security_news(
    subject: str,
    intro: str,
    *,
    page: str = "mfa_index",
    advice: str = "retirez la clé inconnue et fermez les autres sessions.",
) -> Any:
    def send(email: str, **context: Any) -> None:
        text, html = compose(
            intro=intro,
            facts=[("Compte", email)],
            button_label="Voir la sécurité de mon compte",
            button_url=reverse(page),
            next_steps=f"Si ce n’est pas vous, ouvrez cette page, {advice}",
        )
        enqueue_email(
            cause=_once("security"), recipient=email, subject=subject, text=text, html=html
        )

    return send


#: What the sign-in library asks to send, by its own name of the message.
SIGN_IN: dict[str, Any] = {
    "account/email/login_code": login_code,
    "mfa/email/webauthn_added": _security_news(
        "Une clé d’accès a été ajoutée à votre compte",
        "Une clé d’accès vient d’être ajoutée à votre compte Préau.",
    ),
    "mfa/email/webauthn_removed": _security_news(
        "Une clé d’accès a été retirée de votre compte",
        "Une clé d’accès vient d’être retirée de votre compte Préau.",
    ),
    "mfa/email/recovery_codes_generated": _security_news(
        "De nouveaux codes de secours pour votre compte",
        "De nouveaux codes de secours viennent d’être créés ; les anciens ne servent plus.",
    ),
}


def identity_linked(email: str, provider: str) -> None:
    _security_news(
        f"{provider} ouvre maintenant votre compte",
        f"Une identité {provider} vient d’être reliée à votre compte Préau : elle l’ouvre.",
        page="accounts:profile",
        advice="retirez-la dans « Façons de se connecter » et fermez les autres sessions.",
    )(email)


def identity_unlinked(email: str, provider: str) -> None:
    _security_news(
        f"{provider} n’ouvre plus votre compte",
        f"L’identité {provider} a été retirée de votre compte Préau : elle ne l’ouvre plus.",
        page="accounts:profile",
        advice="fermez les autres sessions et prévenez-nous.",
    )(email)


def keys_removed(email: str) -> None:
    text, html = compose(
        intro=(
            "À votre demande, l’équipe qui tient Préau a retiré de votre compte les clés d’accès"
            " et les codes de secours."
        ),
        facts=[("Compte", email)],
        button_label="Ajouter une clé d’accès",
        button_url=reverse("mfa_add_webauthn"),
        next_steps=(
            "Connectez-vous avec un code reçu par courriel. Si vous n’avez rien demandé,"
            " prévenez-nous tout de suite."
        ),
    )
    enqueue_email(
        cause=_once("security"),
        recipient=email,
        subject="Les clés d’accès de votre compte ont été retirées",
        text=text,
        html=html,
    )


# --- Organisations ------------------------------------------------------------------------------


def invitation(invitation: Invitation, token: str) -> None:
    organization = invitation.organization
    inviter = invitation.invited_by.full_name if invitation.invited_by else "Une personne"
    zone = organization.commune.time_zone
    expiry = formats.day(formats.local(invitation.expires_at, zone).date())
    text, html = compose(
        intro=f"{inviter} vous invite à rejoindre « {organization} » sur Préau.",
        facts=[
            ("Structure", str(organization)),
            ("Votre rôle", invitation.get_role_display()),
            ("Valable jusqu’au", expiry),
        ],
        button_label="Voir l’invitation",
        button_url=reverse("accounts:invitation", args=[token]),
        next_steps=(
            f"Connectez-vous avec cette adresse ({invitation.email}) : elle vaut preuve."
            " Vous n’attendiez rien ? Ne faites rien, l’invitation s’éteindra."
        ),
    )
    enqueue_email(
        cause=f"invitation:{invitation.pk}:{invitation.token_digest[:12]}",
        recipient=invitation.email,
        subject=f"Invitation à rejoindre « {organization} » sur Préau",
        text=text,
        html=html,
    )


def mailbox_code(challenge: MailboxChallenge, code: str, minutes: int) -> None:
    organization = challenge.organization
    text, html = compose(
        intro=(
            f"{challenge.asked_by.full_name} ({challenge.asked_by.email}) demande à représenter"
            f" « {organization} » sur Préau. Si vous êtes d’accord, donnez-lui ce code."
        ),
        facts=[("Code", code), ("Valable", f"{minutes}\u00a0minutes")],
        next_steps=(
            "Vous ne connaissez pas cette personne ? Ne lui donnez pas le code :"
            " sans lui, elle ne peut pas agir au nom de votre commune."
        ),
    )
    enqueue_email(
        cause=f"mailbox-code:{challenge.pk}",
        recipient=challenge.mailbox,
        subject=f"Un code pour « {organization} » sur Préau",
        text=text,
        html=html,
        urgent=True,
    )


def verification_decided(organization: Organization, recipient: str, *, reason: str) -> None:
    accepted = organization.is_verified
    news = "est vérifiée" if accepted else "n’a pas pu être vérifiée"
    text, html = compose(
        intro=f"Votre structure « {organization} » {news}.",
        facts=[("Motif", reason)],
        button_label="Voir ma structure",
        button_url=reverse("accounts:organization", args=[organization.pk]),
        next_steps=(
            "Elle peut maintenant publier, réserver et signer sur Préau."
            if accepted
            else "Corrigez ce qui est indiqué, puis demandez de nouveau la vérification."
        ),
    )
    enqueue_email(
        cause=_once("verification"),
        recipient=recipient,
        subject=f"« {organization} » {news}",
        text=text,
        html=html,
    )
