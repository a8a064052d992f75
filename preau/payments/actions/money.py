"""Money in and out, in the office's journal: each entry written once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.formats import euros, local
from preau.payments import shares, titles
from preau.payments.actions import incidents, numbering
from preau.payments.actions.dues import locked, refresh
from preau.payments.actions.seen import Seen, compare
from preau.payments.enums import (
    LIVING,
    DueState,
    IncidentKind,
    Means,
    Nature,
    OperationState,
)
from preau.payments.events import due_changed
from preau.payments.models import Due, Operation, Payment
from preau.payments.perms import require
from preau.payments.providers.results import Outcome, Result

#: An operation that nobody ended is asked again for that long, then nothing more is expected.
ASKED_FOR = timedelta(days=2)
_ENDS = {
    Outcome.REFUSED: OperationState.REFUSED,
    Outcome.CANCELLED: OperationState.CANCELLED,
    Outcome.EXPIRED: OperationState.EXPIRED,
}


@transaction.atomic
def settle(operation: Operation, result: Result, *, actor: Actor = SYSTEM) -> Payment | None:
    """Note what a provider answered. However often, in any order: one entry at most.

    Returns:
        The entry, when this answer made it.
    """
    due = locked(operation.due)
    operation = Operation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
    operation.checked_at = clock.now()
    entry = Payment.objects.filter(operation=operation).first()
    made = None
    if entry is not None:
        _compare(operation, entry, result)
        operation.check_at = None
    elif result.outcome == Outcome.PAID:
        made = _collect(due, operation, result, actor)
    else:
        _note(operation, result)
    operation.result_code = result.code[:40] or operation.result_code
    operation.save(update_fields=["state", "result_code", "checked_at", "check_at", "ended_at"])
    return made


def _compare(operation: Operation, entry: Payment, result: Result) -> None:
    """It said paid before; what does it say now?"""
    if result.outcome in {Outcome.REFUSED, Outcome.CANCELLED}:
        facts = (
            f"L’opération {operation.reference} a été donnée pour payée ({euros(entry.cents)},"
            f" écriture {entry.number}), puis pour refusée ou abandonnée (« {result.code} »)."
        )
        incidents.doubt(operation, IncidentKind.CONTRADICTION, facts)
    elif result.outcome == Outcome.PAID and result.cents != entry.cents:
        _doubt_amount(operation, entry.cents, result.cents)


def _doubt_amount(operation: Operation, ours: int, theirs: int) -> None:
    facts = (
        f"L’opération {operation.reference} porte sur {euros(ours)} ; le prestataire annonce"
        f" {euros(theirs)} encaissés."
    )
    incidents.doubt(operation, IncidentKind.CONTRADICTION, facts)


def _collect(due: Due, operation: Operation, result: Result, actor: Actor) -> Payment:
    was, kept = OperationState(operation.state), due.kept_cents
    if result.cents != operation.cents:
        _doubt_amount(operation, operation.cents, result.cents)
    operation.state, operation.check_at = OperationState.PAID, None
    operation.ended_at = operation.ended_at or clock.now()
    entry = _enter(
        due, Nature.IN, result.cents, result.means, actor, operation=operation, at=result.at
    )
    incidents.answered(operation, "Le prestataire a répondu : payée.")
    if due.state == DueState.NOTHING:
        kind = IncidentKind.GONE
    elif kept > 0:
        kind = IncidentKind.DOUBLE
    else:
        kind = IncidentKind.AMOUNT if was in LIVING else IncidentKind.LATE
    incidents.follow(due, kind, operation=operation)
    if kept < due.total_cents and (numbers := titles.numbers_of(due)):
        incidents.doubt(operation, IncidentKind.BILLED, _billed_too(due, entry, numbers))
    due_changed.send(sender=Due, due=due, actor=actor)
    return entry


def _billed_too(due: Due, entry: Payment, numbers: list[str]) -> str:
    return (
        f"« {due.label} » est au bordereau {', '.join(numbers)}, transmis pour être facturé par"
        f" titre, et {euros(entry.cents)} viennent d’être payés en ligne, sur une page ouverte"
        " auparavant. Faites annuler ou réduire le titre ; s’il est déjà payé, voyez avec le"
        " comptable public qui rend la somme, puis écrivez ici ce qui a été fait."
    )


def _note(operation: Operation, result: Result) -> None:
    """Not paid, or not yet: when it is asked again, and what it becomes."""
    now = clock.now()
    age = now - operation.created_at
    operation.check_at = now + _pause(age) if age < ASKED_FOR else None
    if result.outcome == Outcome.UNKNOWN:
        operation.state = OperationState.TO_CHECK
        facts = (
            f"PayFiP répond « {result.code} » pour l’opération {operation.reference}, de"
            f" {euros(operation.cents)}. Préau ne connaît pas cette réponse : vérifiez sur votre"
            " espace PayFiP si elle est payée."
        )
        incidents.doubt(operation, IncidentKind.UNKNOWN, facts)
    elif result.outcome in _ENDS:
        # What it does not know any more may have been paid before it forgot.
        if operation.state == OperationState.TO_CHECK and result.outcome == Outcome.EXPIRED:
            return
        operation.state = _ENDS[result.outcome]
        if not result.may_change:
            operation.check_at = None
        incidents.answered(operation, "Le prestataire a répondu : non payée.")
    if operation.state not in LIVING:
        operation.ended_at = operation.ended_at or now


def _pause(age: timedelta) -> timedelta:
    """Asked often while the person pays, then less and less."""
    return min(max(age / 2, timedelta(minutes=1)), timedelta(hours=3))


@transaction.atomic
def record_at_counter(
    due: Due,
    *,
    cents: int,
    means: Means,
    actor: Actor,
    cheque_number: str = "",
    seen: Seen | None = None,
) -> Payment:
    """Note cash, a cheque or a transfer that the office received.

    Args:
        seen: what the page said of the sum, where there was a page.

    Raises:
        Refusal: more than what is left, a means that the office does not take; another sum is left
            than the one seen, or this very money was just noted.
    """
    require(actor, "payments.collect", due)
    due = locked(due)
    if means not in counter_means(due):
        if titles.is_handed(due):
            sentence = "Cette somme est facturée par titre : seul le comptable public l’encaisse."
            raise Refusal(sentence, field="means")
        raise Refusal("Votre régie ne prend pas ce moyen de paiement.", field="means")
    number = cheque_number.strip()[:20]
    if seen is not None:
        compare(due, seen, cents=cents, means=means, cheque_number=number)
    return _receive(due, cents, means, actor, number)


@transaction.atomic
def record_held(due: Due, *, cents: int, means: Means, actor: Actor) -> Payment:
    """Note money which is in hand already, whatever the counter takes now.

    Raises:
        Refusal: more than what is left.
    """
    require(actor, "payments.collect", due)
    return _receive(locked(due), cents, means, actor)


def _receive(due: Due, cents: int, means: Means, actor: Actor, cheque_number: str = "") -> Payment:
    if cents < 1:
        raise Refusal("Indiquez la somme reçue.", field="amount")
    if cents > due.left_cents:
        left = f"Il reste {euros(due.left_cents)} à payer : n’encaissez pas plus."
        raise Refusal(left if due.left_cents else "Cette somme est déjà payée.", field="amount")
    if means == Means.CHEQUE and not cheque_number:
        raise Refusal("Notez le numéro du chèque.", field="cheque_number")
    entry = _enter(due, Nature.IN, cents, means, actor, cheque_number=cheque_number)
    due_changed.send(sender=Due, due=due, actor=actor)
    return entry


def counter_means(due: Due) -> list[Means]:
    """What a person may hand over, or send, for this due."""
    # The public accountant collects, and says so.
    if titles.is_billed(due):
        return [Means.TRANSFER]
    return [Means(one) for one in due.office.counter_means]


@transaction.atomic
def reverse(payment: Payment, reason: str, *, actor: Actor) -> Payment:
    """Take an entry of the counter back: a mistake, a cheque without funds. Both stay written.

    Raises:
        Refusal: no reason, already reversed, paid online, given back since.
    """
    require(actor, "payments.collect", payment)
    if not reason.strip():
        raise Refusal("Dites pourquoi : le journal le garde.", field="reason")
    due = locked(payment.due)
    if payment.nature != Nature.IN or payment.operation_id is not None:
        raise Refusal("Seul un encaissement noté au guichet s’annule ici.")
    if Payment.objects.filter(reverses=payment).exists():
        raise Refusal("Cette écriture est déjà annulée.", code="gone")
    if due.kept_cents < payment.cents:
        raise Refusal("Cette somme a déjà été rendue en tout ou partie.")
    if due.kept_cents - incidents.asked_cents(due) < payment.cents:
        raise Refusal("Un remboursement de cette somme est demandé : refusez-le d’abord.")
    entry = _enter(
        due,
        Nature.REVERSAL,
        -payment.cents,
        Means(payment.means),
        actor,
        reverses=payment,
        reason=reason.strip()[:300],
    )
    incidents.follow(due, IncidentKind.AMOUNT)
    due_changed.send(sender=Due, due=due, actor=actor)
    return entry


@transaction.atomic
def record_refund(due: Due, *, cents: int, means: Means, reason: str, actor: Actor) -> Payment:
    """Note money given back.

    Raises:
        Refusal: more than what was paid.
    """
    require(actor, "payments.collect", due)
    due = locked(due)
    if not 0 < cents <= due.kept_cents:
        raise Refusal(f"On peut rendre {euros(due.kept_cents)} au plus.", field="amount")
    entry = _enter(due, Nature.REFUND, -cents, means, actor, reason=reason.strip()[:300])
    incidents.follow(due, IncidentKind.AMOUNT)
    due_changed.send(sender=Due, due=due, actor=actor)
    return entry


def _enter(  # noqa: PLR0913  one argument a column
    due: Due,
    nature: Nature,
    cents: int,
    means: Means,
    actor: Actor,
    *,
    operation: Operation | None = None,
    reverses: Payment | None = None,
    at: datetime | None = None,
    cheque_number: str = "",
    reason: str = "",
) -> Payment:
    """Write an entry, in its day at the office; the due’s totals follow by themselves."""
    at = min(at or clock.now(), clock.now())  # a provider's clock may run ahead of ours
    day = local(at, due.office.zone).date()
    entry = Payment.objects.create(
        office_id=due.office_id,
        year=day.year,
        sequence=numbering.take(f"journal:{due.office_id}", day.year),
        due=due,
        nature=nature,
        cents=cents,
        means=means,
        operation=operation,
        reverses=reverses,
        at=at,
        day=day,
        cheque_number=cheque_number,
        reason=reason,
        recorded_by=actor.user,
    )
    refresh(due)
    shares.write(entry, due)
    audit.record(actor, f"payment.{nature}", entry, cents=cents)
    return entry


@transaction.atomic
def decide(operation: Operation, *, is_paid: bool, actor: Actor) -> None:
    """The régisseur has looked on the provider's own pages: it is paid, or it is not.

    Raises:
        Refusal: its end is known already.
    """
    require(actor, "payments.collect", operation)
    due = locked(operation.due)
    operation = Operation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
    if operation.state != OperationState.TO_CHECK:
        raise Refusal("Le résultat de cette opération est déjà connu.", code="gone")
    if is_paid:
        result = Result(Outcome.PAID, "constaté", Means.CARD, operation.cents)
        _collect(due, operation, result, actor)
    else:
        operation.state, operation.check_at = OperationState.REFUSED, None
        incidents.answered(operation, "Vérifiée par la régie : non payée.")
    operation.result_code = f"{operation.result_code} (vérifiée)"[:40]
    operation.save(update_fields=["state", "result_code", "check_at", "ended_at"])
    audit.record(actor, "operation.decided", operation, paid=is_paid)
