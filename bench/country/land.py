"""Where everything stands: communes, places, halls and their parts, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection

from preau.availability.index import tile_of
from preau.places.enums import PlaceKind, SpaceKind

#: Share of the places that stand in towns; the others are in villages.
IN_TOWN = 0.6
TOWNS = 3_000
VILLAGE_BELOW = 2_000
#: So much do places follow people: chosen for some 6,000 spaces of 30 people and more around Paris
#: in a country of 200,000.
TOWN_EXPONENT, VILLAGE_EXPONENT = 0.42, 0.5
#: Share of the spaces that belong to a hall in thirds (the whole or a part of it).
IN_HALLS = 0.10
POOLS = 0.012
LARGEST_POOL = 20
DEGREE_KM = 111.19

_KINDS = [  # kind of space, share, usual capacity, kind of place
    (SpaceKind.SALLE_REUNION, 24, 22, PlaceKind.MAISON_ASSOCIATIONS),
    (SpaceKind.SALLE_ACTIVITES, 20, 40, PlaceKind.MJC),
    (SpaceKind.SALLE_DES_FETES, 13, 140, PlaceKind.SALLE_DES_FETES),
    (SpaceKind.SALLE_SPORT, 13, 110, PlaceKind.GYMNASE),
    (SpaceKind.SALLE_CLASSE, 12, 30, PlaceKind.ETABLISSEMENT_SCOLAIRE),
    (SpaceKind.AUDITORIUM, 5, 180, PlaceKind.AUDITORIUM),
    (SpaceKind.ATELIER, 5, 14, PlaceKind.FAB_LAB),
    (SpaceKind.CUISINE, 3, 12, PlaceKind.SALLE_POLYVALENTE),
    (SpaceKind.PLEIN_AIR, 3, 120, PlaceKind.JARDIN_PARTAGE),
    (SpaceKind.PLACE_PUBLIQUE, 2, 300, PlaceKind.PLACE_PUBLIQUE),
]
KIND_WORDS = [*(kind.value for kind, *_ in _KINDS), SpaceKind.BUREAU.value]
PLACE_WORDS = [*(place.value for *_, place in _KINDS), PlaceKind.COWORKING.value]
KIND_LABELS = [*(kind.label for kind, *_ in _KINDS), SpaceKind.BUREAU.label]
PLACE_LABELS = [*(place.label for *_, place in _KINDS), PlaceKind.COWORKING.label]
_POOL_KIND = len(_KINDS)
_HALL_KINDS = [2, 3]
#: Chance of each equipment, by its number (`Equipment`).
_EQUIPMENT = [
    *(0.35, 0.3, 0.3, 0.22, 0.6, 0.06, 0.8, 0.85, 0.2, 0.25, 0.12, 0.1),
    *(0.05, 0.14, 0.12, 0.15, 0.12, 0.4, 0.02, 0.02, 0.05, 0.3, 0.45, 0.15),
]


@dataclass
class Communes:
    codes: list[str]
    names: list[str]
    departements: list[str]
    postcodes: list[str]
    school_zones: list[str]
    time_zones: list[str]
    population: Any
    latitude: Any
    longitude: Any


@dataclass
class Land:
    """Ids are positions + 1. A space's root is itself unless it is a part."""

    communes: Communes
    place_commune: Any
    place_latitude: Any
    place_longitude: Any
    place_kind: Any
    place_accessible: Any
    space_place: Any
    space_root: Any
    part: Any  # 0: a root; 1 to 3: a part of the hall `space_root`
    is_hall: Any  # of roots: it has parts
    lanes: Any  # units of a pool, else 1
    space_kind: Any
    capacity: Any
    equipment: Any
    accessible: Any
    before: Any
    after: Any
    lead: Any
    horizon: Any
    shortest: Any
    longest: Any
    step: Any
    unit_root: Any
    unit_position: Any
    first_unit: Any  # of each root
    made_of: Any  # (space, unit) pairs

    @property
    def spaces(self) -> int:
        return len(self.space_place)

    @property
    def places(self) -> int:
        return len(self.place_commune)

    @cached_property
    def tile(self) -> Any:
        """The cell that each place is in."""
        at = zip(self.place_latitude.tolist(), self.place_longitude.tolist(), strict=True)
        return np.array([tile_of(*one) for one in at], dtype=np.int64)


