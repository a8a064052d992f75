"""Closing spaces where bookings stand: what was decided for each, then the closure, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from preau.accounts.actors import Actor
from preau.availability.actions.occupancies import SlotTaken
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.booking.actions.dates import cancel_dates, move_date
from preau.booking.actions.requests import reschedule
from preau.booking.enums import Side
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.desk.actions.planning import Closed, close, give_back, standing
from preau.places.locks import lock_roots
from preau.places.models import Space


@dataclass(frozen=True)
class Decision:
    """What becomes of one use that stands in the way."""

    occupancy_id: int
    verb: Literal["garder", "deplacer", "annuler"]
    period: Period | None = None
    reason: str = ""


class Undecided(Refusal):
    """One decision cannot be carried out: nothing at all has changed.

    Attributes:
        occupancy_id: the use it is about.
    """

    def __init__(self, occupancy_id: int, refusal: Refusal) -> None:
        super().__init__(refusal.sentence, field=refusal.field, code=refusal.code)
        self.occupancy_id = occupancy_id


@transaction.atomic
def close_with(
    spaces: Sequence[Space],
    period: Period,
    label: str,
    decisions: Sequence[Decision],
    *,
    actor: Actor,
) -> Closed:
    """Carry out the decisions and close, all or nothing.

    Raises:
        Undecided: one of them is refused (the new time is taken…).
        Refusal: code "bookings_stand": something else stands that the manager has not seen.
    """
    lock_roots(spaces)
    before = {occupancy.pk: occupancy for occupancy in standing(spaces, period)}
    for decision in decisions:
        occupancy = before.get(decision.occupancy_id)
        if occupancy is not None and decision.verb != "garder":
            try:
                _carry_out(decision, occupancy, period, actor)
            except Refusal as refusal:
                raise Undecided(occupancy.pk, refusal) from refusal
    kept = [decision.occupancy_id for decision in decisions if decision.verb == "garder"]
    return close(spaces, period, label, kept=kept, actor=actor)


def _carry_out(decision: Decision, occupancy: Occupancy, closed: Period, actor: Actor) -> None:
    if occupancy.kind != OccupancyKind.BOOKING:
        give_back(occupancy, actor=actor)
        return
    date = occupancy.booking_date
    if decision.verb == "annuler":
        cancel_dates(date.booking, [date.pk], decision.reason, side=Side.MANAGER, actor=actor)
        return
    assert decision.period is not None
    wanted = decision.period.widened(occupancy.space.before, occupancy.space.after)
    if wanted.overlaps(closed):
        raise Refusal(
            "Ce nouvel horaire tombe encore pendant la fermeture. Choisissez un autre jour.",
            field="day",
            code="still_closed",
        )
    try:
        if date.booking.is_series:
            move_date(date, decision.period, decision.reason, actor=actor)
        else:
            reschedule(date.booking, decision.period, decision.reason, actor=actor)
    except SlotTaken as taken:
        raise Refusal(
            "Ce nouvel horaire est déjà pris. Choisissez-en un autre.",
            field="day",
            code="slot_taken",
        ) from taken
