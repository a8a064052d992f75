"""The words of the e-mails about signing."""

from __future__ import annotations

import secrets
from datetime import date

from django.db.models import Q
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.accounts.models import User
from preau.agreements.consent import LEVEL
from preau.agreements.instants import moment
from preau.agreements.models import Agreement
from preau.agreements.models.rounds import Signatory, SignatureRound
from preau.core.formats import day, telephone
from preau.notifications.actions import enqueue_email
from preau.notifications.emails import compose

PERSONAL = (
    "Ce lien est personnel : ne le transférez pas. Un code vous sera envoyé à cette adresse pour "
    "vérifier que c’est bien vous."
)


def _what(agreement: Agreement) -> str:
    return f"convention {agreement.number} ({agreement.place.name})"


def _unsigned(agreement: Agreement) -> str:
    """What becomes of what is not signed in time."""
    if agreement.is_amendment:
        return "l’avenant est sans suite et la convention reste comme elle est."
    return "la convention expire et le créneau redevient libre."


def _facts(signatory: Signatory) -> list[tuple[str, str]]:
    agreement, round_ = signatory.round.agreement, signatory.round
    facts = [
        ("Convention", f"{agreement.number}, {agreement.place.name}"),
        ("Vous signez", f"pour {signatory.party}" if signatory.party else "en votre nom"),
    ]
    if round_.is_live:
        facts.append(("Avant le", moment(round_.deadline, agreement.place.zone)))
    return facts


def _contact(agreement: Agreement) -> str:
    place = agreement.place
    ways = [telephone(place.contact_phone or agreement.owner.phone), place.contact_email]
    found = " – ".join(way for way in ways if way)
    return f"{place.name} : {found}" if found else ""


def _send(
    signatory: Signatory,
    kind: str,
    subject: str,
    intro: str,
    *,
    next_steps: str = "",
    button: tuple[str, str] = ("", ""),
    urgent: bool = False,
) -> None:
    text, html = compose(
        facts=_facts(signatory),
        intro=intro,
        button_label=button[0],
        button_url=button[1],
        next_steps=next_steps,
        contact=_contact(signatory.round.agreement),
    )
    enqueue_email(
        cause=f"signatory:{signatory.pk}:{kind}",
        recipient=signatory.email,
        subject=subject,
        text=text,
        html=html,
        urgent=urgent,
    )


def _page(token: str) -> str:
    return reverse("agreements:sign", args=[token])


# --- To the one who signs


def invitation(signatory: Signatory, token: str) -> None:
    """Their turn has come. `token` is new each time, so a new address gets a new letter."""
    agreement = signatory.round.agreement
    _send(
        signatory,
        f"invited:{signatory.link_digest[:16]}",
        f"À signer : {_what(agreement)}",
        f"{agreement.owner} vous invite à lire et à signer la {_what(agreement)}.",
        next_steps=f"C’est à vous d’agir. {PERSONAL}\n\nLe lien est valable 14 jours ; vous "
        "pourrez en redemander un. Vous pouvez aussi refuser, en disant pourquoi.",
        button=("Lire et signer la convention", _page(token)),
    )


def reminder(signatory: Signatory, token: str) -> None:
    agreement = signatory.round.agreement
    _send(
        signatory,
        f"reminder:{signatory.link_digest[:16]}",
        f"Rappel, à signer : {_what(agreement)}",
        f"Votre signature est attendue pour la {_what(agreement)}.",
        next_steps=f"Sans signature dans ce délai, {_unsigned(agreement)} {PERSONAL}",
        button=("Lire et signer la convention", _page(token)),
    )


def link_again(signatory: Signatory, token: str) -> None:
    agreement = signatory.round.agreement
    _send(
        signatory,
        f"link:{signatory.link_digest[:16]}",
        f"Votre nouveau lien : {_what(agreement)}",
        f"Voici un nouveau lien pour la {_what(agreement)}. Les précédents ne servent plus.",
        next_steps=PERSONAL,
        button=("Ouvrir la convention", _page(token)),
    )


def code(signatory: Signatory, digits: str, minutes: int) -> None:
    _send(
        signatory,
        f"code:{secrets.token_hex(8)}",
        # Not the digits: a subject is kept, and shown on locked screens.
        f"Votre code pour signer : {_what(signatory.round.agreement)}",
        f"Votre code est {digits.replace(' ', chr(0xA0))}. Il est valable {minutes} minutes et ne "
        "sert qu’une fois.",
        next_steps="Ne donnez ce code à personne. Si vous n’avez rien demandé, ne faites rien.",
        urgent=True,
    )


