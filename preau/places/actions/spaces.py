"""Creating, editing, publishing and archiving a space."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit
from preau.core.errors import Refusal
from preau.places.actions.places import refuse_archived, refuse_objections
from preau.places.actions.saving import assign, free_slug, save_checked
from preau.places.actions.units import make_units, pool_names
from preau.places.enums import Publication
from preau.places.events import space_changed
from preau.places.locks import lock_root
from preau.places.models import Place, Space, SpaceEquipment, SpaceLayout, SpaceUnit

RULES = frozenset(
    {
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
    }
)
ESSENTIALS = frozenset(
    {"name", "kind", "description", "capacity", "surface", "is_accessible", "house_rules"}
)
DETAILS = ESSENTIALS | RULES


@transaction.atomic
def create_space(
    *,
    actor: Actor,
    place: Place,
    pool_size: int = 0,
    equipment: Mapping[int, int] | None = None,
    layouts: Mapping[str, int] | None = None,
    **details: Any,
) -> Space:
    """A draft space with its units: one for an ordinary room, `pool_size` for identical stations.

    Args:
        equipment: `Equipment` value → quantity.
        layouts: `Layout` value → people.
        details: any of `DETAILS`; `name`, `kind` and `capacity` are needed.
    """
    refuse_archived(place)
    space = Space(place=place, is_pool=pool_size > 0)
    assign(space, DETAILS, details)
    space.slug = free_slug(Space.objects.filter(place=place), space.name, "espace")
    save_checked(space)
    make_units(space, pool_names(pool_size) if pool_size else [space.name])
    set_equipment(space, equipment or {})
    set_layouts(space, layouts or {})
    audit.record(actor, "space.create", space, pool_size=pool_size)
    space_changed.send(sender=Space, space=space, actor=actor)
    return space


@transaction.atomic
def edit_space(
    *,
    actor: Actor,
    space: Space,
    equipment: Mapping[int, int] | None = None,
    layouts: Mapping[str, int] | None = None,
    and_parts: bool = False,
    **details: Any,
) -> Space:
    """Change what is given; `and_parts` gives the same booking rules to the parts of a hall.

    Bookings already made keep the terms they were made under.
    """
    lock_root(space)
    changed = assign(space, DETAILS, details)
    if changed:
        save_checked(space)
    if equipment is not None and set_equipment(space, equipment):
        changed.append("equipment")
    if layouts is not None and set_layouts(space, layouts):
        changed.append("layouts")
    if changed:
        audit.record(actor, "space.edit", space, fields=changed)
        space_changed.send(sender=Space, space=space, actor=actor)
    if and_parts:
        rules = {name: value for name, value in details.items() if name in RULES}
        for part in space.parts.exclude(publication=Publication.ARCHIVED):
            edit_space(actor=actor, space=part, **rules)
    return space


def set_equipment(space: Space, quantities: Mapping[int, int]) -> bool:
    """Make the list of equipment this one; a quantity of 0 removes. Says whether it changed."""
    wanted = {int(kind): quantity for kind, quantity in quantities.items() if quantity}
    if dict(space.equipment.values_list("kind", "quantity")) == wanted:
        return False
    space.equipment.all().delete()
    SpaceEquipment.objects.bulk_create(
        SpaceEquipment(space=space, kind=kind, quantity=quantity)
        for kind, quantity in sorted(wanted.items())
    )
    return True


def set_layouts(space: Space, people: Mapping[str, int]) -> bool:
    """Make the capacities by layout these; 0 removes. Says whether they changed."""
    wanted = {str(layout): count for layout, count in people.items() if count}
    if dict(space.layouts.values_list("layout", "capacity")) == wanted:
        return False
    for layout, count in wanted.items():
        if count > space.capacity:
            raise Refusal(
                f"L’espace est donné pour {space.capacity} personnes : une disposition ne peut "
                "pas en accueillir davantage.",
                field=f"layout_{layout}",
                code="capacity",
            )
    space.layouts.all().delete()
    SpaceLayout.objects.bulk_create(
        SpaceLayout(space=space, layout=layout, capacity=count) for layout, count in wanted.items()
    )
    return True


@transaction.atomic
def duplicate_space(*, actor: Actor, space: Space) -> Space:
    """A new draft with the same description, rules, equipment and layouts; no photo, no part."""
    details = {name: getattr(space, name) for name in DETAILS}
    details["name"] = f"{space.name[:110]} (copie)"
    return create_space(
        actor=actor,
        place=space.place,
        pool_size=SpaceUnit.objects.filter(space=space).count() if space.is_pool else 0,
        equipment=dict(space.equipment.values_list("kind", "quantity")),
        layouts=dict(space.layouts.values_list("layout", "capacity")),
        **details,
    )


def _set_publication(actor: Actor, space: Space, publication: Publication, verb: str) -> None:
    space.publication = publication
    space.save(update_fields=["publication"])
    audit.record(actor, f"space.{verb}", space)
    space_changed.send(sender=Space, space=space, actor=actor)


@transaction.atomic
def publish_space(*, actor: Actor, space: Space) -> Space:
    """Offer the space in its place, which must itself be published to be found.

    Raises:
        Refusal: the place is archived or its organisation is not verified.
    """
    refuse_archived(space.place)
    refuse_archived(space)
    if not space.place.owner.is_verified:
        raise Refusal(
            f"{space.place.owner} n’est pas encore vérifiée : elle prépare ses espaces, "
            "mais ne les publie qu’une fois vérifiée.",
            code="unverified",
        )
    _set_publication(actor, space, Publication.PUBLISHED, "publish")
    return space


@transaction.atomic
def unpublish_space(*, actor: Actor, space: Space) -> Space:
    """Back to a draft: found and booked no more; what is booked stands."""
    refuse_archived(space)
    _set_publication(actor, space, Publication.DRAFT, "unpublish")
    return space


@transaction.atomic
def archive_space(*, actor: Actor, space: Space) -> Space:
    """Close the space for good, with its parts if it is a hall.

    Raises:
        Refusal: an upper room objects (bookings to come).
    """
    lock_root(space)
    for one in [*space.parts.exclude(publication=Publication.ARCHIVED), space]:
        refuse_objections(one)
        _set_publication(actor, one, Publication.ARCHIVED, "archive")
    return space
