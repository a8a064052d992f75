"""The e-mails about deposits: to who handed one over, to the office that holds it."""

from __future__ import annotations

from preau.core import formats
from preau.payments import bank_links
from preau.payments.enums import DepositState
from preau.payments.letters import contact_of, tell
from preau.payments.models import Deposit
from preau.payments.recipients import hands_of, holders
from preau.payments.topics import BACK, TO_DECIDE


def _tell_holder(deposit: Deposit, step: str, subject: str, intro: str, **more: str) -> None:
    facts = [("Objet", deposit.label), ("Caution", formats.euros(deposit.wanted_cents))]
    if deposit.kept_cents:
        facts += [
            ("Somme retenue", formats.euros(deposit.kept_cents)),
            ("Motif", deposit.reason),
        ]
    if deposit.decision:
        facts.append(("Réponse du lieu", deposit.decision))
    tell(
        holders(deposit),
        deposit.holder_email,
        topic=BACK.key,
        cause=f"deposit:{deposit.pk}:{step}",
        subject=subject,
        intro=intro,
        facts=facts,
        url=deposit.get_absolute_url(),
        link=bank_links.deposit_address(deposit),
        button="Voir la caution",
        contact=contact_of(deposit.office),
        **more,
    )


def tell_wanted(deposit: Deposit, *, turn: str = "", is_new: bool = True) -> None:
    """Asked, or asked otherwise: `turn` tells one change from another."""
    euros = formats.euros(deposit.wanted_cents)
    asked = f"Une caution de {euros} est demandée."
    if not is_new:
        asked = f"La caution demandée a changé : elle est maintenant de {euros}."
    _tell_holder(
        deposit,
        f"wanted:{turn}" if turn else "wanted",
        f"{'Une caution est à remettre' if is_new else 'La caution a changé'} : {deposit.label}",
        f"{asked} Remettez-la au plus tard à l’état des lieux d’entrée.",
        next_steps=deposit.office.counter_text
        or "Elle vous est rendue après l’état des lieux de sortie si rien n’est abîmé.",
    )


def tell_dropped(deposit: Deposit, *, turn: str) -> None:
    _tell_holder(
        deposit,
        f"dropped:{turn}",
        f"Plus de caution à remettre : {deposit.label}",
        "La caution qui vous était demandée ne l’est plus : vous n’avez rien à remettre.",
    )


def tell_differs(deposit: Deposit, cents: int, *, turn: str) -> None:
    """What was handed over is not what the new price asks, or is it again: to both sides, once a
    price."""
    fits = cents == deposit.wanted_cents
    if fits:
        steps = "Elle convient de nouveau : le lieu la garde.", "Elle convient de nouveau."
    elif cents:
        steps = (
            "Le lieu vous écrira s’il veut la remplacer.",
            "Convenez avec lui de la suite : la garder telle quelle, ou la rendre.",
        )
    else:
        steps = "Le lieu vous la rendra.", "Rendez-la-lui, et notez-le sur sa page."
    held = f"{formats.euros(deposit.wanted_cents)}, {deposit.get_means_display().lower()}"
    asked = f"est maintenant de {formats.euros(cents)}" if cents else "n’est plus demandée"
    _tell_holder(
        deposit,
        f"differs:{turn}",
        f"La caution demandée a changé : {deposit.label}",
        f"Le prix a changé, et la caution {asked}. Vous n’avez rien à faire : celle que vous avez"
        f" remise ({held}) reste telle quelle.",
        next_steps=steps[0],
    )
    tell(
        hands_of(deposit.office),
        "",
        topic=TO_DECIDE.key,
        cause=f"deposit:{deposit.pk}:differs:{turn}:office",
        subject=f"Caution reçue, {'même' if fits else 'autre'} montant demandé : {deposit.label}",
        intro=f"Le prix a changé, et la caution {asked}. Celle que vous détenez ({held}) n’a pas"
        " changé ; l’occupant en est prévenu.",
        facts=[("Occupant", deposit.holder_name), ("Caution détenue", held)],
        url=deposit.get_absolute_url(),
        button="Voir la caution",
        next_steps=steps[1],
    )


def tell_received(deposit: Deposit) -> None:
    _tell_holder(
        deposit,
        "received",
        f"Votre caution est reçue : {deposit.label}",
        f"{deposit.office.organization} a bien reçu votre caution"
        f" ({deposit.get_means_display().lower()}).",
        next_steps="Elle vous est rendue après l’état des lieux de sortie si rien n’est abîmé.",
    )


def tell_proposed(deposit: Deposit) -> None:
    assert deposit.answer_by is not None
    until = formats.day(formats.local(deposit.answer_by, deposit.office.zone).date())
    _tell_holder(
        deposit,
        f"proposed:{deposit.told_at}",
        f"Retenue annoncée sur votre caution : {deposit.label}",
        f"{deposit.office.organization} annonce une retenue sur votre caution. Rien n’est retenu"
        f" pour l’instant : vous pouvez répondre jusqu’au {until}.",
        next_steps="Regardez le motif et les photos, puis répondez depuis cette page. Sans réponse"
        " à cette date, la retenue pourra être confirmée.",
    )


def tell_answered(deposit: Deposit) -> None:
    tell(
        hands_of(deposit.office),
        "",
        topic=TO_DECIDE.key,
        cause=f"deposit:{deposit.pk}:answered:{deposit.told_at}",
        subject=f"L’occupant répond au sujet de la caution : {deposit.label}",
        intro=deposit.answer or "L’occupant est d’accord avec la retenue annoncée.",
        facts=[
            ("Occupant", deposit.holder_name),
            ("Retenue annoncée", formats.euros(deposit.kept_cents)),
            ("D’accord", "Oui" if deposit.agrees else "Non"),
        ],
        url=deposit.get_absolute_url(),
        button="Lire et décider",
    )


def tell_closed(deposit: Deposit) -> None:
    if deposit.state == DepositState.RETURNED:
        _tell_holder(
            deposit,
            "closed",
            f"Votre caution vous est rendue : {deposit.label}",
            f"{deposit.office.organization} vous rend votre caution en entier.",
        )
        return
    _tell_holder(
        deposit,
        "closed",
        f"Décision sur votre caution : {deposit.label}",
        f"{deposit.office.organization} retient {formats.euros(deposit.kept_cents)} sur votre"
        f" caution ; {formats.euros(deposit.back_cents)} vous sont rendus.",
        next_steps="Vous n’êtes pas d’accord ? Écrivez d’abord au lieu, à l’adresse ci-dessous.",
    )
