"""The indivisible parts of a space: one, several that combine, or a pool of identical stations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, ProtectedError

from preau.accounts.actors import Actor
from preau.core import audit
from preau.core.errors import Refusal
from preau.places.actions.saving import free_slug, save_checked
from preau.places.enums import Publication
from preau.places.events import space_changed
from preau.places.locks import lock_root
from preau.places.models import Space, SpaceUnit, Unit

MOST_PARTS = 12
MOST_STATIONS = 200
IN_USE = (
    "Des réservations, passées ou à venir, portent sur cet espace tel qu’il est découpé. "
    "Archivez-le et créez un nouvel espace avec le découpage voulu."
)
#: What a part takes from its hall.
INHERITED = (
    "kind",
    "is_accessible",
    "buffer_before",
    "buffer_after",
    "lead_minutes",
    "horizon_days",
    "min_minutes",
    "max_minutes",
    "step_minutes",
    "categories",
    "approval",
    "response_hours",
    "price_from_cents",
    "house_rules",
    "publication",
)


@dataclass(frozen=True, slots=True)
class Part:
    """An indivisible part of a hall, as the manager names it."""

    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Combination:
    """Parts that are booked together. `positions` count from 0, in the order of the parts."""

    name: str
    capacity: int
    positions: tuple[int, ...]


def pool_names(size: int, first: int = 1) -> list[str]:
    return [f"Poste {number}" for number in range(first, first + size)]


def make_units(space: Space, names: Sequence[str]) -> list[Unit]:
    """The units of a root space, which is made of all of them."""
    units = Unit.objects.bulk_create(
        Unit(root=space, name=name[:80], position=position) for position, name in enumerate(names)
    )
    SpaceUnit.objects.bulk_create(SpaceUnit(space=space, unit=unit) for unit in units)
    return units


@transaction.atomic
def divide_space(
    *, actor: Actor, space: Space, parts: Sequence[Part], combinations: Sequence[Combination] = ()
) -> list[Space]:
    """Make a hall of an ordinary space: each part is bookable alone, so is each combination.

    Returns:
        the spaces of the parts, then of the combinations.

    Raises:
        Refusal: it is a pool or a part, too few or too many parts, or it was already booked.
    """
    lock_root(space)
    _refuse_undividable(space, parts)
    _drop_units(space)
    units = make_units(space, [part.name for part in parts])
    made = [
        _make_part(space, part.name, part.capacity, [unit])
        for part, unit in zip(parts, units, strict=True)
    ]
    made += [
        _make_part(space, one.name, one.capacity, _pick(units, one.positions))
        for one in combinations
    ]
    audit.record(actor, "space.divide", space, parts=len(parts), combinations=len(combinations))
    for changed in (space, *made):
        space_changed.send(sender=Space, space=changed, actor=actor)
    return made


def _refuse_undividable(space: Space, parts: Sequence[Part]) -> None:
    if space.is_pool or space.root_id:
        raise Refusal("Cet espace ne se divise pas.", code="undividable")
    if space.parts.exists():
        raise Refusal("Cet espace est déjà divisé.", code="divided")
    if not 2 <= len(parts) <= MOST_PARTS:
        raise Refusal(f"Donnez de 2 à {MOST_PARTS} parties.", code="parts")
    if len({part.name.casefold() for part in parts}) < len(parts):
        raise Refusal("Donnez un nom différent à chaque partie.", code="parts")


def _drop_units(space: Space) -> None:
    try:
        with transaction.atomic():
            space.space_units.all().delete()
            space.own_units.all().delete()
    except ProtectedError as error:
        raise Refusal(IN_USE, code="in_use") from error


def _pick(units: Sequence[Unit], positions: Sequence[int]) -> list[Unit]:
    chosen = [unit for unit in units if unit.position in set(positions)]
    if not 2 <= len(chosen) < len(units):
        raise Refusal(
            "Une combinaison réunit au moins deux parties, sans les prendre toutes : "
            "l’espace entier est déjà réservable.",
            field="units",
            code="combination",
        )
    return chosen


def _make_part(hall: Space, name: str, capacity: int, units: Sequence[Unit]) -> Space:
    part = Space(place=hall.place, root=hall, name=name, capacity=capacity)
    for field in INHERITED:
        setattr(part, field, getattr(hall, field))
    part.slug = free_slug(Space.objects.filter(place=hall.place), name, "partie")
    save_checked(part)
    SpaceUnit.objects.bulk_create(SpaceUnit(space=part, unit=unit) for unit in units)
    return part


@transaction.atomic
def add_combination(*, actor: Actor, hall: Space, combination: Combination) -> Space:
    """Let several parts of a divided hall be booked together.

    Raises:
        Refusal: fewer than two parts, all of them, or a combination that exists already.
    """
    lock_root(hall)
    units = _pick(list(hall.own_units.all()), combination.positions)
    wanted = {unit.pk for unit in units}
    for part in hall.parts.prefetch_related("space_units"):
        if {row.unit_id for row in part.space_units.all()} == wanted:
            raise Refusal(f"Cette combinaison existe déjà : {part}.", field="units", code="exists")
    part = _make_part(hall, combination.name, combination.capacity, units)
    audit.record(actor, "space.combine", part)
    space_changed.send(sender=Space, space=part, actor=actor)
    return part


@transaction.atomic
def undivide_space(*, actor: Actor, space: Space) -> Space:
    """One room again: the parts disappear, which only a hall never booked allows.

    Raises:
        Refusal: the hall or a part of it was booked.
    """
    lock_root(space)
    try:
        with transaction.atomic():
            SpaceUnit.objects.filter(unit__root=space).delete()
            for part in space.parts.all():
                part.publication = Publication.ARCHIVED
                space_changed.send(sender=Space, space=part, actor=actor)
                part.delete()
            _drop_units(space)
    except ProtectedError as error:
        raise Refusal(IN_USE, code="in_use") from error
    make_units(space, [space.name])
    audit.record(actor, "space.undivide", space)
    space_changed.send(sender=Space, space=space, actor=actor)
    return space


@transaction.atomic
def resize_pool(*, actor: Actor, space: Space, size: int) -> Space:
    """Change the number of identical stations; the last ones go first.

    Raises:
        Refusal: not a pool, an absurd number, or a station to remove was booked.
    """
    if not space.is_pool or not 1 <= size <= MOST_STATIONS:
        raise Refusal(f"Donnez de 1 à {MOST_STATIONS} postes.", field="size", code="size")
    lock_root(space)
    units = list(space.own_units.all())
    if size == len(units):
        return space
    _remove_stations(units[size:])
    _add_stations(space, size - len(units))
    audit.record(actor, "space.resize", space, before=len(units), after=size)
    space_changed.send(sender=Space, space=space, actor=actor)
    return space


def _remove_stations(units: Sequence[Unit]) -> None:
    keys = [unit.pk for unit in units]
    try:
        with transaction.atomic():
            SpaceUnit.objects.filter(unit__in=keys).delete()
            Unit.objects.filter(pk__in=keys).delete()
    except ProtectedError as error:
        raise Refusal(
            "Des réservations portent sur les postes à retirer : leur nombre ne peut pas baisser.",
            field="size",
            code="in_use",
        ) from error


def _add_stations(space: Space, count: int) -> None:
    if count <= 0:
        return
    last = space.own_units.aggregate(last=Max("position"))["last"]
    names = pool_names(count, first=last + 2)
    units = Unit.objects.bulk_create(
        Unit(root=space, name=name, position=last + 1 + index) for index, name in enumerate(names)
    )
    SpaceUnit.objects.bulk_create(SpaceUnit(space=space, unit=unit) for unit in units)
