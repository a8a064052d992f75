"""What the régisseur does: note money received, take it back, ask PayFiP, settle an incident."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.formats import euros
from preau.core.forms import sent
from preau.core.once import once
from preau.integrations.http import Unavailable
from preau.payments.actions import incidents, money, trying
from preau.payments.enums import IncidentState, OperationState
from preau.payments.forms.money import CounterForm, NoteForm, ReasonForm
from preau.payments.models import Due, Incident, Operation, Payment
from preau.payments.panels import due_panels
from preau.payments.views.loading import load_due, load_entry, load_incident, load_operation


@permission("payments.collect", load=load_due)
def record(request: HttpRequest, due: Due) -> HttpResponse:
    """Cash, a cheque, a transfer."""
    form = CounterForm(sent(request), due=due)
    if request.method == "POST" and form.is_valid():

        def act() -> str:
            entry = money.record_at_counter(
                due,
                cents=form.cleaned_data["amount"] or 0,
                means=form.chosen,
                cheque_number=form.cleaned_data["cheque_number"],
                actor=actor_of(request),
                seen=form.seen,
            )
            messages.success(
                request, f"{euros(entry.cents)} reçus : écriture n° {entry.number} du journal."
            )
            return due.get_absolute_url()

        try:
            return once(request, act)
        except Refusal as refusal:
            form.refuse(refusal)
            due.refresh_from_db()
            if refusal.code == "again":
                form.tell(due)
    return render(request, "payments/record.html", {"form": form, "due": due})


@permission("payments.collect", load=load_entry)
def reverse_entry(request: HttpRequest, entry: Payment) -> HttpResponse:
    """A mistake, a cheque without funds: a contra entry, with its reason."""
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            money.reverse(entry, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’encaissement est annulé ; les deux écritures restent.")
            return redirect(entry.due)
    return render(request, "payments/reverse.html", {"form": form, "entry": entry})


@permission("payments.collect", load=load_operation)
@require_POST
def check(request: HttpRequest, operation: Operation) -> HttpResponse:
    """« Interroger PayFiP maintenant »."""
    try:
        trying.check(operation, actor=actor_of(request))
    except Unavailable:
        messages.error(
            request,
            "PayFiP ne répond pas en ce moment. Préau l’interroge de nouveau chaque minute ; rien"
            " n’est perdu.",
        )
    else:
        operation.refresh_from_db()
        state = OperationState(operation.state).label.lower()
        messages.info(request, f"Réponse reçue. L’opération {operation.reference} est : {state}.")
    return redirect("payments:office", operation.office_id)


@permission("payments.collect", load=load_operation)
@require_POST
def decide(request: HttpRequest, operation: Operation) -> HttpResponse:
    """Looked up on PayFiP's own pages: paid, or not."""
    try:
        is_paid = request.POST.get("payee") == "oui"
        money.decide(operation, is_paid=is_paid, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request, "Noté." if not is_paid else "Noté : l’encaissement est au journal."
        )
    return redirect("payments:office", operation.office_id)


@permission("payments.collect", load=load_incident)
def incident(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What happened, what is proposed, what was done."""
    is_open = incident.state == IncidentState.OPEN and not incidents.is_giving_back(incident)
    form = NoteForm(sent(request)) if is_open else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            incidents.settle(incident, form.cleaned_data["note"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’incident est réglé.")
            return redirect("payments:office", incident.office_id)
    asked = incidents.asked_cents(incident.due)
    context = {
        "incident": incident,
        "due": incident.due,
        "asked_cents": asked,
        "left_cents": incident.refund_cents - asked,
        "zone": incident.office.zone,
        "form": form,
        "panels": [panel for make in due_panels if (panel := make(request, incident.due))],
    }
    return render(request, "payments/incident.html", context)
