"""Visits to shared places, as the mediators count them: by commune of origin, by nobody's name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from preau.mediation import queries


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits to one place, for one theme, from one commune.

    Attributes:
        sheet_id: the place in the directory.
        theme: of the service, in the words of the directory, or "".
        origin: code of the commune people come from; "" when it was not asked or not said.
        visits: how many people came.
        services: how many services they were given in all.
    """

    sheet_id: int
    theme: str
    origin: str
    visits: int
    services: int


def visits(communes: Collection[str], first: date, last: date) -> list[Visits]:
    """Those of the places of these communes, both days included."""
    return [
        Visits(one.sheet_id, one.theme, one.origin, one.visits, one.services)
        for one in queries.visits_by_origin(communes, first, last)
    ]
