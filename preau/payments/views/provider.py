"""Where providers call and send people back, and the trial's page."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from preau.accounts.actors import SYSTEM, Actor, actor_of
from preau.accounts.perms import permission
from preau.core import clock
from preau.core.formats import euros
from preau.integrations.http import Unavailable
from preau.payments import bank_links, tasks
from preau.payments.actions import money, trying
from preau.payments.enums import LIVING, Means, OperationState, Provider
from preau.payments.models import Operation
from preau.payments.providers import provider_of
from preau.payments.providers.results import Outcome, Result
from preau.payments.recipients import payers
from preau.payments.views.loading import load_operation, load_trial

#: Somebody who comes back twice at once asks once.
ASKED_JUST_NOW = timedelta(seconds=5)
COMES_BACK_WITHIN = timedelta(days=1)
#: A page refused in one tab is paid in another while it is good.
MAY_CHANGE_FOR = timedelta(hours=1)
_CHOICES = {
    "payer": (Outcome.PAID, "La banque d’essai a dit oui."),
    "refuser": (Outcome.REFUSED, "La banque d’essai a refusé : rien n’est payé."),
    "abandonner": (Outcome.CANCELLED, "Paiement abandonné : rien n’est payé."),
}
#: Of who comes back; what is not known yet is said by the page itself.
_SAID = {
    OperationState.PAID: (messages.SUCCESS, "Votre paiement de {} est reçu."),
    OperationState.REFUSED: (
        messages.WARNING,
        "Votre banque a refusé ce paiement : rien n’est débité. Vous pouvez essayer de nouveau, ou"
        " payer autrement.",
    ),
    OperationState.CANCELLED: (
        messages.WARNING,
        "Vous avez abandonné ce paiement : rien n’est débité. Vous pouvez payer de nouveau.",
    ),
}


@csrf_exempt  # PayFiP calls: what it says is not believed, it is asked
@permission("payments.hear")
def hear(request: HttpRequest) -> HttpResponse:
    """A notification: it names an operation, nothing more. Always the same answer, at once."""
    said = request.POST if request.method == "POST" else request.GET
    remote_id = (said.get("idop") or said.get("idOp") or "")[:60]
    operation = trying.find(remote_id) if remote_id else None
    if operation is not None:
        tasks.defer_asking(operation)
    return HttpResponse(status=200)


@csrf_exempt  # PayFiP sends people back by a form of its own: nothing is changed by what it says
@permission("payments.hear")
def come_back(request: HttpRequest, operation_key: uuid.UUID) -> HttpResponse:
    """Back from the payment page: ask at once, say what came of it, then show the sum."""
    operation = load_operation(operation_key=operation_key)
    if _is_to_ask(operation):
        with suppress(Unavailable):  # it is asked again every minute
            trying.check(operation, actor=SYSTEM)
        operation.refresh_from_db()
    if (said := _SAID.get(OperationState(operation.state))) and _is_recent(operation):
        level, words = said
        messages.add_message(request, level, words.format(euros(operation.cents)))
    return HttpResponse(status=303, headers={"Location": _back_to(operation)})


def _is_to_ask(operation: Operation) -> bool:
    """Whether it may have become something else since it was asked about."""
    if operation.provider != Provider.PAYFIP or operation.state == OperationState.PAID:
        return False
    if operation.checked_at and clock.now() - operation.checked_at < ASKED_JUST_NOW:
        return False
    return operation.state in LIVING or _is_recent(operation)


def _is_recent(operation: Operation) -> bool:
    return clock.now() - operation.created_at < MAY_CHANGE_FOR


def _back_to(operation: Operation) -> str:
    """The sum's page. Who has no account comes back by a link: they alone, and PayFiP, were given
    this address; it is good for that day only."""
    due = operation.due
    if payers(due) or clock.now() - operation.created_at > COMES_BACK_WITHIN:
        return due.get_absolute_url()
    return bank_links.due_address(due, days=1)


@permission("payments.pay", load=load_trial)
def trial(request: HttpRequest, operation: Operation) -> HttpResponse:
    """« Démonstration » : one says what the bank would."""
    return choose(request, operation, actor=actor_of(request)) or redirect(operation.due)


def choose(request: HttpRequest, operation: Operation, *, actor: Actor) -> HttpResponse | None:
    """The trial's page; None once somebody said what the bank would.

    Raises:
        Http404: the office pays otherwise.
    """
    if operation.provider != Provider.TEST or provider_of(operation.office) != Provider.TEST:
        raise Http404
    choice = _CHOICES.get(request.POST.get("choix", ""))
    if request.method != "POST" or choice is None:
        return render(
            request, "payments/trial.html", {"operation": operation, "due": operation.due}
        )
    outcome, words = choice
    if operation.state in LIVING:
        result = Result(outcome, outcome.value, Means.TEST, operation.cents, clock.now())
        money.settle(operation, result, actor=actor)
        (messages.success if outcome == Outcome.PAID else messages.warning)(request, words)
    return None