# --- How it ended


def signed_by_all(signatory: Signatory, token: str) -> None:
    agreement = signatory.round.agreement
    _send(
        signatory,
        "signed_by_all",
        f"Signée par tous : {_what(agreement)}",
        f"La {_what(agreement)} est signée par toutes les parties ({LEVEL}).",
        next_steps="Vous n’avez plus rien à faire. Téléchargez votre exemplaire : un code vous "
        "sera demandé. Le lien est valable 14 jours ; vous pourrez en redemander un.",
        button=("Télécharger mon exemplaire", _page(token)),
    )


def signed_on_paper(signatory: Signatory, signed_on: date) -> None:
    agreement = signatory.round.agreement
    _send(
        signatory,
        "signed_on_paper",
        f"Signée sur papier : {_what(agreement)}",
        f"{agreement.owner} a déposé la copie de la {_what(agreement)}, signée à la main "
        f"par toutes les parties le {day(signed_on)}.",
        next_steps="Vous n’avez plus rien à signer en ligne. Demandez votre exemplaire papier à "
        f"{agreement.owner} si vous ne l’avez pas.",
    )


def refused(signatory: Signatory, by: Signatory) -> None:
    agreement = signatory.round.agreement
    _send(
        signatory,
        "refused",
        f"Non signée : {_what(agreement)}",
        f"{by.name} ne signera pas la {_what(agreement)}.\n\nMotif : {by.reason}",
        next_steps=f"La signature s’arrête là. {agreement.owner} décide de la suite.",
    )


def expired(signatory: Signatory) -> None:
    agreement = signatory.round.agreement
    _send(
        signatory,
        "expired",
        f"Délai dépassé : {_what(agreement)}",
        f"La {_what(agreement)} n’a pas été signée par toutes les parties dans le délai.",
        next_steps="La convention en vigueur ne change pas. Vous n’avez rien à faire ici."
        if agreement.is_amendment
        else "Le créneau redevient libre. Vous n’avez rien à faire ici.",
    )


def cancelled(signatory: Signatory, reason: str) -> None:
    agreement = signatory.round.agreement
    _send(
        signatory,
        "cancelled",
        f"Retirée de la signature : {_what(agreement)}",
        f"La {_what(agreement)} n’est plus à signer." + (f"\n\nMotif : {reason}" if reason else ""),
        next_steps="Vous n’avez rien à faire.",
    )


# --- To those who run the place


def managers(agreement: Agreement) -> list[str]:
    """Who manages the owner's places."""
    roles = (MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR)
    live = Q(
        memberships__organization=agreement.owner_id,
        memberships__role__in=roles,
        memberships__ended_at=None,
    )
    people = User.objects.filter(live, is_active=True).distinct().order_by("pk")
    return list(people.values_list("email", flat=True))


def _tell_managers(
    round_: SignatureRound, kind: str, subject: str, intro: str, next_steps: str
) -> None:
    agreement = round_.agreement
    text, html = compose(
        facts=[("Convention", f"{agreement.number}, {agreement.place.name}")],
        intro=intro,
        button_label="Voir les signatures",
        button_url=reverse("agreements:round", args=[round_.pk]),
        next_steps=next_steps,
    )
    for address in managers(agreement):
        enqueue_email(
            cause=f"round:{round_.pk}:{kind}:{address}",
            recipient=address,
            subject=subject,
            text=text,
            html=html,
        )


def refused_to_managers(round_: SignatureRound, by: Signatory) -> None:
    _tell_managers(
        round_,
        "refused",
        f"Refus de signer : {_what(round_.agreement)}",
        f"{by.name} refuse de signer la {_what(round_.agreement)}.\n\nMotif : {by.reason}",
        "C’est à vous de décider de la suite : établir une autre convention, ou en rester là.",
    )


def signed_to_managers(round_: SignatureRound) -> None:
    _tell_managers(
        round_,
        "signed",
        f"Signée par tous : {_what(round_.agreement)}",
        f"La {_what(round_.agreement)} est signée par toutes les parties.",
        "Vous n’avez rien à faire. La convention et son dossier de preuve sont dans votre coffre.",
    )
