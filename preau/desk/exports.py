"""Bookings of a place as a spreadsheet that opens well in French, and harms nobody."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

from preau.booking.models import Booking
from preau.core.formats import telephone

BOM = "\ufeff"
HEADINGS = [
    "Référence",
    "Espace",
    "Jour",
    "Début",
    "Fin",
    "Dernier jour",
    "État",
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
#: What a spreadsheet would take for a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: object) -> str:
    """The text, kept from being run as a formula by a quote in front."""
    text = str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_DANGEROUS) else text


def lines(bookings: Iterable[Booking], zone: ZoneInfo) -> Iterator[str]:
    """The file, line by line: UTF-8 with its mark, semicolons, French dates."""
    yield BOM + _line(HEADINGS)
    for booking in bookings:
        yield _line([harmless(value) for value in _cells(booking, zone)])


def _cells(booking: Booking, zone: ZoneInfo) -> list[object]:
    start, end = (one.astimezone(zone) for one in (booking.period.start, booking.period.end))
    requester = booking.requester
    return [
        booking.reference,
        booking.space.name,
        f"{start:%d/%m/%Y}",
        f"{start:%H:%M}",
        f"{end:%H:%M}",
        f"{end:%d/%m/%Y}",
        booking.get_state_display(),
        requester.full_name if requester else "",
        booking.organization.name if booking.organization else "",
        requester.email if requester else "",
        booking.purpose,
        "oui" if booking.is_public_event else "non",
        booking.attendance or "",
        booking.contact_name,
        telephone(booking.contact_phone),
        _instant(booking.requested_at, zone),
        _instant(booking.decided_at, zone),
        booking.reason,
    ]


def _instant(value: datetime | None, zone: ZoneInfo) -> str:
    return f"{value.astimezone(zone):%d/%m/%Y %H:%M}" if value else ""


def _line(values: list[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow(values)
    return buffer.getvalue()
