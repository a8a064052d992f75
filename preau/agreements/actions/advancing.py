"""What the worker does for a round: sign for who consented, seal, make the proof.

Each step reads its state, works outside any transaction (files, time-stamps), then writes its
result only if the round is still where it was read. Killed anywhere, it is done again from there.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.agreements import emails, evidence, traces
from preau.agreements.actions import outcome
from preau.agreements.actions.rounds import invite_next, locked, new_link
from preau.agreements.consent import LEVEL
from preau.agreements.instants import moment
from preau.agreements.models.rounds import Evidence, Signatory, SignatureRound
from preau.agreements.signing_enums import ProviderName, RoundState, SignatoryState
from preau.core import clock
from preau.documents import actions as documents
from preau.documents import journal, sealing, store
from preau.documents.enums import DocumentKind
from preau.documents.models import Document, StoredFile
from preau.documents.timestamps import TimestampUnavailable

PDF = "application/pdf"


class ProofOutrun(Exception):
    """The journal grew while its proof was being made: made again at the next attempt."""


def advance(round_id: int) -> None:
    """Do everything that can be done now.

    Raises:
        TimestampUnavailable: the authority does not answer; nothing was written but that.
    """
    while step := _next_step(round_id):
        try:
            step()
        except TimestampUnavailable:
            SignatureRound.objects.filter(pk=round_id, held_up_since=None, closed_at=None).update(
                held_up_since=clock.now()
            )
            raise


def _next_step(round_id: int) -> Callable[[], None] | None:
    round_ = SignatureRound.objects.select_related("revision", "agreement__place").get(pk=round_id)
    if round_.state == RoundState.OPEN and round_.provider == ProviderName.INTERNAL:
        consented = round_.signatories.filter(state=SignatoryState.CONSENTED).first()
        return (lambda: _sign(round_, consented)) if consented else None
    if round_.state == RoundState.SEALING:
        return lambda: _seal(round_)
    if round_.state == RoundState.PROVING:
        return lambda: _prove(round_)
    return None


# --- One signature ------------------------------------------------------------------------------


def _sign(round_: SignatureRound, signatory: Signatory) -> None:
    signed = sealing.sign(_bytes(round_), field=signatory.field, lines=stamp_lines(signatory))
    file = store.put(signed, PDF, actor=SYSTEM)
    keep_signature(round_, signatory, file)


def stamp_lines(signatory: Signatory) -> list[str]:
    """What the page shows in the signatory's box. The time is that of the consent."""
    zone = signatory.round.agreement.place.zone
    who = f"{signatory.capacity}, pour {signatory.party}" if signatory.party else signatory.capacity
    given = signatory.consented_at
    lines = [signatory.name, who]
    if given is not None:
        lines.append(f"Consentement donné le {moment(given, zone)}")
    lines.append(f"{LEVEL.capitalize()}, identification par code envoyé par courriel")
    return [line for line in lines if line]


@transaction.atomic
def keep_signature(read: SignatureRound, signatory: Signatory, file: StoredFile) -> None:
    """Write the signature down and pass to the next, unless somebody else already did."""
    round_ = locked(read.pk)
    one = round_.signatories.get(pk=signatory.pk)
    moved_on = round_.revision_id != read.revision_id or round_.state != RoundState.OPEN
    if moved_on or one.state != SignatoryState.CONSENTED:
        return
    one.state, one.signed_at, one.revision = SignatoryState.SIGNED, clock.now(), file
    one.save(update_fields=["state", "signed_at", "revision"])
    round_.revision, round_.held_up_since = file, None
    traces.write(
        round_, "signed", signatory=one, sha256=file.sha256, previous=_sha256(read.revision)
    )
    if invite_next(round_) is None:
        round_.state = RoundState.SEALING
    round_.save()


# --- The seal and the proof ---------------------------------------------------------------------


def _seal(read: SignatureRound) -> None:
    sealed = store.put(sealing.seal(_bytes(read)), PDF, actor=SYSTEM)
    with transaction.atomic():
        round_ = locked(read.pk)
        if round_.state != RoundState.SEALING or round_.revision_id != read.revision_id:
            return
        round_.revision, round_.held_up_since = sealed, None
        round_.state = RoundState.PROVING
        round_.save()
        traces.write(round_, "sealed", sha256=sealed.sha256, previous=_sha256(read.revision))


def _prove(read: SignatureRound) -> None:
    """Make the proof of what the journal says now, then end the round."""
    made = evidence.make(read)
    content = _bytes(read)
    with transaction.atomic():
        round_ = locked(read.pk)
        if round_.state != RoundState.PROVING:
            return
        head = journal.head(traces.chain_of(round_.agreement_id))
        if head is None or head.hash != made.head:
            raise ProofOutrun
        title = f"{round_.agreement.title}, exemplaire signé"
        document = _deposit(round_, DocumentKind.AGREEMENT, title, content, PDF)
        proof = _deposit_proof(round_, made)
        traces.write(round_, "proved", data=proof.data.file.sha256, page=proof.page.file.sha256)
        outcome.finish(round_, document)
        for signatory in round_.signatories.all():
            emails.signed_by_all(signatory, new_link(signatory))
        emails.signed_to_managers(round_)


def _deposit_proof(round_: SignatureRound, made: evidence.Made) -> Evidence:
    number = round_.agreement.number

    def deposit(title: str, content: bytes, media_type: str) -> Document:
        return _deposit(round_, DocumentKind.EVIDENCE, title, content, media_type)

    return Evidence.objects.create(
        round=round_,
        page=deposit(f"Dossier de preuve de la convention {number}", made.page, PDF),
        data=deposit(f"Données de la preuve, convention {number}", made.data, "application/json"),
        signature=deposit(
            f"Signature des données de la preuve, convention {number}",
            made.signature,
            "application/pkcs7-signature",
        ),
        foreign=deposit(f"Preuve du service de signature, {number}", made.foreign, PDF)
        if made.foreign
        else None,
    )


def _deposit(
    round_: SignatureRound, kind: DocumentKind, title: str, content: bytes, media_type: str
) -> Document:
    agreement = round_.agreement
    document = documents.deposit(
        actor=SYSTEM,
        kind=kind,
        title=title,
        content=content,
        media_type=media_type,
        owner_organization=agreement.owner,
        expires_on=agreement.ends_on,
        locked_until=outcome.lock_end(),
    )
    documents.share(document, outcome.readers_of(agreement), actor=SYSTEM)
    return document


def _bytes(round_: SignatureRound) -> bytes:
    if round_.revision is None:
        raise ValueError(f"Round {round_.pk} has no file.")
    return store.read(round_.revision)


def _sha256(file: StoredFile | None) -> str:
    return file.sha256 if file else ""
