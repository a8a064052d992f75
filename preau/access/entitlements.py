"""Which occupancies deserve a code: said by the rooms above, asked again each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preau.core.registries import access_entitlements


@dataclass(frozen=True, slots=True)
class Entitlement:
    """For whom an occupancy opens doors.

    Attributes:
        user_id, organization_id: who may read the code; None for a caller without account, whom
            those who run the place tell it.
        label: what it is for, without a person's name.
        url: their page about it, "" for the page of the code.
    """

    user_id: int | None
    organization_id: int | None
    label: str
    url: str = ""


def deserved(occupancy_ids: Sequence[int]) -> dict[int, Entitlement]:
    """Those that deserve one, of all that the rooms above know."""
    found: dict[int, Entitlement] = {}
    for source in access_entitlements:
        found |= source(list(occupancy_ids))
    return found
