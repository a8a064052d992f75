"""A booking in words: what is done, what is missing and who must act, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from preau.accounts.actors import Actor
from preau.booking import checklist
from preau.booking.checklist import Item, Who
from preau.booking.enums import BookingState, Change, Side
from preau.booking.models import Booking
from preau.core import audit, clock
from preau.core.formats import day, hour, local
from preau.core.models import AuditEvent

_WORDS = {f"booking.{change.name.lower()}": change.label for change in Change}


@dataclass(frozen=True)
class Line:
    at: datetime
    what: str
    who: str
    reason: str


def lines(booking: Booking, reader: Actor) -> list[Line]:
    """What happened, oldest first. People are named by their side, not by their name."""
    return [
        Line(event.at, _WORDS[event.verb], _author(booking, event, reader), event.reason)
        for event in audit.history(booking)
        if event.verb in _WORDS
    ]


def _author(booking: Booking, event: AuditEvent, reader: Actor) -> str:
    if event.user_id is None:
        return "automatiquement, le délai étant passé"
    if event.user_id == reader.user_id:
        return "par vous"
    if event.user_id == booking.requester_id or (
        event.organization_id and event.organization_id == booking.organization_id
    ):
        return f"par {booking.holder_name}"
    return f"par {booking.place.owner}"


@dataclass(frozen=True)
class Step:
    """One line of the checklist.

    `state`: "done", "mine" (the occupant's), "theirs", "later" or "over".
    """

    label: str
    state: str
    text: str = ""
    url: str = ""


def steps(booking: Booking) -> list[Step]:
    """Where the booking stands, and who must act by when."""
    sent = Step("Demande envoyée", "done")
    if booking.ended_at is not None:
        return [sent, Step(booking.get_state_display(), "over", _ending(booking))]
    found = [_step(item, booking) for item in checklist.items(booking)]
    waits = any(one.state in {"mine", "theirs"} for one in found)
    return [sent, *found, _last(booking, waits=waits)]


def _step(item: Item, booking: Booking) -> Step:
    if item.done:
        return Step(item.label, "done", item.text, item.url)
    if item.who == Who.NOBODY:
        return Step(item.label, "later", item.text)
    if item.who == Who.OCCUPANT:
        limit = f", au plus tard {moment_of(item.until, booking)}" if item.until else ""
        until = f"À faire par l’occupant{limit}."
        return Step(item.label, "mine", f"{item.text} {until}".strip(), item.url)
    by = item.by or str(booking.place.owner)
    who = item.text or f"{by} répond au plus tard {deadline(booking)}."
    return Step(item.label, "theirs", who, item.url)


def _last(booking: Booking, *, waits: bool) -> Step:
    """The day itself. `waits`: something is still to do, an amendment to sign for instance."""
    if booking.state != BookingState.CONFIRMED:
        return Step("Venue", "later")
    over = booking.ends_at <= clock.now()
    return Step("Venue", "done" if over else "later", "" if over else _coming(booking, waits=waits))


def deadline(booking: Booking) -> str:
    """By when an answer is due, in the place's time."""
    return moment_of(booking.answer_by, booking)


def moment_of(instant: datetime | None, booking: Booking) -> str:
    """« le jeudi 12 mars 2027 à 18 h », in the place's time."""
    if instant is None:
        return ""
    wall = local(instant, booking.place.zone)
    return f"le {day(wall.date())} à {hour(wall)}"


def _coming(booking: Booking, *, waits: bool) -> str:
    return booking.place.access or ("" if waits else "Rien d’autre à faire d’ici là.")


def _ending(booking: Booking) -> str:
    if booking.state == BookingState.CANCELLED:
        side = Side(booking.ended_by_side).label.lower() if booking.ended_by_side else ""
        return f"Par {side}." if side else ""
    return ""