def read_communes() -> Communes:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name, departement_id, coalesce(postcodes[1], ''), school_zone, time_zone,"
            " population, coalesce(hall_latitude, latitude), coalesce(hall_longitude, longitude)"
            " FROM territories_commune WHERE active ORDER BY code"
        )
        columns = list(zip(*cursor.fetchall(), strict=True))
    numbers = [np.array(column, dtype=np.float64) for column in columns[6:]]
    return Communes(*(list(column) for column in columns[:6]), *numbers)


def draw(communes: Communes, spaces: int, per_place: int, seed: int) -> Land:
    rng = np.random.default_rng([seed, 1])
    roots_at, place_commune = _places(rng, communes, spaces, per_place)
    places = len(place_commune)
    latitude, longitude = _positions(rng, communes, place_commune)
    place_of_root = np.repeat(np.arange(places), roots_at)
    is_hall_root = _halls(rng, place_of_root, spaces)
    size = np.where(is_hall_root, 4, 1)
    space_place = np.repeat(place_of_root, size)
    root_number = np.repeat(np.arange(len(size)), size)
    first_space = np.cumsum(size) - size
    part = np.arange(spaces) - first_space[root_number]
    place_kind = _weighted(rng, places)
    place_kind[:2] = 1
    kind = _kinds(rng, place_kind[place_of_root], is_hall_root)
    is_pool = kind == _POOL_KIND
    lanes_root = np.where(is_pool, rng.integers(4, LARGEST_POOL + 1, len(size)), 1)
    units, first_unit, made_of = _units(is_hall_root, lanes_root, first_space)
    usual = np.array([capacity for _, _, capacity, _ in _KINDS] + [6])[kind]
    capacity = np.maximum(2, usual * rng.lognormal(0, 0.5, len(size))).astype(np.int64)
    capacity = np.where(is_hall_root, np.maximum(capacity, 60), capacity)[root_number]
    return Land(
        communes=communes,
        place_commune=place_commune,
        place_latitude=latitude,
        place_longitude=longitude,
        place_kind=place_kind,
        place_accessible=rng.random(places) < 0.85,
        space_place=space_place,
        space_root=first_space[root_number],
        part=part,
        is_hall=is_hall_root[root_number],
        lanes=lanes_root[root_number],
        space_kind=kind[root_number],
        capacity=np.where(part > 0, capacity // 3, capacity),
        equipment=_equipment(rng, len(size))[root_number],
        accessible=(rng.random(len(size)) < 0.8)[root_number],
        **_rules(rng, len(size), root_number),
        unit_root=units[0],
        unit_position=units[1],
        first_unit=first_unit[root_number],
        made_of=made_of,
    )


def _places(rng: Any, communes: Communes, spaces: int, per_place: int) -> tuple[Any, Any]:
    """Roots at each place, and its commune. The first place is very large, the next has twelve."""
    large = max(min(500, spaces // 40), 12)
    wanted = spaces - 3 * round(spaces * IN_HALLS / 4)  # roots: three parts a hall are none
    town = rng.random(wanted) < IN_TOWN
    mean = np.where(town, per_place * 1.15, per_place * 0.775) * wanted / spaces
    sizes = rng.geometric(1 / np.maximum(mean, 1))
    sizes[0], sizes[1] = large, 12
    ends = np.cumsum(sizes)
    count = int(np.searchsorted(ends, wanted)) + 1
    sizes, town = sizes[:count], town[:count]
    sizes[-1] -= ends[count - 1] - wanted
    return sizes, _communes_of(rng, communes, town)


def _communes_of(rng: Any, communes: Communes, town: Any) -> Any:
    people = communes.population
    largest = np.argsort(-people, kind="stable")[:TOWNS]
    villages = np.flatnonzero((people < VILLAGE_BELOW) & (people > 0))
    found = np.empty(len(town), dtype=np.int64)
    for chosen, exponent, mask in (
        (largest, TOWN_EXPONENT, town),
        (villages, VILLAGE_EXPONENT, ~town),
    ):
        weights = people[chosen] ** exponent
        found[mask] = rng.choice(chosen, mask.sum(), p=weights / weights.sum())
    found[:2] = largest[3]
    return found


def _positions(rng: Any, communes: Communes, place_commune: Any) -> tuple[Any, Any]:
    """Around the town hall, within what its inhabitants may cover."""
    people = communes.population[place_commune]
    reach = np.minimum(5.0, 0.4 + np.sqrt(people) / 300) * np.sqrt(rng.random(len(people)))
    angle = rng.random(len(people)) * 2 * np.pi
    latitude = communes.latitude[place_commune]
    north = reach * np.cos(angle) / DEGREE_KM
    east = reach * np.sin(angle) / (DEGREE_KM * np.cos(np.radians(latitude)))
    longitude = communes.longitude[place_commune] + east
    return np.round(latitude + north, 6), np.round(longitude, 6)


def _halls(rng: Any, place_of_root: Any, spaces: int) -> Any:
    """As many roots in thirds as make the number of spaces exact; none at the two known places."""
    found = np.zeros(len(place_of_root), dtype=bool)
    ordinary = np.flatnonzero(place_of_root > 1)
    halls = (spaces - len(place_of_root)) // 3
    found[rng.choice(ordinary, halls, replace=False)] = True
    return found


def _weighted(rng: Any, n: int) -> Any:
    shares = np.array([share for _, share, _, _ in _KINDS], dtype=float)
    return rng.choice(len(_KINDS), n, p=shares / shares.sum())


def _kinds(rng: Any, place_kind: Any, is_hall: Any) -> Any:
    """Mostly what the place is for."""
    n = len(place_kind)
    kind = np.where(rng.random(n) < 0.6, place_kind, _weighted(rng, n))
    kind = np.where(is_hall, np.array(_HALL_KINDS)[rng.integers(0, 2, n)], kind)
    pool = (rng.random(n) < POOLS) & ~is_hall
    return np.where(pool, _POOL_KIND, kind)


def _units(is_hall: Any, lanes: Any, first_space: Any) -> tuple[Any, Any, Any]:
    """((root space, rank) of each unit, first unit of each root, (space, unit) pairs)."""
    count = np.where(is_hall, 3, lanes)
    first = np.cumsum(count) - count
    root = np.repeat(np.arange(len(count)), count)
    rank = np.arange(len(root)) - first[root]
    whole = np.stack([first_space[root], np.arange(len(root))])
    of_hall = is_hall[root]
    parts = np.stack([first_space[root] + rank + 1, np.arange(len(root))])[:, of_hall]
    return (first_space[root], rank), first, np.concatenate([whole, parts], axis=1)


def _equipment(rng: Any, n: int) -> Any:
    found = np.zeros(n, dtype=np.int64)
    for number, chance in enumerate(_EQUIPMENT):
        found |= (rng.random(n) < chance).astype(np.int64) << number
    return found


def _rules(rng: Any, n: int, root_number: Any) -> dict[str, Any]:
    """Terms of booking, the same for a hall and its parts."""

    def among(values: list[int], shares: list[float]) -> Any:
        return rng.choice(values, n, p=shares)[root_number].astype(np.int32)

    return {
        "before": among([0, 15], [0.7, 0.3]),
        "after": among([0, 15], [0.55, 0.45]),
        "lead": among([0, 60, 1440, 4320], [0.35, 0.3, 0.25, 0.1]),
        "horizon": among([90, 180, 365, 730], [0.1, 0.3, 0.45, 0.15]),
        "shortest": among([30, 60, 120], [0.2, 0.65, 0.15]),
        "longest": among([240, 720, 1440], [0.3, 0.5, 0.2]),
        "step": among([15, 30, 60], [0.3, 0.5, 0.2]),
    }
