"""Giving money back: asked, approved by somebody else, handed to the accounts, noted as paid.

Who locks: the due first, then the refund.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Sum

from preau.accounts.actors import Actor
from preau.core import audit, clock, sealed
from preau.core.errors import Refusal
from preau.core.formats import euros
from preau.payments import letters
from preau.payments.actions import incidents, money
from preau.payments.actions.dues import locked
from preau.payments.enums import (
    GIVES_BACK,
    UNSETTLED,
    Means,
    RefundCause,
    RefundState,
)
from preau.payments.iban import Iban
from preau.payments.models import CollectingOffice, Due, Refund, RefundExport
from preau.payments.perms import require

#: What the bank details are encrypted for.
SEALED_FOR = "payments.refund.bank"


@dataclass(frozen=True, slots=True)
class Bank:
    """Where the money goes; held in memory for one export only."""

    holder: str
    iban: str


def may_ask_cents(due: Due) -> int:
    """What was paid beyond what is due and nobody asked to give back yet."""
    return max(due.over_cents - incidents.asked_cents(due), 0)


@transaction.atomic
def ask(due: Due, *, cents: int, cause: RefundCause, reason: str, actor: Actor) -> Refund:
    """Ask that money be given back. Its incident, if it has one, waits for the outcome.

    Raises:
        Refusal: no reason, or more than what was paid beyond what is due.
    """
    require(actor, "payments.ask_refund", due)
    if not reason.strip():
        raise Refusal("Dites pourquoi cette somme est rendue.", field="reason")
    due = locked(due)
    most = may_ask_cents(due)
    if not 0 < cents <= most:
        raise Refusal(
            f"On peut rendre {euros(most)} au plus : ce qui a été payé au-delà de ce qui est dû."
            if most
            else "Rien n’a été payé au-delà de ce qui est dû, ou c’est déjà demandé. Pour rendre"
            " davantage, réduisez d’abord ce qui est dû.",
            field="amount",
        )
    incident = due.incidents.filter(state__in=UNSETTLED, kind__in=GIVES_BACK).first()
    try:
        with transaction.atomic():
            refund = Refund.objects.create(
                office_id=due.office_id,
                due=due,
                incident=incident,
                cents=cents,
                cause=cause,
                reason=reason.strip()[:500],
                asked_by=actor.user,
            )
    except IntegrityError as error:
        if "refunds_within_paid" not in str(error.__cause__.diag.constraint_name):  # type: ignore[union-attr]
            raise
        raise Refusal("On ne rend pas plus que ce qui a été payé.", field="amount") from error
    incidents.mark(due)
    audit.record(actor, "refund.asked", refund, cents=cents)
    letters.tell_asked(refund)
    return refund


@transaction.atomic
def approve(refund: Refund, *, actor: Actor) -> Refund:
    """Another person agrees. The payer is asked for their bank details.

    Raises:
        Refusal: it is one's own request; it was decided; the money is no longer owed back.
    """
    require(actor, "payments.decide_refund", refund)
    refund = _locked(refund)
    _open(refund)
    if refund.asked_by_id is not None and refund.asked_by_id == actor.user_id:
        raise Refusal(
            "Vous avez demandé ce remboursement : une autre personne doit l’approuver.",
            code="four_eyes",
        )
    _still_owed(refund, [RefundState.APPROVED, RefundState.EXPORTED])
    refund.state, refund.decided_by, refund.decided_at = (
        RefundState.APPROVED,
        actor.user,
        clock.now(),
    )
    refund.bank_asked_at = clock.now()
    refund.save(update_fields=["state", "decided_by", "decided_at", "bank_asked_at"])
    audit.record(actor, "refund.approved", refund, cents=refund.cents)
    if not refund.has_bank:
        letters.ask_bank(refund)
    return refund


@transaction.atomic
def refuse(refund: Refund, reason: str, *, actor: Actor) -> Refund:
    """Say no, and why. Its incident is to be seen to again.

    Raises:
        Refusal: no reason; it is one's own request; it is with the accounts already.
    """
    require(actor, "payments.decide_refund", refund)
    if not reason.strip():
        raise Refusal("Dites pourquoi : la personne qui l’a demandé le lira.", field="reason")
    refund = _locked(refund)
    if refund.state not in {RefundState.ASKED, RefundState.APPROVED}:
        raise Refusal("Ce remboursement est déjà décidé et transmis.", code="gone")
    if refund.asked_by_id is not None and refund.asked_by_id == actor.user_id:
        raise Refusal(
            "Vous avez demandé ce remboursement : une autre personne en décide.", code="four_eyes"
        )
    refund.state, refund.decided_by, refund.decided_at = (
        RefundState.REFUSED,
        actor.user,
        clock.now(),
    )
    refund.decision, refund.bank_sealed, refund.bank_hint = reason.strip()[:500], "", ""
    refund.save(
        update_fields=[
            "state", "decided_by", "decided_at", "decision", "bank_sealed", "bank_hint",
        ]
    )  # fmt: skip
    incidents.mark(refund.due)
    audit.record(actor, "refund.refused", refund)
    letters.tell_refused(refund)
    return refund


@transaction.atomic
def give_bank(refund: Refund, *, holder: str, iban: str, actor: Actor) -> Refund:
    """The payer says where to send the money. Their link, or their account, is their right.

    Raises:
        Refusal: not an IBAN of the zone; the money is on its way already.
    """
    account = Iban.read(iban)
    if not holder.strip():
        raise Refusal("Indiquez le nom du titulaire du compte.", field="holder")
    refund = _locked(refund)
    if refund.state not in {RefundState.ASKED, RefundState.APPROVED}:
        raise Refusal(
            "Ce remboursement est déjà transmis à la comptabilité : pour changer de compte,"
            " appelez la régie.",
            code="gone",
        )
    refund.bank_sealed = sealed.seal(
        json.dumps({"holder": holder.strip()[:120], "iban": account.value}), purpose=SEALED_FOR
    )
    refund.bank_hint, refund.bank_given_at = account.hint, clock.now()
    refund.save(update_fields=["bank_sealed", "bank_hint", "bank_given_at"])
    audit.record(actor, "refund.bank_given", refund)
    return refund


@transaction.atomic
def export(office: CollectingOffice, *, actor: Actor) -> tuple[RefundExport, list[Refund]]:
    """Hand every approved refund whose account is known to the accounts, and forget the accounts.

    Returns:
        The export and its refunds, each with a `bank` to be written in the file now or never.

    Raises:
        Refusal: nothing is ready.
    """
    require(actor, "payments.pay_refund", office)
    waiting = Refund.objects.filter(office=office, state=RefundState.APPROVED).exclude(
        bank_sealed=""
    )
    # The dues first, as everybody does.
    sums = Due.objects.filter(pk__in=waiting.values("due")).order_by("id")
    owing = {due.pk: due for due in sums.select_for_update(of=("self",))}
    found: list[Refund] = []
    for refund in waiting.filter(due__in=owing).order_by("id").select_for_update(of=("self",)):
        refund.due = owing[refund.due_id]
        beside = sum(one.cents for one in found if one.due_id == refund.due_id)
        # What is no longer owed stays, and its page says so.
        if _is_owed(refund, [RefundState.EXPORTED], beside=beside):
            found.append(refund)
    if not found:
        raise Refusal(
            "Aucun remboursement n’est prêt : approuvé, avec le compte où le verser.", code="none"
        )
    made = RefundExport.objects.create(office=office, made_by=actor.user)
    for refund in found:
        refund.bank = Bank(**json.loads(sealed.unseal(refund.bank_sealed, purpose=SEALED_FOR)))  # type: ignore[attr-defined]
        refund.state, refund.export, refund.bank_sealed = RefundState.EXPORTED, made, ""
        refund.save(update_fields=["state", "export", "bank_sealed"])
        audit.record(actor, "refund.exported", refund, export=made.pk)
    return made, found


@transaction.atomic
def ask_bank_again(refund: Refund, *, actor: Actor) -> Refund:
    """The message was lost, or the file with the account was: ask the payer again.

    Raises:
        Refusal: not approved, paid already, or the account is known.
    """
    require(actor, "payments.pay_refund", refund)
    refund = _locked(refund)
    if refund.state not in {RefundState.APPROVED, RefundState.EXPORTED} or refund.has_bank:
        raise Refusal("Ce remboursement n’attend pas de compte bancaire.", code="gone")
    refund.state, refund.export, refund.bank_asked_at = RefundState.APPROVED, None, clock.now()
    refund.bank_hint, refund.bank_given_at = "", None
    refund.save(update_fields=["state", "export", "bank_asked_at", "bank_hint", "bank_given_at"])
    audit.record(actor, "refund.bank_asked_again", refund)
    letters.ask_bank(refund, turn=refund.bank_asked_at.isoformat())
    return refund


@transaction.atomic
def mark_paid(
    refund: Refund, *, actor: Actor, means: Means = Means.TRANSFER, without_file: bool = False
) -> Refund:
    """The accounts have paid: written in the journal, and told.

    Args:
        without_file: given back in cash at the counter, or by another way than the file.

    Raises:
        Refusal: not approved, or not handed over; not owed any more, and still here.
    """
    require(actor, "payments.pay_refund", refund)
    refund = _locked(refund)
    ready = {RefundState.EXPORTED} | ({RefundState.APPROVED} if without_file else set())
    if refund.state == RefundState.PAID:
        raise Refusal("Ce remboursement est déjà noté comme versé.", code="gone")
    if refund.state not in ready:
        raise Refusal("Ce remboursement n’est pas encore approuvé ni transmis.")
    if refund.state == RefundState.APPROVED:  # what was handed over is gone: the journal says so
        _still_owed(refund, [RefundState.EXPORTED])
    entry = money.record_refund(
        refund.due, cents=refund.cents, means=means, reason=refund.reason[:300], actor=actor
    )
    refund.state, refund.payment, refund.bank_sealed = RefundState.PAID, entry, ""
    refund.save(update_fields=["state", "payment", "bank_sealed"])
    incidents.mark(refund.due)
    audit.record(actor, "refund.paid", refund, cents=refund.cents)
    letters.tell_refund_paid(refund)
    return refund


def _is_owed(refund: Refund, states: Sequence[RefundState], *, beside: int = 0) -> bool:
    """Whether it, with those of its due that are as far, is still paid beyond what is due.

    Args:
        beside: what is to go with it, in cents.
    """
    others = refund.due.refunds.filter(state__in=states).exclude(pk=refund.pk)
    beside += int(others.aggregate(total=Sum("cents"))["total"] or 0)
    return refund.cents + beside <= refund.due.over_cents


def _still_owed(refund: Refund, states: Sequence[RefundState]) -> None:
    if not _is_owed(refund, states):
        raise Refusal(
            "Cette somme n’est plus à rendre : ce qui est dû a changé depuis la demande. Refusez"
            " ce remboursement en disant pourquoi.",
            code="not_owed",
        )


def _open(refund: Refund) -> None:
    if refund.state != RefundState.ASKED:
        raise Refusal("Ce remboursement est déjà décidé.", code="gone")


def _locked(refund: Refund) -> Refund:
    """Alone on it and on its due."""
    due = locked(refund.due)
    refund = (
        Refund.objects.select_for_update(of=("self",))
        .select_related("incident", "office__organization", "asked_by")
        .get(pk=refund.pk)
    )
    refund.due = due
    return refund
