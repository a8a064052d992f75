"""How the search index is doing: what the operator reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from preau.availability import opening_index
from preau.availability.index import WESTERNMOST
from preau.availability.models import IndexCheck, OpeningCalendar
from preau.core import clock

#: A check each night: without one for longer, the figure says nothing any more.
AT_MOST = timedelta(hours=30)
#: Days come within the horizon at midnight, and are written in the night that follows.
A_NIGHT = timedelta(days=2)


@dataclass(frozen=True)
class IndexHealth:
    """The last check that came to its end, and the opening hours that lag.

    Attributes:
        unfinished: when a check began that has not ended, after the last that did.
        behind: calendars whose days do not reach the horizon.
    """

    last: IndexCheck | None
    unfinished: datetime | None
    behind: int

    @property
    def is_old(self) -> bool:
        return self.last is None or self.last.started_at < clock.now() - AT_MOST

    @property
    def differences(self) -> int:
        return self.last.differences if self.last else 0

    @property
    def is_well(self) -> bool:
        return not (self.is_old or self.differences or self.behind)


def index_health() -> IndexHealth:
    checks = IndexCheck.objects.order_by("-started_at")
    last = checks.filter(finished_at__isnull=False).first()
    begun = checks.filter(finished_at=None)
    if last is not None:
        begun = begun.filter(started_at__gt=last.started_at)
    unfinished = begun.values_list("started_at", flat=True).first()
    return IndexHealth(last, unfinished, calendars_behind())


def calendars_behind() -> int:
    wanted = clock.today(WESTERNMOST) + opening_index.HORIZON - A_NIGHT
    return (
        OpeningCalendar.objects.filter(
            Q(built_until=None) | Q(built_until__lt=wanted), followers__isnull=False
        )
        .distinct()
        .count()
    )
