"""The caretaker's day: who comes, when, where, whom to call, what to prepare, what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from preau.booking import checklist
from preau.booking.enums import ACCEPTED, BookingState, DateState
from preau.booking.models import Booking, BookingDate
from preau.core import clock
from preau.desk.enums import Moment
from preau.desk.models import Inventory
from preau.desk.queries.planning import Line, day_of
from preau.places.models import Place


@dataclass(frozen=True)
class Visit:
    """One use of the day, and what the caretaker has to do about it."""

    line: Line
    inventories: list[tuple[Moment, Inventory | None]] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    #: Nobody came, and it was noted.
    is_absence: bool = False
    #: It has begun and nobody has noted an absence: it may be.
    may_be_absent: bool = False

    @property
    def comes(self) -> bool:
        """Whether somebody is let in: a confirmed booking."""
        return bool(self.inventories)


def visits(place: Place, day: date) -> list[Visit]:
    """Everything that happens at a place on a day, in order, in a fixed number of queries."""
    lines = day_of(place, day)
    ids = [line.occupancy.pk for line in lines]
    made = {
        (one.occupancy_id, one.moment): one for one in Inventory.objects.filter(occupancy__in=ids)
    }
    dates = BookingDate.objects.filter(occupancy__in=ids)
    states = dict(dates.values_list("occupancy_id", "state"))
    now, found = clock.now(), []
    for line in lines:
        if line.booking is None or line.booking.state not in ACCEPTED:
            found.append(Visit(line))
            continue
        pairs = [(moment, made.get((line.occupancy.pk, moment))) for moment in Moment]
        absent = states.get(line.occupancy.pk) == DateState.NO_SHOW
        begun = line.occupancy.span.start <= now
        sure = line.booking.state == BookingState.CONFIRMED
        found.append(
            Visit(line, pairs, _lacks(line.booking), absent, begun and sure and not absent)
        )
    return found


def _lacks(booking: Booking) -> list[str]:
    """What the caretaker should know is not there yet."""
    lacks = [] if booking.contact_phone else ["le téléphone d’une personne à joindre"]
    if booking.state == BookingState.TO_COMPLETE:
        lacks += [item.label[:1].lower() + item.label[1:] for item in checklist.missing(booking)]
    return lacks
