"""When an organisation or a sheet is merged into another: what was followed twice, files that
both sent."""

from __future__ import annotations

from django.db.models import Q

from preau.accounts.models import Organization
from preau.core import clock
from preau.directory.models import Sheet
from preau.siting.enums import WatchKind, WatchState
from preau.siting.models import Scenario, TravelTimes, WatchItem


def settle(source: Organization, target: Organization) -> None:
    """What is followed twice is closed on the side that goes; a file sent twice is one."""
    followed = WatchItem.objects.filter(organization=target).exclude(state=WatchState.CLOSED)
    gaps = followed.filter(kind=WatchKind.GAP)
    twice = (
        Q(project__in=followed.filter(project__isnull=False).values("project"))
        | Q(sheet__in=followed.filter(sheet__isnull=False).values("sheet"))
        | Q(kind=WatchKind.GAP, area_key__in=gaps.values("area_key"))
    )
    theirs = WatchItem.objects.filter(twice, organization=source).exclude(state=WatchState.CLOSED)
    theirs.update(state=WatchState.CLOSED, closed_at=clock.now())
    for times in TravelTimes.objects.filter(organization=source).defer("content"):
        same = TravelTimes.objects.filter(organization=target, digest=times.digest).first()
        if same is not None:
            Scenario.objects.filter(travel_times=times).update(travel_times=same)
            times.delete()


def follow_sheet(kept: Sheet, gone: Sheet) -> None:
    """The place is followed under its one sheet; where it was under both, once."""
    live = WatchItem.objects.exclude(state=WatchState.CLOSED)
    followed = live.filter(sheet=kept).values("organization")
    live.filter(sheet=gone, organization__in=followed).update(
        state=WatchState.CLOSED, closed_at=clock.now()
    )
    WatchItem.objects.filter(sheet=gone).update(sheet=kept)
