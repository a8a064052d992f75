"""Which spaces could open more, or be offered, and for whom: needs laid over hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from preau.capacity.grids import Measure
from preau.capacity.queries.needs import FEW, Need, Source
from preau.capacity.reading import Measured
from preau.capacity.windows import HARDLY, WINDOWS, Window
from preau.core import formats
from preau.core.french import rank
from preau.places.models import Space

NEAR_KM = 15.0
#: From which free share of its hours a space is worth offering.
MOSTLY_FREE = 0.3
SHOWN = 30
_WORDS = {
    Source.REFUSED: ("demande refusée", "demandes refusées"),
    Source.UNANSWERED: ("demande restée sans réponse", "demandes restées sans réponse"),
    Source.WAITING: ("inscription en liste d’attente", "inscriptions en liste d’attente"),
    Source.SEARCH: ("recherche sans résultat", "recherches sans résultat"),
    Source.NEIGHBOUR: (
        "association qui vient déjà à cette heure-là dans une salle voisine du même type",
        "associations qui viennent déjà à cette heure-là dans des salles voisines du même type",
    ),
}


@dataclass(frozen=True)
class Reason:
    source: Source
    times: int
    hours: float

    @property
    def words(self) -> str:
        return formats.count(self.times, *_WORDS[self.source])


@dataclass(frozen=True)
class Offer:
    """A space and a part of the week: shut and asked for, or open and mostly free.

    Attributes:
        hours: matched hours of the last twelve months.
        names: associations that asked this very place, for its own managers.
    """

    space: Space
    window: Window
    is_shut: bool
    hours: float
    reasons: list[Reason]
    names: list[str]


def offers(found: Sequence[Measured], wanted: Sequence[Need]) -> list[Offer]:
    """The most wanted first, then shut hours that nobody is known to want."""
    spaces = (
        Space.objects.filter(pk__in=[one.root.space_id for one in found])
        .select_related("place__commune", "opening__calendar")
        .in_bulk()
    )
    crowd = _Crowd(wanted)
    made = [
        offer
        for one in found
        if one.root.space_id in spaces
        for offer in _of_space(one.months, spaces[one.root.space_id], crowd)
    ]
    return sorted(
        made, key=lambda one: (-one.hours, not one.is_shut, rank(one.space.name), one.window.key)
    )


def _of_space(grid: Any, space: Space, crowd: _Crowd) -> Iterable[Offer]:
    near = crowd.near(space)
    for window in WINDOWS:
        if not window.total(grid, Measure.CLOCK):
            continue  # no school holidays are known there, say
        opened = window.share(grid, Measure.OPEN)
        is_shut = opened < HARDLY
        if not is_shut and window.share(grid, Measure.USEFUL) < MOSTLY_FREE * opened:
            continue
        matched = [(need, hours) for need in near if (hours := _matched(need, window))]
        reasons = _reasons(matched)
        if not reasons and not is_shut:
            continue
        mine = {need.name for need, _ in matched if need.name and need.place_id == space.place_id}
        total = sum(one.hours for one in reasons)
        yield Offer(space, window, is_shut, total, reasons, sorted(mine))


def _matched(need: Need, window: Window) -> float:
    """Hours of the need that the window holds: nothing when it holds less than the length asked."""
    if need.weekday is not None and need.weekday not in window.weekdays:
        return 0.0
    parts = {need.in_holidays, window.in_holidays}
    if parts == {True, False}:
        return 0.0
    start = max(need.start_minute, window.start_hour * 60)
    end = min(need.end_minute, window.end_hour * 60)
    if end - start < need.minutes:
        return 0.0
    return need.times * need.minutes / 60


def _reasons(matched: Iterable[tuple[Need, float]]) -> list[Reason]:
    times: dict[Source, int] = {}
    hours: dict[Source, float] = {}
    for need, some in matched:
        times[need.source] = times.get(need.source, 0) + need.times
        hours[need.source] = hours.get(need.source, 0.0) + some
    found = [
        Reason(source, count, hours[source])
        for source, count in times.items()
        if source != Source.SEARCH or count >= FEW
    ]
    return sorted(found, key=lambda one: -one.hours)


class _Crowd:
    """Needs as columns, so that a département asks them two thousand times."""

    def __init__(self, wanted: Sequence[Need]) -> None:
        self.wanted = wanted
        self.latitudes = np.radians([one.latitude for one in wanted])
        self.longitudes = np.radians([one.longitude for one in wanted])
        self.people = np.array([one.people for one in wanted])
        self.kinds = np.array([one.kind for one in wanted], dtype=object)
        self.places = np.array([one.place_id for one in wanted])
        self.habits = np.array([one.source == Source.NEIGHBOUR for one in wanted], dtype=bool)

    def near(self, space: Space) -> list[Need]:
        """Those that this space would serve, hours aside."""
        if not self.wanted:
            return []
        place = space.place
        lat, lon = np.radians(place.latitude), np.radians(place.longitude)
        half = (
            np.sin((self.latitudes - lat) / 2) ** 2
            + np.cos(lat) * np.cos(self.latitudes) * np.sin((self.longitudes - lon) / 2) ** 2
        )
        km = 2 * 6371.0088 * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
        fits = (km <= NEAR_KM) & (self.people <= space.capacity)
        fits &= (self.kinds == "") | (self.kinds == space.kind)
        fits &= ~(self.habits & (self.places == place.pk))  # they are here already
        return [self.wanted[number] for number in np.nonzero(fits)[0].tolist()]
