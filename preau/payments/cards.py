"""What other pages say of money: the home page, a place's, a booking's, a due's, an office's."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.models import User
from preau.accounts.perms import allowed
from preau.core import clock, formats
from preau.core.cards import Card, Panel
from preau.core.formats import count, euros
from preau.core.registries import (
    booking_panels,
    dashboard_cards,
    organization_past,
    personal_data_sources,
)
from preau.payments import queries
from preau.payments.actions.refunds import may_ask_cents
from preau.payments.enums import (
    HELD_DEPOSITS,
    DepositState,
    DueState,
    IncidentState,
    OfficeMode,
    RefundState,
)
from preau.payments.models import CollectingOffice, Deposit, Due, Incident, Refund
from preau.payments.panels import due_panels, office_panels
from preau.places.models import Place


def to_pay(request: HttpRequest) -> Card | None:
    actor = actor_of(request)
    if actor.user is None:
        return None
    waiting = list(queries.to_pay(actor)[:50])
    if not waiting:
        return None
    total = sum(due.left_cents for due in waiting)
    one = waiting[0] if len(waiting) == 1 else None
    return Card(
        title=f"{euros(total)} à payer",
        href=one.get_absolute_url() if one else reverse("payments:mine"),
        text=one.label if one else f"{count(len(waiting), 'somme')} à régler.",
        badge=("warning", "À faire"),
    )


def to_see_to(request: HttpRequest) -> Card | None:
    """For the régisseur: incidents nobody has seen to."""
    actor = actor_of(request)
    organization = actor.organization
    if organization is None or not allowed(actor, "payments.set_up", organization):
        return None
    found = Incident.objects.filter(
        office__organization=organization, state=IncidentState.OPEN
    ).order_by("id")
    offices = list(found.values_list("office_id", flat=True)[:100])
    if not offices:
        return None
    return Card(
        title=f"{count(len(offices), 'incident')} de paiement à traiter",
        href=reverse("payments:office", args=[offices[0]]),
        text="La régie doit rendre une somme, ou dire ce qui a été fait.",
        badge=("error", "À traiter"),
    )


def offices(request: HttpRequest) -> Card | None:
    """For the régisseur: the way to what their organisation collects, and what is late."""
    actor = actor_of(request)
    organization = actor.organization
    if organization is None or not allowed(actor, "payments.set_up", organization):
        return None
    kept = [one for one in queries.offices_of(actor) if one.asks]
    if not kept:
        return None
    due = Due.objects.filter(office__in=kept, state=DueState.OPEN)
    mine = ~Q(office__mode=OfficeMode.TITRE)  # the accountant says until when a title is paid
    late = Count("pk", filter=mine & Q(due_by__lt=clock.now()))
    found = due.aggregate(number=Count("pk"), late=late)
    text = f"{count(found['number'], 'somme')} à payer" if found["number"] else "Tout est payé"
    if found["late"]:
        text += f", dont {found['late']} en retard"
    one = kept[0] if len(kept) == 1 else None
    return Card(
        title=one.name if one else "Régies et paiements",
        href=reverse("payments:office", args=[one.pk]) if one else reverse("payments:offices"),
        text=f"{text}.",
    )


def office_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """Who collects for a place."""
    actor = actor_of(request)
    if not allowed(actor, "payments.set_up", place):
        return None
    office = queries.office_of(place)
    context = {
        "office": office,
        "may_read": office is not None and allowed(actor, "payments.read_office", office),
        "may_open": allowed(actor, "payments.set_up", place.owner),
    }
    return Panel("Encaissement", "payments/place_panel.html", context, is_empty=office is None)


def deposit_of_booking(request: HttpRequest, booking: Any) -> Panel | None:
    """The deposit of a booking, for both sides."""
    source = f"booking:{booking.reference}"
    found = Deposit.objects.filter(source=source).select_related("office", "place").first()
    if found is None or not allowed(actor_of(request), "payments.read_deposit", found):
        return None
    if found.state == DepositState.DROPPED:
        return None
    receives = allowed(actor_of(request), "payments.receive_deposit", found)
    context = {"deposit": found, "receives": receives}
    return Panel("Caution", "payments/deposits/_deposit_panel.html", context)


def papers_of_due(request: HttpRequest, due: Due) -> Panel | None:
    """Receipts, invoices and refunds, on the page of a sum."""
    actor = actor_of(request)
    papers = due.papers.select_related("payment__reversed_by").order_by("id")
    refunds = list(due.refunds.select_related("due__office").order_by("id"))
    keeps = allowed(actor, "payments.ask_refund", due)
    most = may_ask_cents(due) if keeps else 0
    if not papers and not refunds and not most:
        return None
    context = {"due": due, "papers": papers, "refunds": refunds, "keeps": keeps, "most": most}
    return Panel("Reçus, factures et remboursements", "payments/_due_panel.html", context)


def work_of_office(request: HttpRequest, office: CollectingOffice) -> Panel | None:
    """What waits beside what is due: refunds, deposits, papers, the journal."""
    refunds, deposits = office.refunds, office.deposits
    context = {
        "office": office,
        "to_approve": refunds.filter(state=RefundState.ASKED).count(),
        "to_send": refunds.filter(state=RefundState.APPROVED).count(),
        "to_confirm": refunds.filter(state=RefundState.EXPORTED).count(),
        "wanted": deposits.filter(state=DepositState.WANTED).count(),
        "held": deposits.filter(state__in=HELD_DEPOSITS).count(),
        "has_titles": office.mode == OfficeMode.TITRE or office.title_batches.exists(),
    }
    return Panel("Suites des paiements", "payments/_office_panel.html", context)


def to_decide(request: HttpRequest) -> Card | None:
    """Refunds somebody else asked, deposits whose occupant has had their say."""
    actor = actor_of(request)
    offices = [
        one for one in queries.offices_of(actor) if allowed(actor, "payments.decide_refund", one)
    ]
    if not offices:
        return None
    mine = Q(asked_by=None) | ~Q(asked_by=actor.user)
    refunds = Refund.objects.filter(mine, office__in=offices, state=RefundState.ASKED)
    number = refunds.count()
    if number:
        first = refunds.order_by("id").first()
        assert first is not None
        return Card(
            f"{formats.count(number, 'remboursement')} à approuver",
            reverse("payments:refunds", args=[first.office_id]),
            f"Le plus ancien : {formats.euros(first.cents)}, {first.due.label}.",
            ("warning", "À faire"),
        )
    heard = Q(answered_at__isnull=False) | Q(answer_by__lte=clock.now())
    ready = Deposit.objects.filter(heard, office__in=offices, state=DepositState.PROPOSED)
    found = ready.order_by("id").first()
    if found is None:
        return None
    return Card(
        f"{formats.count(ready.count(), 'caution')} à décider",
        reverse("payments:deposits", args=[found.office_id]),
        f"L’occupant a répondu, ou le délai est passé : {found.label}.",
        ("warning", "À faire"),
    )


def personal_data(user: User) -> dict[str, Any]:
    """What this part keeps of a person: their deposits, their refunds, without any account."""
    deposits = Deposit.objects.filter(holder_user=user).order_by("id")
    refunds = Refund.objects.filter(due__payer_user=user).select_related("due").order_by("id")
    return {
        "Cautions": [
            {
                "Objet": one.label,
                "Montant": formats.euros(one.wanted_cents),
                "État": one.get_state_display(),
                "Motif d’une retenue": one.reason,
                "D’accord": {True: "Oui", False: "Non", None: ""}[one.agrees],
                "Votre réponse": one.answer,
            }
            for one in deposits
        ],
        "Remboursements": [
            {
                "Objet": one.due.label,
                "Montant": formats.euros(one.cents),
                "État": one.get_state_display(),
                "Motif": one.reason,
            }
            for one in refunds
        ],
    }


def register() -> None:
    """Called as the application starts."""
    booking_panels.register("payments.deposit", deposit_of_booking, order=8)
    due_panels.register("payments.papers", papers_of_due)
    office_panels.register("payments.work", work_of_office)
    dashboard_cards.register("payments.to_decide", to_decide, order=35)
    personal_data_sources.register("payments.money_back", personal_data)
    # Numbers are an organisation's own, for ever.
    organization_past.add("payments.Paper")
