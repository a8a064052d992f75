"""The tables of an agreement, as rows of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from preau.agreements.drafting.facts import AgreementFacts
from preau.agreements.enums import ClauseTable
from preau.core import formats

#: Up to that many dates, each has its line.
EACH_ON_ITS_LINE = 12

Table = dict[str, Any]
Moments = tuple[datetime, datetime]


def table(kind: str, facts: AgreementFacts) -> Table | None:
    """The rows that follow a clause; None when there is nothing to say."""
    make = _MAKERS.get(kind)
    made = make(facts) if make else None
    return made if made and made["rows"] else None


def _premises(facts: AgreementFacts) -> Table:
    rows = [
        [
            one.name,
            f"{one.surface}{formats.NBSP}m²" if one.surface else "–",
            formats.count(one.capacity, "personne"),
        ]
        for one in facts.premises
    ]
    return {
        "caption": "Locaux mis à disposition",
        "headers": ["Espace", "Surface", "Capacité"],
        "rows": rows,
        "numbers": [1, 2],
    }


def _equipment(facts: AgreementFacts) -> Table:
    return {
        "caption": "Équipements et matériel mis à disposition",
        "headers": ["Équipement", "Quantité", "État à l’entrée", "État à la sortie"],
        "rows": [[one.label, str(one.quantity), "", ""] for one in facts.equipment],
        "numbers": [1],
    }


def _prices(facts: AgreementFacts) -> Table:
    rows = [[one.label, one.detail, formats.euros(one.amount_cents)] for one in facts.prices]
    total = len(rows)
    if rows:
        rows.append(["Total", "", formats.euros(facts.total_cents)])
    if rows and facts.deposit_cents:
        rows.append(["Caution", "Rendue ; n’est pas un prix", formats.euros(facts.deposit_cents)])
    return {
        "caption": "Détail du prix",
        "headers": ["Ligne", "Calcul", "Montant"],
        "rows": rows,
        "numbers": [2],
        "totals": [total],
    }


def _dates(facts: AgreementFacts) -> Table:
    """One line a date; a long series is gathered by month, weekday, hours and space."""
    if len(facts.periods) > EACH_ON_ITS_LINE and _within_days(facts):
        return _gathered(facts)
    zone = facts.venue.zone
    rows = []
    for (start, end), (first, last), room in _each(facts):
        if _ends_that_day(first, end, facts):
            row = [formats.day(first), formats.hours(start, end, zone)]
        else:
            row = [formats.days(first, last), formats.slot(start, end, zone)]
        rows.append([*row, room] if facts.rooms else row)
    headers = ["Date", "Horaires", *_room_header(facts)]
    return {"caption": "Dates et horaires", "headers": headers, "rows": rows}


def _each(facts: AgreementFacts) -> Iterator[tuple[Moments, tuple[date, date], str]]:
    """Each date with its days and its space, "" when all are in the same."""
    rooms = facts.rooms or ("",) * len(facts.periods)
    return zip(facts.periods, facts.days, rooms, strict=True)


def _room_header(facts: AgreementFacts) -> list[str]:
    return ["Espace"] if facts.rooms else []


def _ends_that_day(first: date, end: datetime, facts: AgreementFacts) -> bool:
    last = end.astimezone(facts.venue.zone)
    at_midnight = last.hour == last.minute == 0
    return last.date() == first or (at_midnight and (last.date() - first).days == 1)


def _within_days(facts: AgreementFacts) -> bool:
    return all(
        _ends_that_day(first, end, facts)
        for (_, end), (first, _) in zip(facts.periods, facts.days, strict=True)
    )


def _gathered(facts: AgreementFacts) -> Table:
    zone = facts.venue.zone
    lines = sorted(
        (
            (first.year, first.month, first.weekday(), formats.hours(start, end, zone), room),
            first,
        )
        for (start, end), (first, _), room in _each(facts)
    )
    rows = []
    for (year, month, weekday, hours, room), found in groupby(lines, key=lambda line: line[0]):
        days = [formats.day_number(day) for _, day in found]
        listed = " et ".join([", ".join(days[:-1]), days[-1]]) if len(days) > 1 else days[0]
        row = [f"{formats.MONTHS[month - 1]} {year}", f"{formats.WEEKDAYS[weekday]} {listed}"]
        rows.append([*row, hours, room] if facts.rooms else [*row, hours])
    return {
        "caption": f"Dates et horaires : {formats.count(len(facts.periods), 'séance')}",
        "headers": ["Mois", "Jours", "Horaires", *_room_header(facts)],
        "rows": rows,
    }


_MAKERS: dict[str, Callable[[AgreementFacts], Table]] = {
    ClauseTable.PREMISES: _premises,
    ClauseTable.EQUIPMENT: _equipment,
    ClauseTable.DATES: _dates,
    ClauseTable.PRICES: _prices,
}
