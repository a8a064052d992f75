"""Visits to shared places, as the mediators count them: by commune of origin, by nobody's name.

The room `mediation` gives them; until it does, there are none, and pages say so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec

GIVEN_BY = "preau.mediation.queries"
NAME = "visits_by_origin"


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits to one place, for one theme, from one commune.

    Attributes:
        sheet_id: the place in the directory.
        theme: of the service (data·inclusion), or "".
        origin: code of the commune people come from; "" when it was not asked or not said.
        visits: how many people came.
        services: how many services they were given in all.
    """

    sheet_id: int
    theme: str
    origin: str
    visits: int
    services: int


#: `(communes of the places, first day, last day) -> visits`, both days included.
Giver = Callable[[Collection[str], date, date], Iterable[Visits]]


def giver() -> Giver | None:
    """The function of `mediation`, once it has one."""
    if find_spec(GIVEN_BY) is None:
        return None
    found: Giver | None = getattr(import_module(GIVEN_BY), NAME, None)
    return found


def visits(communes: Collection[str], first: date, last: date) -> list[Visits]:
    """Those of the places of these communes."""
    read = giver()
    if read is None:
        return []
    return [
        Visits(one.sheet_id, one.theme, one.origin, one.visits, one.services)
        for one in read(communes, first, last)
    ]
