"""A change asked of an accepted booking, in words: the same for the page and the letters."""

from __future__ import annotations

from preau.booking.models import Booking, ChangeRequest
from preau.core.formats import count, euros, slot


def lines(change: ChangeRequest) -> list[str]:
    """« Jeudi 12 mars 2027, de 18 h à 20 h, au lieu du … », « 45 personnes au lieu de 30 »."""
    booking = change.booking
    zone, found = booking.place.zone, []
    if change.period is not None:
        own, new = change.date.period, change.period
        found.append(f"Nouveau créneau : {slot(new.start, new.end, zone)}.")
        if own != new:
            found.append(f"Au lieu de : {slot(own.start, own.end, zone)}.")
    if change.attendance is not None:
        found.append(f"{count(change.attendance, 'personne')} au lieu de {booking.attendance}.")
    found.append(difference(change))
    return found


def difference(change: ChangeRequest) -> str:
    """« Le prix augmenterait de 12,00 €. »"""
    cents = change.difference_cents
    if not cents:
        return "Le prix ne changerait pas."
    return f"Le prix {'augmenterait' if cents > 0 else 'baisserait'} de {euros(abs(cents))}."


def latest(booking: Booking) -> ChangeRequest | None:
    return booking.change_requests.select_related("date__occupancy").order_by("-id").first()
