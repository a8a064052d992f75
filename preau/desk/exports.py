"""Bookings, users and hours as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from preau.booking.models import Booking, BookingDate
from preau.core.formats import telephone
from preau.core.tables.writing import Cell
from preau.desk.queries import exported
from preau.places.models import Place


@dataclass(frozen=True)
class Table:
    """One kind of export: its name, its headings, its rows."""

    title: str
    headings: list[str]
    rows: Callable[[Sequence[Place], date, date], Iterator[list[Cell]]]


# --- The three tables

BOOKINGS = [
    "Référence",
    "Lieu",
    "Espace",
    "Jour",
    "Début",
    "Fin",
    "Dernier jour",
    "État",
    "Date",
    "Demandeur",
    "Structure",
    "Courriel",
    "Objet",
    "Ouvert au public",
    "Personnes",
    "Contact le jour même",
    "Téléphone",
    "Demandée le",
    "Répondue le",
    "Motif",
]
USERS = [
    "Nom",
    "Structure",
    "Courriel",
    "Téléphone",
    "Réservations",
    "Dates retenues",
    "Heures",
    "Absences",
    "Dernière date",
]
HOURS = [
    "Lieu",
    "Espace",
    "Mois",
    "Heures d’ouverture",
    "Heures réservées",
    "Heures du propriétaire",
    "Heures prises avec un autre espace",
    "Heures de fermeture",
    "Taux d’occupation (%)",
]


def _bookings(places: Sequence[Place], first: date, last: date) -> Iterator[list[Cell]]:
    for one in exported.dates_between(places, first, last):
        yield _booking_cells(one, one.booking)


def _booking_cells(one: BookingDate, booking: Booking) -> list[Cell]:
    place, requester = booking.place, booking.requester
    start, end = (exported.wall(at, place) for at in (one.period.start, one.period.end))
    return [
        booking.reference,
        place.name,
        one.occupancy.space.name,
        start.date(),
        f"{start:%H:%M}",
        f"{end:%H:%M}",
        end.date(),
        booking.get_state_display(),
        one.get_state_display(),
        requester.full_name if requester else booking.caller_name,
        booking.organization.name if booking.organization else booking.caller_structure,
        requester.email if requester else booking.caller_email,
        booking.purpose,
        "oui" if booking.is_public_event else "non",
        booking.attendance,
        booking.contact_name,
        telephone(booking.contact_phone),
        _instant(booking.requested_at, place),
        _instant(booking.decided_at, place),
        booking.reason,
    ]


def _instant(value: datetime | None, place: Place) -> datetime | None:
    """On the wall of the place: spreadsheets know no time zone."""
    return exported.wall(value, place).replace(tzinfo=None, microsecond=0) if value else None


def _users(places: Sequence[Place], first: date, last: date) -> Iterator[list[Cell]]:
    for who in exported.occupants(places, first, last):
        yield [
            who.name,
            who.structure,
            who.email,
            telephone(who.phone),
            len(who.bookings),
            who.dates,
            _hours(who.minutes),
            who.absences,
            who.last_day,
        ]


def _hours_rows(places: Sequence[Place], first: date, last: date) -> Iterator[list[Cell]]:
    for cell in exported.months_of_spaces(places, first, last):
        minutes = (cell.opened, cell.booked, cell.own_use, cell.shared, cell.closed)
        yield [
            next(place.name for place in places if place.pk == cell.space.place_id),
            cell.space.name,
            f"{cell.month:%m/%Y}",
            *(_hours(one) for one in minutes),
            None if cell.rate is None else round(100 * cell.rate, 1),
        ]


def _hours(minutes: int) -> float:
    return round(minutes / 60, 2)


TABLES = {
    "reservations": Table("Réservations", BOOKINGS, _bookings),
    "usagers": Table("Usagers", USERS, _users),
    "occupation": Table("Occupation", HOURS, _hours_rows),
}
