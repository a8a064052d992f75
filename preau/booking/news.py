"""What has happened to a booking, as the letters need it, and what a letter is made of."""

from __future__ import annotations

from dataclasses import dataclass

from preau.booking.enums import Change, Side
from preau.booking.models import Booking
from preau.core.formats import day, local, slot
from preau.core.timeranges import Period


@dataclass(frozen=True)
class Letter:
    """What changes from one e-mail to another; the facts and the layout do not."""

    subject: str
    intro: str
    next_steps: str = ""
    button: str = "Voir la réservation"


@dataclass(frozen=True)
class News:
    """What has just happened, as the letters need it."""

    booking: Booking
    change: Change
    previous: Period | None = None

    @property
    def what(self) -> str:
        """« Salle Olympe (Maison des associations), jeudi 12 mars »."""
        booking = self.booking
        when = local(booking.period.start, booking.place.zone).date()
        return f"{booking.space.name} ({booking.place.name}), {day(when, year=False)}"

    @property
    def who(self) -> str:
        return self.booking.holder_name

    @property
    def owner(self) -> str:
        return self.booking.place.owner.name

    @property
    def was_confirmed(self) -> bool:
        """Whether what ended was a reservation, not only a request."""
        return self.booking.decided_at is not None

    @property
    def by_manager(self) -> bool:
        return self.booking.ended_by_side == Side.MANAGER

    @property
    def reason(self) -> str:
        return f"\n\nMotif : {self.booking.reason}" if self.booking.reason else ""

    @property
    def before(self) -> str:
        period = self.previous
        return slot(period.start, period.end, self.booking.place.zone) if period else ""
