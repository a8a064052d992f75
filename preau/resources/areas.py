"""Where a resource holds: keys of territories, and which of them cover a commune.

A resource covers every commune of an area as the map is today: an EPCI that gains a commune brings
it what the EPCI has. An index finds the resources of a commune by its five keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from preau.core.errors import Refusal
from preau.resources.enums import Scale
from preau.territories.models import Commune, Departement, Epci, Region

NATIONAL = "fr"
_PREFIX = {scale: f"{scale.value}:" for scale in Scale if scale != Scale.NATIONAL}
_REACH = {
    Scale.COMMUNE: 0,
    Scale.EPCI: 1,
    Scale.DEPARTEMENT: 2,
    Scale.REGION: 3,
    Scale.NATIONAL: 4,
}


@dataclass(frozen=True, slots=True)
class Area:
    """One line of a territory, in words."""

    key: str
    scale: Scale
    name: str


def key(scale: Scale, code: str) -> str:
    """The key of one territory: `key(Scale.DEPARTEMENT, "38")` → "departement:38"."""
    return NATIONAL if scale == Scale.NATIONAL else f"{_PREFIX[scale]}{code}"


def scale_of(area: str) -> Scale:
    return Scale.NATIONAL if area == NATIONAL else Scale(area.partition(":")[0])


def reach_of(areas: Sequence[str]) -> int:
    """The widest of these areas, 0 (communes) to 4 (France); of none, France."""
    return max((_REACH[scale_of(area)] for area in areas), default=_REACH[Scale.NATIONAL])


def keys_of(commune: Commune) -> list[str]:
    """Every key under which something covers the commune, the nearest first.

    `commune.departement` is read: select it with the commune.
    """
    keys = [key(Scale.COMMUNE, commune.code)]
    if commune.epci_id:
        keys.append(key(Scale.EPCI, commune.epci_id))
    keys += [
        key(Scale.DEPARTEMENT, commune.departement_id),
        key(Scale.REGION, commune.departement.region_id),
        NATIONAL,
    ]
    return keys


def covering(areas: Iterable[str], commune: Commune) -> str:
    """The nearest of the areas that covers the commune, or ""."""
    known = set(areas)
    return next((one for one in keys_of(commune) if one in known), "")


def named(keys: Iterable[str]) -> dict[str, Area]:
    """The areas in words, in at most four statements."""
    codes: dict[Scale, list[str]] = {}
    found: dict[str, Area] = {}
    for one in keys:
        scale = scale_of(one)
        codes.setdefault(scale, []).append(one.partition(":")[2])
    if Scale.NATIONAL in codes:
        found[NATIONAL] = Area(NATIONAL, Scale.NATIONAL, "France entière")
    for scale, model in _MODELS.items():
        if scale in codes:
            for row in model._default_manager.filter(pk__in=codes[scale]):
                one = key(scale, str(row.pk))
                found[one] = Area(one, scale, str(row))
    return found


def in_words(keys: Sequence[str]) -> str:
    """« Isère (38), Drôme (26) », in the order of the keys."""
    known = named(keys)
    return ", ".join(known[one].name for one in keys if one in known)


def checked(keys: Iterable[str]) -> list[str]:
    """The same keys, once each, the widest first.

    Raises:
        Refusal: one of them is no territory.
    """
    wanted = list(dict.fromkeys(keys))
    try:
        known = named(wanted)
    except ValueError:
        known = {}
    if len(known) < len(wanted):
        raise Refusal(
            "Un des territoires n’existe pas. Choisissez-le dans la liste.", field="areas"
        )
    if NATIONAL in known:
        return [NATIONAL]  # all the others are within
    return sorted(wanted, key=lambda one: (-_REACH[scale_of(one)], one))


_MODELS: dict[Scale, type[Region] | type[Departement] | type[Epci] | type[Commune]] = {
    Scale.REGION: Region,
    Scale.DEPARTEMENT: Departement,
    Scale.EPCI: Epci,
    Scale.COMMUNE: Commune,
}
