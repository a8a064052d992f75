"""When sheets receive the public: the engine of availability asked about them, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection

from preau.availability.bits import to_text
from preau.availability.enums import Effect
from preau.availability.facts import holidays_near
from preau.availability.opening import DayFacts, Opening
from preau.core import clock
from preau.directory.enums import SheetState
from preau.directory.models import Sheet, SheetException, SheetHours
from preau.territories.calendars import is_public_holiday

DAY = timedelta(days=1)
#: Days written ahead of today, so that a card says when a place opens next.
AHEAD = timedelta(days=14)
BATCH = 1000


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """Open or closed on given days, before it is saved."""

    effect: str
    first_day: date
    last_day: date
    start_minute: int = 0
    end_minute: int = 1440
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.effect == Effect.OPEN


def opening_of(sheet: Sheet, first: date, last: date) -> Opening:
    """Its saved rules and exceptions, ready to be asked about these days."""
    return openings_of([sheet], first, last)[sheet.pk]


def openings_of(sheets: Sequence[Sheet], first: date, last: date) -> dict[int, Opening]:
    """The same for many, in four queries; their communes are loaded."""
    ids = [sheet.pk for sheet in sheets]
    rules: dict[int, list[SheetHours]] = defaultdict(list)
    for rule in SheetHours.objects.filter(sheet__in=ids):
        rules[rule.sheet_id].append(rule)
    exceptions: dict[int, list[SheetException]] = defaultdict(list)
    near = SheetException.objects.filter(first_day__lte=last, last_day__gte=first)
    for exception in near.filter(sheet__in=ids):
        exceptions[exception.sheet_id].append(exception)
    facts = facts_of(sheets, first, last)
    return {
        one.pk: Opening(rules=rules[one.pk], exceptions=exceptions[one.pk], facts=facts[one.pk])
        for one in sheets
    }


def facts_of(sheets: Sequence[Sheet], first: date, last: date) -> dict[int, DayFacts]:
    """School and public holidays where each stands, those its manager has entered included.

    A rule of the eve may run past midnight: its day counts too.
    """
    pairs = {_pair(one) for one in sheets}
    spans = holidays_near(pairs, first - DAY, last)
    return {
        one.pk: _facts(
            one.time_zone,
            one.departement_code,
            tuple((start, end) for start, end, _ in spans[_pair(one)]),
        )
        for one in sheets
    }


def _pair(sheet: Sheet) -> tuple[str, int]:
    return sheet.commune.school_zone, sheet.manager_id or 0


@lru_cache(maxsize=256)  # the sheets of a département, mostly, share theirs
def _facts(time_zone: str, departement: str, spans: tuple[tuple[date, date], ...]) -> DayFacts:
    off = {start + n * DAY for start, end in spans for n in range((end - start).days + 1)}
    return DayFacts(
        zone=ZoneInfo(time_zone),
        is_school_holiday=off.__contains__,
        is_public_holiday=lambda day: is_public_holiday(departement, day),
    )


def write_days(sheet: Sheet) -> None:
    """Write its open quarters from yesterday to two weeks ahead."""
    write_many([sheet])


def write_many(sheets: Sequence[Sheet]) -> int:
    """The same for many, in six queries; how many rows were not right already."""
    if not sheets:
        return 0
    spans = {one.pk: _span(one) for one in sheets}
    first = min(start for start, _ in spans.values())
    last = max(end for _, end in spans.values())
    openings = openings_of(sheets, first, last)
    fresh: dict[int, dict[date, int]] = {}
    for one in sheets:
        opening, (start, end) = openings[one.pk], spans[one.pk]
        days = (start + n * DAY for n in range((end - start).days + 1))
        fresh[one.pk] = {day: bits for day in days if (bits := opening.bits(day))}
    return _write(fresh)


def _span(sheet: Sheet) -> tuple[date, date]:
    today = clock.today(sheet.zone)
    return today - DAY, today + AHEAD


def _write(fresh: Mapping[int, Mapping[date, int]]) -> int:
    """Rows of open days and no other: a day without a row is closed."""
    rows = [(pk, day, to_text(bits)) for pk, days in fresh.items() for day, bits in days.items()]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    known = "unnest(%s::bigint[], %s::date[], %s::text[]) AS fresh(sheet_id, day, bits)"
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM directory_sheetday AS old WHERE sheet_id = ANY(%s) AND NOT EXISTS"  # noqa: S608
            f" (SELECT 1 FROM {known} WHERE fresh.sheet_id = old.sheet_id AND fresh.day = old.day)",
            [list(fresh), *columns],
        )
        gone = cursor.rowcount
        cursor.execute(
            "INSERT INTO directory_sheetday (sheet_id, day, bits)"  # noqa: S608
            f" SELECT sheet_id, day, bits::bit(100) FROM {known}"
            " ON CONFLICT (sheet_id, day) DO UPDATE SET bits = excluded.bits"
            " WHERE directory_sheetday.bits <> excluded.bits",
            columns,
        )
        return int(gone + cursor.rowcount)


def move_forward(after: int = 0) -> tuple[int, int]:
    """Bring the days of the next batch of sheets to today: how many rows changed, the last key.

    The last key is 0 once every sheet was seen.
    """
    live = Sheet.objects.filter(state=SheetState.PUBLISHED, hours__isnull=False, pk__gt=after)
    keys = list(live.order_by("pk").distinct().values_list("pk", flat=True)[:BATCH])
    written = write_many(list(Sheet.objects.filter(pk__in=keys).select_related("commune")))
    return written, keys[-1] if len(keys) == BATCH else 0


def rewrite(sheets: Iterable[Sheet]) -> None:
    """After a change that moves many at once (holidays published)."""
    rows = list(sheets)
    for start in range(0, len(rows), BATCH):
        write_many(rows[start : start + BATCH])
