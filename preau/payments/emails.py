"""The words of the e-mails about money."""

from __future__ import annotations

from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.accounts.models import User
from preau.core.formats import euros
from preau.notifications.actions import Mail, enqueue_email, notify
from preau.notifications.emails import compose
from preau.payments import topics
from preau.payments.enums import IncidentKind
from preau.payments.models import CollectingOffice, Due, Incident, Payment


def keepers_of(office: CollectingOffice) -> list[User]:
    """Who sees to the money of an office."""
    found = User.objects.filter(
        memberships__organization=office.organization_id,
        memberships__ended_at=None,
        memberships__role__in=[MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR],
    )
    return list(found.distinct().order_by("pk"))


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
    people = keepers_of(office)
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
    title = f"Paiement reçu : {euros(entry.cents)} pour {due.label}"
    url = reverse("payments:due", args=[due.key])
    left = f"Il reste {euros(due.left_cents)} à payer." if due.left_cents else "Tout est payé."
    text, html = compose(
        facts=[
            ("Objet", due.label),
            ("Reçu", f"{euros(entry.cents)}, écriture n° {entry.number}"),
            ("À", due.payee.name),
        ],
        intro=f"{due.payee.name} a bien reçu votre paiement. {left}",
        button_label="Voir le détail" if due.payer_user_id else "",
        button_url=url if due.payer_user_id else "",
    )
    cause = f"payments.paid:{entry.pk}"
    if due.payer_user is not None:
        notify(
            [due.payer_user],
            topic=topics.PAID.key,
            title=title,
            body=left,
            url=url,
            cause=cause,
            email=Mail(title, text, html),
        )
    elif due.payer_email:
        enqueue_email(cause=cause, recipient=due.payer_email, subject=title, text=text, html=html)
