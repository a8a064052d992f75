"""Which residencies open doors: the dates that a place has agreed to and that stand."""

from __future__ import annotations

from collections.abc import Sequence

from preau.access.entitlements import Entitlement
from preau.timetables.enums import HostingState
from preau.timetables.models import ResidencyDate


def entitled(occupancy_ids: Sequence[int]) -> dict[int, Entitlement]:
    """Those whose time is taken; a date given back has no occupancy any more."""
    dates = ResidencyDate.objects.filter(
        occupancy__in=occupancy_ids,
        occupancy__released_at=None,
        residency__hosting__state=HostingState.ACCEPTED,
    ).select_related("occupancy", "residency__need__mediator")
    return {one.occupancy_id: _entitlement(one) for one in dates}


def _entitlement(date: ResidencyDate) -> Entitlement:
    need = date.residency.need
    user = need.mediator.user_id if need.mediator else None
    return Entitlement(user, date.occupancy.holder_organization_id, need.label)
