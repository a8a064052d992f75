"""A round: prepared, opened to all its invitees at once, closed by what they commit to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import Organization
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.economics import perms, queries, round_telling
from preau.economics.enums import RoundState
from preau.economics.models import Invitation, NegotiationRound
from preau.places.models import Place
from preau.places.queries import managed_places

_R = RoundState
MOST_INVITED = 100
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRound:
    place: Place | None
    place_name: str
    message: str
    target_cents: int
    deadline: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """An organisation known here, or a name and an address."""

    name: str
    side: str
    organization: Organization | None = None
    email: str = ""


@transaction.atomic
def create(wanted: WantedRound, *, actor: Actor) -> NegotiationRound:
    """Prepare a round.

    Raises:
        Forbidden: the present hat may not.
        Refusal: the date or the place does not hold.
    """
    if not perms.may_create(actor, "round.keep") or actor.organization is None:
        raise Forbidden(perms.NOT_YOURS)
    if wanted.place and not managed_places(actor).filter(pk=wanted.place.pk).exists():
        raise Refusal("Choisissez un lieu que vous gérez.", field="place", code="not_yours")
    round_ = NegotiationRound(organization=actor.organization, created_by=actor.user)
    _write(round_, wanted)
    audit.record(actor, "round.create", round_)
    return round_


@transaction.atomic
def edit(round_: NegotiationRound, wanted: WantedRound, *, actor: Actor) -> NegotiationRound:
    """Change it before it opens: what invitees answered to does not move."""
    perms.require(actor, "round.keep", round_)
    round_ = _draft(round_)
    _write(round_, wanted)
    audit.record(actor, "round.edit", round_)
    return round_


def _write(round_: NegotiationRound, wanted: WantedRound) -> None:
    round_.place = wanted.place
    round_.place_name = (wanted.place.name if wanted.place else wanted.place_name).strip()
    if not round_.place_name:
        raise Refusal("Choisissez un lieu, ou écrivez son nom.", field="place_name")
    if wanted.target_cents <= 0:
        raise Refusal("Indiquez ce qu’il y a à couvrir chaque mois.", field="target")
    _check_date(round_, wanted.deadline)
    round_.message, round_.target_cents = wanted.message.strip(), wanted.target_cents
    round_.deadline = wanted.deadline
    round_.save()


def _check_date(round_: NegotiationRound, deadline: date) -> None:
    today = clock.today(round_.zone)
    if not today < deadline <= today + LONGEST:
        raise Refusal("Choisissez une date à venir, dans l’année.", field="deadline", code="date")


@transaction.atomic
def invite(
    round_: NegotiationRound, invitees: Iterable[Invitee], *, actor: Actor
) -> list[Invitation]:
    """Add invitees; told at once when the round is open already.

    Raises:
        Refusal: the round is over, or somebody is invited already.
    """
    perms.require(actor, "round.keep", round_)
    round_ = locked(round_)
    if round_.is_over:
        raise Refusal("Cette négociation est close.", code="state")
    made = [
        Invitation(
            round=round_,
            organization=one.organization,
            side=one.side,
            name=one.name.strip()[:160],
            email="" if one.organization else one.email.strip().lower(),
        )
        for one in invitees
    ]
    if round_.invitations.count() + len(made) > MOST_INVITED:
        raise Refusal(f"Une négociation a {MOST_INVITED} invités au plus.", field="invitees")
    for one in made:
        try:
            with transaction.atomic():
                one.save()
        except IntegrityError as error:
            raise Refusal(
                f"{one.name} est déjà invitée.", field="invitees", code="already"
            ) from error
    audit.record(actor, "round.invite", round_, count=len(made))
    if round_.state == _R.OPEN:
        _send(round_, made)
    return made


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: Actor) -> None:
    """Before the round opens only."""
    perms.require(actor, "round.keep", invitation.round)
    round_ = _draft(invitation.round)
    round_.invitations.filter(pk=invitation.pk).delete()
    audit.record(actor, "round.withdraw_invitation", round_)


@transaction.atomic
def open_round(round_: NegotiationRound, *, actor: Actor) -> NegotiationRound:
    """Everyone receives the same message at the same time.

    Raises:
        Refusal: nobody is invited, or its date has passed.
    """
    perms.require(actor, "round.keep", round_)
    round_ = _draft(round_)
    invitations = list(round_.invitations.all())
    if not invitations:
        raise Refusal("Invitez d’abord au moins une structure.", code="nobody")
    _check_date(round_, round_.deadline)
    round_.state, round_.opened_at = _R.OPEN, clock.now()
    round_.save(update_fields=["state", "opened_at"])
    audit.record(actor, "round.open", round_)
    _send(round_, invitations)
    return round_


def _send(round_: NegotiationRound, invitations: list[Invitation]) -> None:
    Invitation.objects.filter(pk__in=[one.pk for one in invitations]).update(told_at=clock.now())
    round_telling.invited(round_, invitations)


@transaction.atomic
def abandon(round_: NegotiationRound, reason: str, *, actor: Actor) -> NegotiationRound:
    """Stop it; invitees read why.

    Raises:
        Refusal: it is over, or no reason is given.
    """
    perms.require(actor, "round.keep", round_)
    round_ = locked(round_)
    if round_.is_over:
        raise Refusal("Cette négociation est déjà close.", code="state")
    if not reason.strip():
        raise Refusal("Dites pourquoi : les invités le liront.", field="reason", code="reason")
    round_.close_reason = reason.strip()[:500]
    close(round_, _R.CANCELLED)
    audit.record(actor, "round.abandon", round_)
    return round_


def close(round_: NegotiationRound, state: RoundState) -> None:
    """Of a locked round: over, everyone told."""
    was_open = round_.state == _R.OPEN
    round_.state, round_.closed_at = state, clock.now()
    round_.save(update_fields=["state", "closed_at", "close_reason"])
    if was_open:
        round_telling.closed(round_, queries.promised(round_))


@transaction.atomic
def look_after(round_: NegotiationRound) -> bool:
    """What the night does: fail past the date, remind a week before. Again does nothing more."""
    round_ = locked(round_)
    if round_.state != _R.OPEN:
        return False
    today = clock.today(round_.zone)
    if today > round_.deadline:
        close(round_, _R.FAILED)
        audit.record(SYSTEM, "round.fail", round_)
        return True
    if round_.reminded_at is None and today >= round_.deadline - queries.REMIND_BEFORE:
        round_.reminded_at = clock.now()
        round_.save(update_fields=["reminded_at"])
        round_telling.to_answer(round_, list(round_.invitations.filter(commitment=None)))
        return True
    return False


@transaction.atomic
def forget(round_: NegotiationRound) -> None:
    """A year after it closed, the addresses of invitees are erased."""
    round_ = locked(round_)
    round_.invitations.exclude(email="").update(email="")
    round_.forgotten_at = clock.now()
    round_.save(update_fields=["forgotten_at"])
    audit.record(SYSTEM, "round.forget", round_)


def locked(round_: NegotiationRound) -> NegotiationRound:
    rows = NegotiationRound.objects.select_for_update(of=("self",))
    return rows.select_related("organization", "place").get(pk=round_.pk)


def _draft(round_: NegotiationRound) -> NegotiationRound:
    round_ = locked(round_)
    if round_.state != _R.DRAFT:
        raise Refusal("Cette négociation est ouverte : elle ne change plus.", code="state")
    return round_
