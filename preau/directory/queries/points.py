"""Existing places as points, for whoever plans where the next ones go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from preau.availability.opening import Opening
from preau.core import clock
from preau.directory.enums import SheetState
from preau.directory.models import Sheet
from preau.directory.opening import openings_of

#: A usual fortnight says when a place opens: school term or holidays, no single public holiday.
LOOK = timedelta(days=27)
#: Quarter-hours of the wall clock: from 18:00 on, and 8:00 to 18:00.
EVENING = ((1 << 24) - 1) << 72
WORKING = ((1 << 40) - 1) << 32
#: At least that many quarters: a door opened for ten minutes is not an evening.
LEAST = 4
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Point:
    """A place that receives the public; all three are False when its hours are unknown."""

    sheet_id: int
    name: str
    latitude: float
    longitude: float
    commune_code: str
    weekday: bool
    evening: bool
    saturday: bool


def existing_points(
    departements: Collection[str], *, profile: str = "", kind: str = "", theme: str = ""
) -> list[Point]:
    """Published sheets of these départements, in the order of their keys.

    Args:
        profile: main or secondary.
        kind: nature of the place.
        theme: of a service it renders today.
    """
    found = Sheet.objects.filter(state=SheetState.PUBLISHED, departement_code__in=departements)
    if profile:
        found = found.filter(Q(main_profile=profile) | Q(secondary_profiles__contains=[profile]))
    if kind:
        found = found.filter(kind=kind)
    if theme:
        today = clock.today()
        offered = Q(services__theme=theme) & (
            Q(services__until=None) | Q(services__until__gte=today)
        )
        found = found.filter(pk__in=Sheet.objects.filter(offered).values("pk"))
    sheets = list(found.select_related("commune").order_by("pk"))
    open_at = _times(sheets)
    return [
        Point(
            sheet_id=one.pk,
            name=one.name,
            latitude=one.latitude,
            longitude=one.longitude,
            commune_code=one.commune_id,
            weekday="weekday" in open_at[one.pk],
            evening="evening" in open_at[one.pk],
            saturday="saturday" in open_at[one.pk],
        )
        for one in sheets
    ]


def _times(sheets: list[Sheet]) -> dict[int, set[str]]:
    """Which of the three times each is open at, once at least in four weeks from today."""
    first = clock.today()
    found: dict[int, set[str]] = defaultdict(set)
    for start in range(0, len(sheets), BATCH):
        some = sheets[start : start + BATCH]
        for pk, opening in openings_of(some, first, first + LOOK).items():
            if opening.rules:
                found[pk] = _open_at(opening)
    return found


def _open_at(opening: Opening) -> set[str]:
    first, found = clock.today(), set()
    for number in range(LOOK.days + 1):
        day = first + timedelta(days=number)
        wall = opening.wall_quarters(day)
        if day.weekday() == 5 and wall.bit_count() >= LEAST:
            found.add("saturday")
        if day.weekday() < 5:
            if (wall & WORKING).bit_count() >= LEAST:
                found.add("weekday")
            if (wall & EVENING).bit_count() >= LEAST:
                found.add("evening")
    return found
