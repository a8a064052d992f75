"""Comparing the whole index with the truth, and writing it anew, while people search and book.

Each batch is a transaction of its own and holds nothing between two: stopping in the middle loses
no work, starting again does nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from preau.availability.care import listed, opening, taken
from preau.availability.care.reports import (
    OPENING_DAY,
    SPACE_DAY,
    SPACE_INDEX,
    Progress,
    Report,
    silent,
)
from preau.availability.care.scope import (
    LOWEST,
    Batch,
    Days,
    Key,
    batches,
    compared_days,
    spaces_by_tile,
)
from preau.availability.models import IndexCheck, OpeningCalendar, SpaceCalendar
from preau.core import clock

_log = logging.getLogger(__name__)
#: Spaces of one comparison; it locks nothing.
COMPARED_AT_ONCE = 500
#: Spaces judged or written in one transaction: their halls wait for it.
LOCKED_AT_ONCE = 50
REMEMBERED = timedelta(days=400)
Item = TypeVar("Item")


def check(
    *,
    spaces: Sequence[int] = (),
    since: date | None = None,
    repair: bool,
    progress: Progress = silent,
) -> Report:
    """Compare, batch by batch; what differs is repaired when asked to.

    Args:
        spaces: only these, with the hours they follow.
        since: only the days from this one on.
    """
    report = Report()
    days, rows = compared_days(since), spaces_by_tile(spaces)
    for batch in batches(rows, COMPARED_AT_ONCE):
        _check_taken(batch, days, report, whole=not spaces, repair=repair)
        for some in _slices(listed.suspects(batch.ids), LOCKED_AT_ONCE):
            report.add(listed.settle(some, repair=repair))
        report.spaces += len(batch.spaces)
        progress("spaces", report.spaces, len(rows))
    _check_opening(report, _calendars_of(spaces), repair=repair, progress=progress)
    return report


def nightly(progress: Progress = silent) -> IndexCheck:
    """Check everything, repair, and keep the count: the health figure."""
    IndexCheck.objects.filter(started_at__lt=clock.now() - REMEMBERED).delete()
    return remember(begin(repaired=True), check(repair=True, progress=progress))


def begin(*, repaired: bool) -> IndexCheck:
    return IndexCheck.objects.create(repaired=repaired)


def remember(kept: IndexCheck, report: Report) -> IndexCheck:
    kept.finished_at = clock.now()
    kept.spaces, kept.rows, kept.calendars = report.spaces, report.rows, report.calendars
    kept.space_days = report.counts[SPACE_DAY]
    kept.space_rows = report.counts[SPACE_INDEX]
    kept.opening_days = report.counts[OPENING_DAY]
    kept.told = [str(one) for one in report.told]
    kept.save()
    for one in report.told:
        _log.critical("Search index: %s", one)
    return kept


def rebuild(after: Key = LOWEST, progress: Progress = silent) -> Iterator[Key]:
    """Write every row of the index again from the truth; rows that are right are left alone.

    Yields, after each transaction, the key of the last space done: where to start again from.
    """
    days, rows = compared_days(), spaces_by_tile()
    done = sum(1 for row in rows if row[:2] <= after)
    for batch in batches(rows, LOCKED_AT_ONCE, after):
        if batch.spaces:
            taken.mend(batch.ids, days)
            listed.settle(batch.ids, repair=True)
            done += len(batch.spaces)
            progress("spaces", done, len(rows))
            yield batch.spaces[-1][:2]
    opening.extend(progress=progress)
    _check_opening(Report(), None, repair=True, progress=progress)


def _check_taken(batch: Batch, days: Days, report: Report, *, whole: bool, repair: bool) -> None:
    doubtful = taken.suspects(batch, days, whole=whole)
    report.rows += doubtful.rows
    cleared = 0
    for some in _slices(doubtful.spaces, LOCKED_AT_ONCE):
        found = taken.settle(some, days, tiles=doubtful.tiles, repair=repair)
        cleared += len(set(some) - {one.subject for one in found})
        report.add(found)
    if cleared:
        _log.info("%d spaces suspected for nothing: they were changing.", cleared)


def _check_opening(
    report: Report, calendars: Sequence[int] | None, *, repair: bool, progress: Progress
) -> None:
    total = OpeningCalendar.objects.count() if calendars is None else len(calendars)
    for page in opening.pages(only=calendars):
        for some in _slices(opening.suspects(page), opening.AT_ONCE):
            report.add(opening.settle(some, repair=repair))
        report.calendars += len(page)
        progress("opening hours", report.calendars, total)


def _calendars_of(spaces: Sequence[int]) -> list[int] | None:
    """The hours they follow; None, which is all of them, for all spaces."""
    if not spaces:
        return None
    rows = SpaceCalendar.objects.filter(space__in=spaces)
    return sorted(set(rows.values_list("calendar_id", flat=True)))


def _slices(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
