"""What a signatory does, step by step: ask for a code, be identified, read, consent or refuse."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction

from preau.accounts.actors import Actor
from preau.agreements import consent as consents
from preau.agreements import emails, links, traces
from preau.agreements.actions import outcome
from preau.agreements.actions.rounds import locked
from preau.agreements.models.rounds import Signatory, SignatureRound
from preau.agreements.signing_enums import RoundState, SignatoryState
from preau.agreements.traces import Trace
from preau.core import audit, clock
from preau.core.errors import Refusal

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5


def _mine(signatory: Signatory) -> tuple[SignatureRound, Signatory]:
    """The round locked, and the signatory as it stands now."""
    round_ = locked(signatory.round_id)
    one = round_.signatories.get(pk=signatory.pk)
    one.round = round_
    return round_, one


def _require_turn(round_: SignatureRound, signatory: Signatory, *states: SignatoryState) -> None:
    """The round is open and the signatory in one of these states.

    Raises:
        Refusal: with what happened meanwhile.
    """
    if round_.state != RoundState.OPEN:
        raise Refusal(
            "Cette convention n’est plus à signer : " + round_.get_state_display().lower() + ".",
            code="round_over",
        )
    if signatory.state == SignatoryState.WAITING:
        raise Refusal(
            "Votre tour n’est pas encore venu. Vous recevrez un courriel à ce moment.",
            code="not_their_turn",
        )
    if signatory.state not in states:
        raise Refusal("Cette étape est déjà faite.", code="already_done")


@transaction.atomic
def send_code(signatory: Signatory, *, trace: Trace) -> None:
    """Send six digits to the signatory's address; the previous ones no longer count."""
    round_, one = _mine(signatory)
    if one.state == SignatoryState.WAITING or one.signs_elsewhere:
        _require_turn(round_, one)
    code = f"{secrets.randbelow(10**6):06d}"
    one.code_digest = links.code_digest(one.pk, code)
    one.code_expires_at = clock.now() + CODE_LIFE
    one.code_tries = 0
    one.save(update_fields=["code_digest", "code_expires_at", "code_tries"])
    emails.code(one, f"{code[:3]} {code[3:]}", int(CODE_LIFE.total_seconds() // 60))
    traces.write(round_, "code_sent", signatory=one, trace=trace, channel="email")


def identify(signatory: Signatory, token: str, code: str, *, trace: Trace) -> None:
    """Accept the code, once; the link is then used up. A wrong try counts even when refused.

    Raises:
        Refusal: wrong code (says how many tries are left), no longer good, or link used meanwhile.
    """
    with transaction.atomic():
        refusal = _try_code(signatory, token, code, trace)
    if refusal:
        raise refusal


def _try_code(signatory: Signatory, token: str, code: str, trace: Trace) -> Refusal | None:
    round_, one = _mine(signatory)
    if not links.is_open(one, token):
        return Refusal("Ce lien ne sert plus. Demandez-en un nouveau.", code="link_over")
    over = one.code_expires_at is None or clock.now() >= one.code_expires_at
    if over or not one.code_digest or one.code_tries >= CODE_TRIES:
        return Refusal(
            "Ce code n’est plus valable. Demandez-en un nouveau.", field="code", code="code_over"
        )
    one.code_tries += 1
    typed = "".join(character for character in code if character.isdigit())
    right = secrets.compare_digest(one.code_digest, links.code_digest(one.pk, typed))
    if not right:
        one.save(update_fields=["code_tries"])
        traces.write(round_, "code_failed", signatory=one, trace=trace, tries=one.code_tries)
        return _wrong(CODE_TRIES - one.code_tries)
    one.code_digest, one.code_expires_at = "", None
    one.link_used_at = clock.now()
    one.identified_at = one.identified_at or clock.now()
    if one.state == SignatoryState.INVITED and round_.state == RoundState.OPEN:
        one.state = SignatoryState.IDENTIFIED
    one.save()
    traces.write(round_, "identified", signatory=one, trace=trace, method="email_code")
    return None


def _wrong(left: int) -> Refusal:
    advice = (
        f"Il reste {left} essai{'s' if left > 1 else ''}."
        if left
        else "Demandez-en un autre : celui-ci ne sert plus."
    )
    return Refusal(f"Ce n’est pas le bon code. {advice}", field="code", code="wrong_code")


@transaction.atomic
def opened(signatory: Signatory, form: str, *, trace: Trace) -> None:
    """The agreement was given to them, as "pdf" or as "text". Noted once for each form."""
    round_, one = _mine(signatory)
    if round_.state != RoundState.OPEN or one.state != SignatoryState.IDENTIFIED:
        return
    sha256 = round_.revision.sha256 if round_.revision else ""
    traces.write(round_, "document_opened", signatory=one, trace=trace, form=form, sha256=sha256)
    if one.read_at is None:
        one.read_at = clock.now()
        one.save(update_fields=["read_at"])


@transaction.atomic
def give_consent(
    signatory: Signatory, *, name: str, capacity: str, version: str, fingerprint: str, trace: Trace
) -> None:
    """Record the consent to the file shown, and ask the worker to sign.

    Args:
        version: of the sentence that was shown.
        fingerprint: of the file that was shown; it must still be the round's.

    Raises:
        Refusal: not their turn, already consented, document not opened, or another file since.
    """
    round_, one = _mine(signatory)
    _require_turn(round_, one, SignatoryState.IDENTIFIED)
    if one.read_at is None:
        raise Refusal("Ouvrez d’abord la convention pour la lire.", code="not_read")
    revision = round_.revision
    if revision is None or revision.sha256 != fingerprint or version not in consents.SENTENCES:
        raise Refusal(
            "Le document affiché n’est plus le dernier. Relisez-le avant de signer.",
            code="another_file",
        )
    one.name, one.capacity = name, capacity
    one.consent_version = version
    one.consent_text = consents.sentence(
        version, number=round_.agreement.number, fingerprint=fingerprint, party=one.party
    )
    one.consented_at = clock.now()
    one.state = SignatoryState.CONSENTED
    one.save()
    traces.write(
        round_,
        "consented",
        signatory=one,
        trace=trace,
        consent_version=version,
        sha256=fingerprint,
    )
    outcome.defer_advance(round_.pk)


@transaction.atomic
def refuse(signatory: Signatory, *, reason: str, actor: Actor, trace: Trace) -> None:
    """Say no, with a reason: the round is over for everybody."""
    round_, one = _mine(signatory)
    _require_turn(round_, one, SignatoryState.INVITED, SignatoryState.IDENTIFIED)
    if not reason.strip():
        raise Refusal("Dites pourquoi, en quelques mots.", field="reason", code="no_reason")
    one.state, one.reason, one.refused_at = SignatoryState.REFUSED, reason, clock.now()
    one.save()
    traces.write(round_, "refused", signatory=one, trace=trace)
    outcome.close(round_, RoundState.REFUSED)
    audit.record(actor, "agreement.refuse_to_sign", round_.agreement, signatory=one.pk)
    outcome.agreement_refused(round_, one, actor=actor)
    for other in round_.signatories.exclude(state=SignatoryState.WAITING).exclude(pk=one.pk):
        emails.refused(other, one)
    emails.refused_to_managers(round_, one)
