"""The life of a round: planned, opened, signed in turn, over one way or another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max

from preau.accounts.actors import SYSTEM, Actor
from preau.agreements import emails, links, traces
from preau.agreements.actions import outcome
from preau.agreements.models import Agreement
from preau.agreements.models.rounds import FEWEST, MOST, Signatory, SignatureRound
from preau.agreements.signing_enums import (
    ProviderName,
    RoundState,
    SignatoryRole,
    SignatoryState,
)
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.documents.models import StoredFile

LINK_LIFE = timedelta(days=14)
REMIND_AFTER = timedelta(days=3)
REMIND_BEFORE_DEADLINE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class SignatoryWanted:
    """Somebody who is to sign, in the order of the list.

    Attributes:
        party: the legal person they bind; "" when they sign for themself.
        user_id: their account, when they have one; it does not replace the code.
    """

    role: SignatoryRole
    name: str
    email: str
    capacity: str = ""
    party: str = ""
    user_id: int | None = None


def field_of(position: int) -> str:
    """The PDF field of the signatory at that place: templates draw their boxes under this label."""
    return f"signataire-{position}"


def locked(round_id: int) -> SignatureRound:
    """The round, locked with its agreement: always the agreement first."""
    Agreement.objects.select_for_update(of=("self",)).get(rounds=round_id)
    return (
        SignatureRound.objects.select_for_update(of=("self",))
        .select_related("agreement__place", "revision", "frozen")
        .get(pk=round_id)
    )


@transaction.atomic
def plan_round(
    agreement: Agreement,
    wanted: Sequence[SignatoryWanted],
    *,
    deadline: datetime,
    actor: Actor,
    provider: str = ProviderName.INTERNAL,
) -> SignatureRound:
    """Write down who will sign, before the document exists.

    Raises:
        Refusal: fewer than two signatories, more than five, or one address twice for one role.
    """
    if not FEWEST <= len(wanted) <= MOST:
        raise Refusal(
            f"Une convention se signe à {FEWEST} parties au moins, à {MOST} au plus.",
            code="signatory_count",
        )
    last = agreement.rounds.aggregate(last=Max("number"))["last"] or 0
    round_ = SignatureRound.objects.create(
        agreement=agreement,
        number=last + 1,
        provider=provider,
        opened_at=clock.now(),
        deadline=deadline,
    )
    Signatory.objects.bulk_create(
        Signatory(
            round=round_,
            position=position,
            role=one.role,
            name=one.name,
            email=one.email.strip().lower(),
            capacity=one.capacity,
            party=one.party,
            user_id=one.user_id,
            field=field_of(position),
            signs_elsewhere=provider != ProviderName.INTERNAL,
        )
        for position, one in enumerate(wanted, start=1)
    )
    audit.record(actor, "agreement.plan_round", agreement, round=round_.number)
    return round_


@transaction.atomic
def open_round(round_: SignatureRound, file: StoredFile, *, actor: Actor) -> SignatureRound:
    """Freeze the file that everybody will sign, and invite the first. Twice does nothing more."""
    round_ = locked(round_.pk)
    if round_.state != RoundState.PREPARING:
        return round_
    round_.state = RoundState.OPEN
    round_.frozen = round_.revision = file
    round_.save(update_fields=["state", "frozen", "revision"])
    traces.write(
        round_,
        "opened",
        sha256=file.sha256,
        provider=round_.provider,
        signatories=round_.signatories.count(),
        deadline=round_.deadline.isoformat(),
    )
    audit.record(actor, "agreement.open_round", round_.agreement, sha256=file.sha256)
    if round_.provider == ProviderName.INTERNAL:
        invite_next(round_)
    else:
        outcome.defer_advance(round_.pk)
    return round_


def invite_next(round_: SignatureRound) -> Signatory | None:
    """Send the link to the next in line; None when all have signed. The round is locked."""
    signatory = round_.signatories.filter(state=SignatoryState.WAITING).order_by("position").first()
    if signatory is None:
        return None
    signatory.state = SignatoryState.INVITED
    signatory.invited_at = clock.now()
    signatory.save(update_fields=["state", "invited_at"])
    if not signatory.signs_elsewhere:
        emails.invitation(signatory, new_link(signatory))
    traces.write(round_, "invited", signatory=signatory)
    return signatory


def new_link(signatory: Signatory) -> str:
    """Replace the signatory's link; the token goes into an e-mail and nowhere else."""
    token, digest = links.make(signatory.pk)
    signatory.link_digest = digest
    signatory.link_expires_at = clock.now() + LINK_LIFE
    signatory.link_used_at = None
    signatory.save(update_fields=["link_digest", "link_expires_at", "link_used_at"])
    return token


@transaction.atomic
def send_link_again(
    signatory: Signatory, *, actor: Actor, trace: traces.Trace = traces.NOWHERE
) -> None:
    """A new link to the same address: asked by whoever holds an old one, or by the manager."""
    round_ = locked(signatory.round_id)
    signatory = round_.signatories.get(pk=signatory.pk)
    if signatory.state == SignatoryState.WAITING or signatory.signs_elsewhere:
        raise Refusal(
            "Le tour de cette personne n’est pas encore venu : elle recevra son lien à ce moment.",
            code="not_their_turn",
        )
    emails.link_again(signatory, new_link(signatory))
    traces.write(round_, "link_sent_again", signatory=signatory, trace=trace)
    audit.record(actor, "agreement.send_link", round_.agreement, signatory=signatory.pk)


