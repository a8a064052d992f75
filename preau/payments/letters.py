"""The e-mails about sums due, papers and refunds. Written in the transaction that makes them true.

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
from preau.payments import bank_links, titles
from preau.payments.enums import IncidentKind, Nature, PaperKind
from preau.payments.models import CollectingOffice, Due, Incident, Paper, Payment, Refund
from preau.payments.recipients import hands_of, payers
from preau.payments.topics import BACK, INCIDENTS, PAID, PAPERS, TO_DECIDE

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


# --- Sums due


def tell_incident(incident: Incident) -> None:
    """The régisseur, by the office's address too: once for each amount proposed."""
    office, due = incident.office, incident.due
    title = f"À traiter : {IncidentKind(incident.kind).label.lower()} ({due.number})"
    url = reverse("payments:incident", args=[incident.key])
    facts = [("Somme due", f"{due.label}, n° {due.number}"), ("Payeur", due.payer_name)]
    if incident.refund_cents:
        facts.append(("À rendre", formats.euros(incident.refund_cents)))
    text, html = compose(
        facts=facts,
        intro=incident.facts,
        button_label="Voir l’incident",
        button_url=url,
        next_steps="Rendez la somme ou expliquez la suite donnée : l’incident reste ouvert"
        " jusque-là.",
    )
    cause = f"payments.incident:{incident.pk}:{incident.refund_cents}"
    people = hands_of(office)
    notify(
        people,
        topic=INCIDENTS.key,
        title=title,
        body=incident.facts,
        url=url,
        cause=cause,
        email=Mail(title, text, html),
    )
    if office.contact_email and office.contact_email not in {one.email for one in people}:
        enqueue_email(
            cause=cause, recipient=office.contact_email, subject=title, text=text, html=html
        )


def tell_paid(due: Due, entry: Payment) -> None:
    """The payer: what was received, and what is left."""
    left = (
        f"Il reste {formats.euros(due.left_cents)} à payer." if due.left_cents else "Tout est payé."
    )
    tell(
        payers(due),
        due.payer_email,
        topic=PAID.key,
        cause=f"payments.paid:{entry.pk}",
        subject=f"Paiement reçu : {formats.euros(entry.cents)} pour {due.label}",
        intro=f"{due.payee.name} a bien reçu votre paiement. {left}",
        facts=[
            ("Objet", due.label),
            ("Reçu", f"{formats.euros(entry.cents)}, écriture n° {entry.number}"),
            ("À", due.payee.name),
        ],
        url=due.get_absolute_url(),
        link=bank_links.due_address(due),
        button="Voir le détail",
    )


def tell_to_pay(due: Due) -> None:
    """Who owes it but has no page that says so: they booked by telephone, or have left.

    Once for each sum, what is asked being written line by line, and again each time that what was
    paid is taken back. Where the public accountant collects, they have only to wait.
    """
    last = due.lines.order_by("id").last()
    cause = f"payments.to_pay:{due.pk}:{last.pk if last else 0}"
    if reversals := due.payments.filter(nature=Nature.REVERSAL).count():
        cause += f":{reversals}"
    subject = f"{formats.euros(due.left_cents)} à payer : {due.label}"
    until, button = "", "Voir le détail et payer"
    if due.due_by is not None:
        wall = formats.local(due.due_by, due.zone)
        until = f" au plus tard le {formats.day(wall.date())} à {formats.hour(wall)}"
    intro = f"{due.payee.name} vous demande de régler {formats.euros(due.left_cents)}{until}."
    if titles.is_billed(due):
        subject = f"Avis à venir, {formats.euros(due.left_cents)} : {due.label}"
        intro = (
            f"Vous recevrez un avis des sommes à payer de {formats.euros(due.left_cents)},"
            f" de la part de {due.payee.name}. Attendez-le pour régler : il dit comment."
        )
        button = "Voir le détail"
    tell(
        payers(due),
        due.payer_email,
        topic=PAID.key,
        cause=cause,
        subject=subject,
        intro=intro,
        facts=[("Objet", due.label), ("Numéro", due.number), ("À", due.payee.name)],
        url=due.get_absolute_url(),
        link=bank_links.due_address(due),
        button=button,
        contact=contact_of(due.office),
    )


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
