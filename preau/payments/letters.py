"""The e-mails about papers, refunds and deposits. Written in the transaction that makes them true.

A person with an account is told by a notice; who has none, by a letter to the address they left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse

from preau.accounts.models import User
from preau.core import formats
from preau.notifications.actions.notices import Mail, notify
from preau.notifications.actions.outbox import enqueue_email
from preau.notifications.emails import compose
from preau.payments import bank_links
from preau.payments.enums import DepositState, PaperKind
from preau.payments.models import CollectingOffice, Deposit, Paper, Refund
from preau.payments.recipients import hands_of, holders, payers
from preau.payments.topics import BACK, PAPERS, TO_DECIDE

Facts = Sequence[tuple[str, str]]


def tell(  # noqa: PLR0913  one argument a part of the message
    users: Iterable[User],
    address: str,
    *,
    topic: str,
    cause: str,
    subject: str,
    intro: str,
    facts: Facts,
    url: str,
    button: str,
    next_steps: str = "",
    contact: str = "",
    link: str = "",
) -> None:
    """One message to all; `link` instead of `url` for who has no account."""
    people = list(users)
    text, html = compose(
        facts=facts,
        intro=intro,
        button_label=button if people or link else "",
        button_url=url if people else link,
        next_steps=next_steps,
        contact=contact,
    )
    if people:
        mail = Mail(subject, text, html)
        notify(people, topic=topic, title=subject, cause=cause, url=url, body=intro, email=mail)
    elif address:
        enqueue_email(cause=cause, recipient=address, subject=subject, text=text, html=html)


def contact_of(office: CollectingOffice) -> str:
    parts = [office.contact_name or office.name, office.contact_email, office.contact_phone]
    return ", ".join(part for part in parts if part)


# --- Papers


def tell_paper(paper: Paper) -> None:
    due, office = paper.due, paper.office
    people = payers(due)
    if paper.kind == PaperKind.RECEIPT and people:
        return  # who has an account was told of the payment, and finds it on the same page
    tell(
        people,
        due.payer_email,
        topic=PAPERS.key,
        cause=f"paper:{paper.pk}",
        subject=f"{paper} : {due.label}",
        intro=f"{office.organization} met à votre disposition ce document : {paper}.",
        facts=[("Objet", due.label), ("Montant", formats.euros(paper.total_cents))],
        url=reverse("payments:paper", args=[paper.key]),
        link=bank_links.paper_address(paper),
        button="Voir le document",
        next_steps="Il reste dans vos documents : vous n’avez rien à faire.",
        contact=contact_of(office),
    )


# --- Refunds


def _refund_facts(refund: Refund) -> Facts:
    return [
        ("Objet", refund.due.label),
        ("Somme", formats.euros(refund.cents)),
        ("Motif", refund.reason),
    ]


def tell_asked(refund: Refund) -> None:
    """To those who may approve: not to who asked."""
    tell(
        [one for one in hands_of(refund.office) if one.pk != refund.asked_by_id],
        "",
        topic=TO_DECIDE.key,
        cause=f"refund:{refund.pk}:asked",
        subject=f"Remboursement à approuver : {formats.euros(refund.cents)}, {refund.due.label}",
        intro="Un remboursement est demandé. Une autre personne que celle qui l’a demandé doit"
        " l’approuver ou le refuser.",
        facts=_refund_facts(refund),
        url=refund.get_absolute_url(),
        button="Voir la demande",
    )


def tell_refused(refund: Refund) -> None:
    if refund.asked_by is None:
        return
    tell(
        [refund.asked_by],
        "",
        topic=TO_DECIDE.key,
        cause=f"refund:{refund.pk}:refused",
        subject=f"Remboursement refusé : {refund.due.label}",
        intro="Le remboursement que vous avez demandé n’est pas approuvé.",
        facts=[*_refund_facts(refund), ("Refus", refund.decision)],
        url=refund.get_absolute_url(),
        button="Voir la demande",
    )


def ask_bank(refund: Refund, *, turn: str = "first") -> None:
    """The payer is asked where to send the money; the link works signed out."""
    tell(
        payers(refund.due),
        refund.due.payer_email,
        topic=BACK.key,
        cause=f"refund:{refund.pk}:bank:{turn}",
        subject=f"{formats.euros(refund.cents)} vous seront rendus : {refund.due.label}",
        intro=f"{refund.office.organization} vous rend une somme. Indiquez le compte bancaire sur"
        " lequel la verser.",
        facts=_refund_facts(refund),
        url=bank_links.bank_address(refund),
        link=bank_links.bank_address(refund),
        button="Indiquer mon compte",
        next_steps="Vos coordonnées bancaires sont chiffrées, ne servent qu’à ce versement et sont"
        " effacées dès qu’elles sont transmises à la comptabilité.",
        contact=contact_of(refund.office),
    )


def tell_refund_paid(refund: Refund) -> None:
    tell(
        payers(refund.due),
        refund.due.payer_email,
        topic=BACK.key,
        cause=f"refund:{refund.pk}:paid",
        subject=f"{formats.euros(refund.cents)} vous ont été rendus : {refund.due.label}",
        intro=f"{refund.office.organization} a noté le versement de votre remboursement. Selon"
        " votre banque, il apparaît sur votre compte en quelques jours.",
        facts=_refund_facts(refund),
        url=refund.due.get_absolute_url(),
        link=bank_links.due_address(refund.due),
        button="Voir le détail",
        contact=contact_of(refund.office),
    )


# --- Deposits


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
    """What was handed over is not what the new price asks: to both sides, once a price."""
    held = f"{formats.euros(deposit.wanted_cents)}, {deposit.get_means_display().lower()}"
    asked = f"est maintenant de {formats.euros(cents)}" if cents else "n’est plus demandée"
    _tell_holder(
        deposit,
        f"differs:{turn}",
        f"La caution demandée a changé : {deposit.label}",
        f"Le prix a changé, et la caution {asked}. Celle que vous avez remise ({held}) reste"
        " telle quelle, sans rien faire de votre part.",
        next_steps="Le lieu vous écrira s’il veut la remplacer."
        if cents
        else "Le lieu vous la rendra.",
    )
    tell(
        hands_of(deposit.office),
        "",
        topic=TO_DECIDE.key,
        cause=f"deposit:{deposit.pk}:differs:{turn}:office",
        subject=f"Caution reçue, autre montant demandé : {deposit.label}",
        intro=f"Le prix a changé, et la caution {asked}. Celle que vous détenez ({held}) n’a pas"
        " changé ; l’occupant en est prévenu.",
        facts=[("Occupant", deposit.holder_name), ("Caution détenue", held)],
        url=deposit.get_absolute_url(),
        button="Voir la caution",
        next_steps="Convenez avec lui de la suite : la garder telle quelle, ou la rendre."
        if cents
        else "Rendez-la-lui, et notez-le sur sa page.",
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