@transaction.atomic
def replace_address(signatory: Signatory, *, name: str, email: str, actor: Actor) -> None:
    """Another address, or another person for the same party, before they consent.

    Raises:
        Refusal: they have already consented, signed or refused, or sign at a provider.
    """
    round_ = locked(signatory.round_id)
    signatory = round_.signatories.get(pk=signatory.pk)
    if round_.state != RoundState.OPEN or signatory.signs_elsewhere:
        raise Refusal("L’adresse ne peut plus être changée à ce stade.", code="too_late")
    if signatory.state not in {
        SignatoryState.WAITING,
        SignatoryState.INVITED,
        SignatoryState.IDENTIFIED,
    }:
        raise Refusal(
            "Cette personne a déjà donné son consentement ou refusé : son adresse ne change plus.",
            code="too_late",
        )
    traces.write(round_, "address_replaced", signatory=signatory, by=actor.user_id)
    signatory.name, signatory.email, signatory.user = name, email.strip().lower(), None
    signatory.code_digest, signatory.code_expires_at = "", None
    signatory.identified_at = signatory.read_at = None
    if signatory.state == SignatoryState.IDENTIFIED:
        signatory.state = SignatoryState.INVITED
    signatory.save()
    if signatory.state == SignatoryState.INVITED:
        emails.invitation(signatory, new_link(signatory))
        traces.write(round_, "invited", signatory=signatory)
    audit.record(actor, "agreement.replace_signatory", round_.agreement, signatory=signatory.pk)


@transaction.atomic
def cancel_round(round_: SignatureRound, *, actor: Actor, reason: str = "") -> None:
    """End a round that is not over; whoever was invited is told. The agreement is the caller's."""
    round_ = locked(round_.pk)
    if not round_.is_live:
        return
    if round_.state in {RoundState.SEALING, RoundState.PROVING}:
        raise Refusal(
            "Toutes les parties ont signé : la convention ne peut plus être retirée.",
            code="all_signed",
        )
    invited = list(round_.signatories.exclude(state=SignatoryState.WAITING))
    outcome.close(round_, RoundState.CANCELLED)
    traces.write(round_, "cancelled")
    audit.record(actor, "agreement.cancel_round", round_.agreement, reason=reason)
    for signatory in invited:
        emails.cancelled(signatory, reason)


def expire_round(round_id: int) -> bool:
    """End a round whose deadline has passed; whether it was ended.

    Somebody who consented in time is signed for first, however long the time-stamp takes.
    """
    with transaction.atomic():
        round_ = locked(round_id)
        late = round_.deadline <= clock.now()
        signing = round_.signatories.filter(state=SignatoryState.CONSENTED).exists()
        if not late or signing or round_.state not in {RoundState.PREPARING, RoundState.OPEN}:
            return False
        invited = list(round_.signatories.exclude(state=SignatoryState.WAITING))
        outcome.close(round_, RoundState.EXPIRED)
        traces.write(round_, "expired")
        outcome.agreement_expired(round_, actor=SYSTEM)
        for signatory in invited:
            emails.expired(signatory)
    return True


def remind(signatory_id: int) -> bool:
    """Tell somebody who has not signed, with a new link; whether a letter left."""
    with transaction.atomic():
        one = Signatory.objects.get(pk=signatory_id)
        round_ = locked(one.round_id)
        signatory = round_.signatories.get(pk=signatory_id)
        if round_.state != RoundState.OPEN or not reminder_due(signatory, round_, clock.now()):
            return False
        signatory.reminded_at = clock.now()
        signatory.save(update_fields=["reminded_at"])
        emails.reminder(signatory, new_link(signatory))
        traces.write(round_, "reminded", signatory=signatory)
    return True


def reminder_due(signatory: Signatory, round_: SignatureRound, at: datetime) -> bool:
    """Three days after the invitation, then two days before the deadline."""
    invited = signatory.invited_at
    waits = signatory.state in {SignatoryState.INVITED, SignatoryState.IDENTIFIED}
    if not waits or invited is None or signatory.signs_elsewhere:
        return False
    first, last = invited + REMIND_AFTER, round_.deadline - REMIND_BEFORE_DEADLINE
    due = [moment for moment in (first, last) if invited < moment <= at]
    return bool(due) and (signatory.reminded_at is None or signatory.reminded_at < max(due))


@transaction.atomic
def sign_on_paper(
    round_: SignatureRound, *, scan: File[bytes], signed_on: date, actor: Actor
) -> None:
    """The paper route: the scanned copy, signed by all by hand, takes the place of the round.

    Raises:
        Refusal: the file is refused by the vault, or the date is not possible.
    """
    round_ = locked(round_.pk)
    if round_.state != RoundState.OPEN:
        raise Refusal("Ce tour de signature n’est plus ouvert.", code="round_over")
    if signed_on > clock.today(round_.agreement.place.zone):
        raise Refusal("Cette date est dans le futur.", field="signed_on", code="future")
    if signed_on < round_.opened_at.astimezone(round_.agreement.place.zone).date():
        raise Refusal(
            "Cette date est antérieure à l’établissement de la convention.",
            field="signed_on",
            code="before_opening",
        )
    if round_.signatories.filter(state=SignatoryState.CONSENTED).exists():
        raise Refusal(
            "Une signature électronique est en cours. Attendez qu’elle soit terminée.",
            code="signing",
        )
    outcome.finish_on_paper(round_, scan=scan, signed_on=signed_on, actor=actor)
