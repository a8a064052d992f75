"""The words of the e-mails about money."""

from __future__ import annotations

from django.urls import reverse

from preau.core.formats import day, euros, hour, local
from preau.notifications.actions import Mail, enqueue_email, notify
from preau.notifications.emails import compose
from preau.payments import bank_links, titles, topics
from preau.payments.enums import IncidentKind, Nature, OfficeMode
from preau.payments.letters import contact_of, tell
from preau.payments.models import Due, Incident, Payment
from preau.payments.recipients import hands_of, payers


def tell_incident(incident: Incident) -> None:
    """The régisseur, by the office's address too: once for each amount proposed."""
    office, due = incident.office, incident.due
    title = f"À traiter : {IncidentKind(incident.kind).label.lower()} ({due.number})"
    url = reverse("payments:incident", args=[incident.key])
    facts = [("Somme due", f"{due.label}, n° {due.number}"), ("Payeur", due.payer_name)]
    if incident.refund_cents:
        facts.append(("À rendre", euros(incident.refund_cents)))
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
        topic=topics.INCIDENTS.key,
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
    left = f"Il reste {euros(due.left_cents)} à payer." if due.left_cents else "Tout est payé."
    tell(
        payers(due),
        due.payer_email,
        topic=topics.PAID.key,
        cause=f"payments.paid:{entry.pk}",
        subject=f"Paiement reçu : {euros(entry.cents)} pour {due.label}",
        intro=f"{due.payee.name} a bien reçu votre paiement. {left}",
        facts=[
            ("Objet", due.label),
            ("Reçu", f"{euros(entry.cents)}, écriture n° {entry.number}"),
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
    subject = f"{euros(due.left_cents)} à payer : {due.label}"
    until, button = "", "Voir le détail et payer"
    if due.due_by is not None:
        wall = local(due.due_by, due.zone)
        until = f" au plus tard le {day(wall.date())} à {hour(wall)}"
    intro = f"{due.payee.name} vous demande de régler {euros(due.left_cents)}{until}."
    if due.office.mode == OfficeMode.TITRE or titles.is_handed(due):
        subject = f"Avis à venir, {euros(due.left_cents)} : {due.label}"
        intro = (
            f"Vous recevrez un avis des sommes à payer de {euros(due.left_cents)}, de la part de"
            f" {due.payee.name}. Attendez-le pour régler : il dit comment."
        )
        button = "Voir le détail"
    tell(
        payers(due),
        due.payer_email,
        topic=topics.PAID.key,
        cause=cause,
        subject=subject,
        intro=intro,
        facts=[("Objet", due.label), ("Numéro", due.number), ("À", due.payee.name)],
        url=due.get_absolute_url(),
        link=bank_links.due_address(due),
        button=button,
        contact=contact_of(due.office),
    )
