"""How a round ends, and the call to the worker that carries it there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.files.base import File
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from preau.accounts.actors import SYSTEM, Actor
from preau.agreements import emails, traces
from preau.agreements.enums import AgreementState
from preau.agreements.events import agreement_changed
from preau.agreements.models import Agreement
from preau.agreements.models.rounds import Signatory, SignatureRound
from preau.agreements.signing_enums import ProviderName, RoundState
from preau.core import audit, clock
from preau.documents import actions as documents
from preau.documents.enums import DocumentKind
from preau.documents.models import Document

#: The tasks of `signing_tasks.py`, by name: actions and tasks need each other.
ADVANCE_ROUND = "agreements.advance_round"
WITHDRAW_ROUND = "agreements.withdraw_round"
#: How long the signed agreement and its proof are kept after its end (docs/operations: retention).
LOCKED = timedelta(days=10 * 366)


def job_key(round_id: int) -> str:
    return f"agreements.round:{round_id}"


def defer_advance(round_id: int) -> None:
    """Ask the worker to do what comes next, in the caller's transaction.

    One waiting job is enough: it does everything there is to do when its turn comes.
    """
    key = job_key(round_id)
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(ADVANCE_ROUND, lock=key, queueing_lock=key).defer(round_id=round_id)


def close(round_: SignatureRound, state: RoundState) -> None:
    """End the round: nothing more can be done with its links, nor with what was to sign."""
    round_.state, round_.closed_at, round_.held_up_since = state, clock.now(), None
    round_.save()
    set_aside(round_.agreement)
    if state != RoundState.DONE and round_.provider != ProviderName.INTERNAL:
        app.configure_task(WITHDRAW_ROUND, lock=job_key(round_.pk)).defer(round_id=round_.pk)


def set_aside(agreement: Agreement) -> None:
    """Withdraw the document that was to sign, once it is over: it binds nobody. Saved by `_mark`.

    The round keeps its file among the revisions; a signed document is locked, and stays.
    """
    document = agreement.document
    if document is None or document.locked_until is not None:
        return
    documents.withdraw(document, actor=SYSTEM)
    agreement.document = None


def agreement_expired(round_: SignatureRound, *, actor: Actor) -> None:
    _mark(round_.agreement, AgreementState.EXPIRED, actor, "document")
    audit.record(actor, "agreement.expire", round_.agreement)


def agreement_refused(round_: SignatureRound, signatory: Signatory, *, actor: Actor) -> None:
    _mark(round_.agreement, AgreementState.REFUSED, actor, "document")


def finish(round_: SignatureRound, document: Document, *, actor: Actor = SYSTEM) -> None:
    """All have signed and the proof is kept: the agreement is signed, and everybody is told."""
    round_.outcome = document
    close(round_, RoundState.DONE)
    agreement = round_.agreement
    agreement.signed_at, agreement.document = clock.now(), document
    _mark(agreement, AgreementState.SIGNED, actor, "signed_at", "document")
    audit.record(actor, "agreement.signed", agreement, on_paper=round_.on_paper)


def finish_on_paper(
    round_: SignatureRound, *, scan: File[bytes], signed_on: date, actor: Actor
) -> None:
    """The scanned copy is the signed agreement, and says so everywhere."""
    agreement = round_.agreement
    document = documents.deposit(
        actor=actor,
        kind=DocumentKind.AGREEMENT,
        title=f"Convention {agreement.number}, copie de l’original signé sur papier",
        upload=scan,
        owner_organization=agreement.owner,
        facts={"signed_on_paper": signed_on.isoformat()},
        locked_until=lock_end(),
    )
    # Not at the deposit: what people send must not have expired, and the copy may come late.
    document.expires_on = agreement.ends_on
    document.save(update_fields=["expires_on"])
    documents.share(document, readers_of(agreement), actor=actor)
    round_.on_paper, round_.signed_on = True, signed_on
    traces.write(
        round_, "signed_on_paper", sha256=document.file.sha256, signed_on=signed_on.isoformat()
    )
    finish(round_, document, actor=actor)
    for signatory in round_.signatories.all():
        emails.signed_on_paper(signatory, signed_on)


def lock_end() -> date:
    return (clock.now() + LOCKED).date()


def readers_of(agreement: Agreement) -> Iterable[str]:
    """Who reads the agreement and its proof besides its owner: the holder, who runs the place."""
    keys = {f"place:{agreement.place_id}"}
    if agreement.holder_organization_id:
        keys.add(f"organization:{agreement.holder_organization_id}")
    elif agreement.holder_user_id:
        keys.add(f"user:{agreement.holder_user_id}")
    return sorted(keys)


def _mark(agreement: Agreement, state: AgreementState, actor: Actor, *fields: str) -> None:
    agreement.state = state
    agreement.save(update_fields=["state", *fields])
    agreement_changed.send(sender=Agreement, agreement=agreement, actor=actor)
