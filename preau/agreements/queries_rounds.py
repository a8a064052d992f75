"""Reads about signature rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.agreements.models.rounds import Signatory, SignatureRound
from preau.agreements.signing_enums import LIVE_ROUNDS, ProviderName, RoundState, SignatoryState
from preau.notifications.models import Email, EmailState

TURN = (SignatoryState.INVITED, SignatoryState.IDENTIFIED)


def to_advance(before: datetime) -> list[int]:
    """Rounds for which a worker has something to do since that instant."""
    consented = Signatory.objects.filter(
        round=OuterRef("pk"), state=SignatoryState.CONSENTED, consented_at__lt=before
    )
    waiting = (
        Q(Exists(consented), state=RoundState.OPEN)
        | Q(state__in=[RoundState.SEALING, RoundState.PROVING])
        | (Q(state=RoundState.OPEN) & ~Q(provider=ProviderName.INTERNAL))
    )
    return list(SignatureRound.objects.filter(waiting).values_list("pk", flat=True))


def overdue(at: datetime) -> list[int]:
    """Rounds whose deadline has passed."""
    late = SignatureRound.objects.filter(
        state__in=[RoundState.PREPARING, RoundState.OPEN], deadline__lte=at
    )
    return list(late.order_by("deadline").values_list("pk", flat=True))


def whose_turn() -> list[int]:
    """Signatories invited by us who have not consented."""
    found = Signatory.objects.filter(
        state__in=TURN, round__state=RoundState.OPEN, signs_elsewhere=False
    )
    return list(found.values_list("pk", flat=True))


def with_facts(rounds: QuerySet[SignatureRound]) -> QuerySet[SignatureRound]:
    """With everything that a page about them shows."""
    return rounds.select_related(
        "agreement__owner",
        "agreement__place__commune",
        "agreement__holder_organization",
        "agreement__holder_user",
        "frozen",
        "revision",
        "outcome",
    ).prefetch_related("signatories")


def latest_round(agreement_id: int) -> SignatureRound | None:
    """The agreement's last round, whatever became of it."""
    rounds = with_facts(SignatureRound.objects.filter(agreement=agreement_id))
    return rounds.order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A live round, and who it waits for since when."""

    round: SignatureRound
    signatory: Signatory | None
    since: datetime
    lost_letter: bool

    @property
    def is_held_up(self) -> bool:
        return self.round.held_up_since is not None


def waiting(organization_id: int) -> list[Waiting]:
    """The organisation's live rounds, the one that waits for longest first."""
    rounds = with_facts(
        SignatureRound.objects.filter(state__in=LIVE_ROUNDS, agreement__owner=organization_id)
    ).order_by("deadline")[:200]
    found = [_waiting(one) for one in rounds]
    lost = _addresses_that_fail({one.signatory.email for one in found if one.signatory})
    return sorted(
        (
            Waiting(one.round, one.signatory, one.since, one.signatory.email in lost)
            if one.signatory
            else one
            for one in found
        ),
        key=lambda one: one.since,
    )


def _waiting(round_: SignatureRound) -> Waiting:
    signatory = next((one for one in round_.signatories.all() if one.is_their_turn), None)
    since = round_.held_up_since or (signatory.invited_at if signatory else None)
    return Waiting(round_, signatory, since or round_.opened_at, lost_letter=False)


def _addresses_that_fail(addresses: set[str]) -> set[str]:
    failed = Email.objects.filter(
        recipient__in=addresses, state=EmailState.FAILED, cause__startswith="signatory:"
    )
    return set(failed.values_list("recipient", flat=True))


def lost_letter(signatory: Signatory) -> bool:
    """Whether a letter about this signature could not be delivered."""
    return Email.objects.filter(
        recipient=signatory.email,
        state=EmailState.FAILED,
        cause__startswith=f"signatory:{signatory.pk}:",
    ).exists()
