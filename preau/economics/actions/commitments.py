"""What an invitee commits to; the commitment that covers the charges closes the round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.economics import perms, queries, round_telling
from preau.economics.actions import allocations
from preau.economics.actions.allocations import Wanted, WantedProvider
from preau.economics.actions.rounds import close, locked
from preau.economics.enums import CommitmentState, CostPart, Origin, RoundState, Side
from preau.economics.models import Commitment, CostAllocation, Invitation, NegotiationRound

#: Of the allocation that a covered round prepares.
YEAR = timedelta(days=364)
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCommitment:
    cents: int = 0
    sessions: int = 0
    session_minutes: int = 0
    square_metres: int | None = None
    half_days: tuple[str, ...] = ()
    space: str = ""
    conditions: str = ""
    show_name: bool = False


@transaction.atomic
def commit(
    invitation: Invitation, wanted: WantedCommitment, *, actor: Actor, by_link: bool = False
) -> Commitment:
    """Commit, or change what one committed to.

    The round is locked first: of two commitments at once, the second sees what the first closed.

    Args:
        by_link: the letter is in their hands: its link stands for a right.

    Raises:
        Refusal: the round is over, or nothing is promised.
    """
    if not by_link:
        perms.require_answer(actor, "round.answer", invitation)
    round_ = _open(invitation)
    if not (wanted.cents or wanted.space.strip() or wanted.sessions):
        raise Refusal("Indiquez un montant, des séances ou un espace.", code="nothing")
    commitment = Commitment.objects.filter(invitation=invitation).first()
    commitment = commitment or Commitment(invitation=invitation)
    is_owner = invitation.side == Side.OWNER
    commitment.cents, commitment.sessions = wanted.cents, 0 if is_owner else wanted.sessions
    commitment.session_minutes = 0 if is_owner else wanted.session_minutes
    commitment.square_metres = wanted.square_metres
    commitment.half_days = list(wanted.half_days)
    commitment.space, commitment.conditions = wanted.space.strip(), wanted.conditions.strip()
    commitment.show_name, commitment.state = wanted.show_name, CommitmentState.ENGAGED
    commitment.changed_at = clock.now()
    commitment.save()
    audit.record(actor, "round.commit", commitment, cents=wanted.cents)
    promised = queries.promised(round_)
    if promised >= round_.target_cents:
        close(round_, RoundState.COVERED)
        audit.record(actor, "round.cover", round_, promised=promised)
    else:
        stamp = f"{commitment.changed_at:%Y%m%d%H%M%S%f}"
        round_telling.answered(invitation, promised, "s’engage", stamp=stamp)
    return commitment


@transaction.atomic
def withdraw(invitation: Invitation, *, actor: Actor, by_link: bool = False) -> None:
    """Take one's word back while the round is open.

    Raises:
        Refusal: the round is over, or nothing stands.
    """
    if not by_link:
        perms.require_answer(actor, "round.answer", invitation)
    round_ = _open(invitation)
    commitment = Commitment.objects.filter(
        invitation=invitation, state=CommitmentState.ENGAGED
    ).first()
    if commitment is None:
        raise Refusal("Aucun engagement à retirer.", code="nothing")
    commitment.state, commitment.changed_at = CommitmentState.WITHDRAWN, clock.now()
    commitment.save(update_fields=["state", "changed_at"])
    audit.record(actor, "round.withdraw", commitment)
    stamp = f"{commitment.changed_at:%Y%m%d%H%M%S%f}"
    round_telling.answered(invitation, queries.promised(round_), "se retire", stamp=stamp)


def _open(invitation: Invitation) -> NegotiationRound:
    round_ = locked(invitation.round)
    if round_.state != RoundState.OPEN:
        raise Refusal(
            f"Cette négociation est close : {round_.get_state_display().lower()}.", code="state"
        )
    if clock.today(round_.zone) > round_.deadline:
        raise Refusal("La date limite est passée.", code="late")
    return round_


@transaction.atomic
def prepare_sharing(round_: NegotiationRound, *, actor: Actor) -> CostAllocation:
    """The next step: a draft allocation of a year, its charges and providers as committed.

    Raises:
        Refusal: the charges are not covered, or it was prepared already.
    """
    perms.require(actor, "round.keep", round_)
    round_ = locked(round_)
    if round_.state != RoundState.COVERED:
        raise Refusal("Les charges ne sont pas couvertes.", code="state")
    if round_.allocation_id is not None:
        raise Refusal("La répartition est déjà préparée.", code="already")
    first = clock.today(round_.zone) + timedelta(days=1)
    allocation = allocations.create(
        Wanted(place=None, place_name=round_.place_name, first_day=first, last_day=first + YEAR),
        actor=actor,
    )
    allocations.add_item(
        allocation,
        part=CostPart.OPENING,
        label="Charges négociées",
        cents=MONTHS * round_.target_cents,
        square_metres=None,
        actor=actor,
    )
    _bring_providers(allocation, round_, actor)
    round_.allocation = allocation
    round_.save(update_fields=["allocation"])
    return allocation


def _bring_providers(allocation: CostAllocation, round_: NegotiationRound, actor: Actor) -> None:
    for one in queries.commitments_of(round_).filter(invitation__side=Side.PROVIDER):
        minutes = MONTHS * one.sessions * one.session_minutes
        allocations.add_provider(
            allocation,
            WantedProvider(
                name=one.invitation.name,
                minutes=minutes or 60,  # to be corrected: it said no hours
                square_metres=one.square_metres,
                weekly=tuple(one.half_days),
                correction="" if minutes else "Heures à compléter",
                organization=one.invitation.organization,
            ),
            actor=actor,
            origin=Origin.COMMITMENT,
        )
