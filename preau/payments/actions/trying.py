"""Paying online: one living try a due, opened outside any transaction, asked about to its end."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.formats import euros, hour, local
from preau.integrations.http import Rejected, Unavailable
from preau.payments import titles
from preau.payments.actions.dues import locked
from preau.payments.actions.money import settle
from preau.payments.enums import LIVING, DueState, OperationState, Provider
from preau.payments.models import Due, Operation, Payment
from preau.payments.perms import require
from preau.payments.providers import adapter_of, least_cents, provider_of
from preau.payments.providers.results import Opened, Outcome, Result

#: The provider's page is good for that long; nobody tries again before the second is over.
PAGE_GOOD_FOR = timedelta(minutes=15)
BETWEEN_TRIES = timedelta(minutes=20)
#: An operation that the provider never named was never shown to anybody.
NAMED_WITHIN = timedelta(seconds=20)
FIRST_ASKED_AFTER = timedelta(minutes=2)
BY_HAND = "Vous pouvez aussi payer au guichet ; rien n’a été débité."


def begin(due: Due, *, email: str, actor: Actor) -> str:
    """The address of a page where the due is paid: a new one, or the one already open.

    Raises:
        Refusal: nothing to pay online, a try is under way or to be checked, PayFiP does not answer.
    """
    require(actor, "payments.pay", due)
    operation = _prepared(due, actor)
    if operation.pay_url:
        return operation.pay_url
    try:
        opened = adapter_of(operation).open(operation, email)
    except Unavailable:
        _drop(operation, "sans réponse")
        raise Refusal(
            f"PayFiP ne répond pas en ce moment. Réessayez dans quelques minutes. {BY_HAND}",
            code="unavailable",
        ) from None
    except (Rejected, ValueError) as error:
        said = error.said if isinstance(error, Rejected) else None
        code = str(said.get("code", "")) if isinstance(said, dict) else ""
        _drop(operation, code or "refus")
        raise Refusal(
            f"PayFiP n’accepte pas ce paiement{f' (code {code})' if code else ''}. Prévenez la"
            f" régie. {BY_HAND}",
            code="rejected",
        ) from None
    return _named(operation, opened)


@transaction.atomic
def _prepared(due: Due, actor: Actor) -> Operation:
    """The living try, or a new one."""
    due = locked(due)
    provider = provider_of(due.office)
    if due.state != DueState.OPEN:
        raise Refusal("Il n’y a plus rien à payer.", code="nothing")
    if titles.is_handed(due):
        raise Refusal("Cette somme a été transmise au service financier : attendez son avis.")
    if provider is None:
        raise Refusal("Le paiement en ligne n’est pas ouvert ici : payez au guichet.")
    if due.left_cents < least_cents(provider):
        raise Refusal(f"On ne paie pas moins de {euros(least_cents(provider))} en ligne.")
    if due.operations.filter(state=OperationState.TO_CHECK).exists():
        raise Refusal(
            "Un paiement est en cours de vérification par la régie : ne payez pas une seconde"
            " fois. Vous serez prévenu.",
            code="to_check",
        )
    living = due.operations.select_for_update().filter(state__in=LIVING).first()
    if living is not None and not _is_over(living, due):
        living.due = due
        return living
    now = clock.now()
    operation = Operation.objects.create(
        due=due,
        office=due.office,
        provider=provider,
        reference=_reference(due),
        cents=due.left_cents,
        check_at=now + FIRST_ASKED_AFTER,
    )
    audit.record(actor, "operation.opened", operation, cents=operation.cents)
    return operation


def _is_over(living: Operation, due: Due) -> bool:
    """Whether a new try may begin; the old one is then left, and still asked about.

    Raises:
        Refusal: it may still be paid.
    """
    now = clock.now()
    age = now - living.created_at
    if living.state == OperationState.CREATED:
        if age < NAMED_WITHIN:
            raise Refusal("Votre paiement s’ouvre : patientez quelques secondes, puis recommencez.")
        _leave(living)
        return True
    if age < PAGE_GOOD_FOR and living.cents == due.left_cents:
        return False
    if age < BETWEEN_TRIES:
        again = hour(local(living.created_at + BETWEEN_TRIES, due.office.zone))
        raise Refusal(
            f"Un paiement de {euros(living.cents)} est déjà ouvert. S’il n’aboutit pas, vous"
            f" pourrez recommencer à {again}.",
            code="too_soon",
        )
    _leave(living)
    return True


def _leave(operation: Operation) -> None:
    operation.state, operation.ended_at = OperationState.EXPIRED, clock.now()
    operation.check_at = clock.now() if operation.remote_id else None
    operation.save(update_fields=["state", "ended_at", "check_at"])


def _reference(due: Due) -> str:
    """Letters and digits, unlike any other: the due's number and chance."""
    drawn = "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(10))
    return f"{due.year}{due.office_id}R{due.sequence}T{drawn}"[-30:]


@transaction.atomic
def _drop(operation: Operation, code: str) -> None:
    """Its page was never shown: nobody can pay under it."""
    Operation.objects.filter(pk=operation.pk, state=OperationState.CREATED).update(
        state=OperationState.EXPIRED, ended_at=clock.now(), check_at=None, result_code=code[:40]
    )


@transaction.atomic
def _named(operation: Operation, opened: Opened) -> str:
    """Note the provider's name for it; a slow answer may come after the try was left."""
    living = Operation.objects.filter(pk=operation.pk, state=OperationState.CREATED)
    done = living.update(
        state=OperationState.WAITING, remote_id=opened.remote_id, pay_url=opened.url
    )
    if not done:
        raise Refusal("Ce paiement a trop tardé à s’ouvrir : recommencez.", code="unavailable")
    return opened.url


def check(operation: Operation, *, actor: Actor) -> Payment | None:
    """Ask the provider what became of it, and note it. Outside any transaction.

    Raises:
        Unavailable: it does not answer; nothing changes, it is asked again later.
    """
    operation = Operation.objects.select_related("office", "due").get(pk=operation.pk)
    if not operation.remote_id:
        if clock.now() - operation.created_at >= BETWEEN_TRIES:
            _drop(operation, "jamais ouverte")
        return None
    try:
        result = adapter_of(operation).ask(operation)
    except Rejected as refused:
        said = refused.said if isinstance(refused.said, dict) else {}
        result = Result(Outcome.UNKNOWN, str(said.get("code", "")) or "refus")
    entry = settle(operation, result, actor=actor)
    _leave_if_too_old(operation)
    return entry


@transaction.atomic
def _leave_if_too_old(operation: Operation) -> None:
    """Past the time between tries, another may begin; this one is asked about for a while yet."""
    old = clock.now() - BETWEEN_TRIES
    Operation.objects.filter(
        pk=operation.pk, state=OperationState.WAITING, created_at__lte=old
    ).update(state=OperationState.EXPIRED, ended_at=clock.now())


def overdue(now: datetime, *, most: int = 200) -> list[Operation]:
    """Those to ask about now, who waited longest first.

    They go to the end of the line as they are taken: whatever comes of asking, even nothing, the
    others have their turn before them.
    """
    found = Operation.objects.filter(check_at__lte=now).order_by("check_at", "id")
    taken = list(found.select_related("office", "due")[:most])
    Operation.objects.filter(pk__in=[one.pk for one in taken], check_at__lte=now).update(
        check_at=now
    )
    return taken


def find(remote_id: str) -> Operation | None:
    """What a notification is about, if anything of ours."""
    return Operation.objects.filter(provider=Provider.PAYFIP, remote_id=remote_id).first()
