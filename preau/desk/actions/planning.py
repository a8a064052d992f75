"""The manager's own hand on the planning: own use, and closures that list what stands first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from preau.accounts.actors import Actor
from preau.availability.actions.occupancies import Use, occupy, release
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.availability.queries.space import occupancies
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.locks import lock_roots
from preau.places.models import Space


def take_for_own_use(space: Space, period: Period, label: str, *, actor: Actor) -> Occupancy:
    """The owner's own use: same constraint, no opening hours to respect.

    Raises:
        SlotTaken: somebody has the time.
    """
    use = Use(
        OccupancyKind.OWN_USE,
        label=label,
        holder_user=actor.user,
        holder_organization=space.place.owner,
    )
    return occupy(space, period, use, actor=actor)


def standing(spaces: Sequence[Space], period: Period) -> list[Occupancy]:
    """What already takes time in these spaces during a period a manager wants to close."""
    return list(occupancies(spaces, period).exclude(hold_until__lte=clock.now()))


@dataclass(frozen=True)
class Closed:
    """What a closure did: the closures made, and what was left standing inside them."""

    closures: list[Occupancy]
    kept: list[Occupancy]


@transaction.atomic
def close(
    spaces: Sequence[Space],
    period: Period,
    label: str,
    *,
    kept: Sequence[int],
    actor: Actor,
) -> Closed:
    """Close spaces for a period, around the occupancies that the manager has chosen to keep.

    Args:
        kept: ids of the occupancies seen and kept. Anything else that stands is not touched: the
            closure is refused, so that nobody is closed out unseen.

    Raises:
        Refusal: bookings stand that were neither kept, moved nor cancelled.
    """
    lock_roots(spaces)
    standing_now = standing(spaces, period)
    unseen = [o for o in standing_now if o.pk not in kept]
    if unseen:
        raise Refusal(
            "Des réservations tiennent encore pendant cette fermeture. Pour chacune, choisissez : "
            "garder, déplacer ou annuler.",
            code="bookings_stand",
        )
    use = Use(
        OccupancyKind.CLOSURE,
        label=label,
        holder_user=actor.user,
        holder_organization=spaces[0].place.owner,
    )
    closures = [occupy(space, period, use, actor=actor) for space in _without_overlap(spaces)]
    return Closed(closures, standing_now)


def _without_overlap(spaces: Sequence[Space]) -> list[Space]:
    """Closing a hall closes its parts: keep the halls, and the parts of halls not chosen."""
    chosen = {space.pk for space in spaces}
    return [space for space in spaces if space.root_id is None or space.root_id not in chosen]


@transaction.atomic
def give_back(occupancy: Occupancy, *, actor: Actor) -> None:
    """End an own use or a closure before its time.

    Raises:
        Refusal: it is somebody's booking: cancel the booking instead.
    """
    if occupancy.kind == OccupancyKind.BOOKING:
        raise Refusal("Cette occupation est une réservation : annulez la réservation.")
    release(occupancy, actor=actor)
