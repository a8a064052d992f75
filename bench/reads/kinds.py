"""What is measured: the questions of each kind, and the function of the pages that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench.reads.questions import Asked, Crowd
from preau.availability.queries.alternatives import alternatives
from preau.availability.queries.search import PAGE, evenings, window
from preau.availability.queries.series import best
from preau.availability.queries.space import free_slots
from preau.booking.patterns import Pattern
from preau.core import clock
from preau.desk.queries import planning
from preau.find import queries as find
from preau.find import series, weeks
from preau.places.models import Place, Space

PLACE_SIZE = 12
#: How far ahead the public page of a space looks for its next free slots.
NEXT_DAYS = 28


@dataclass(frozen=True)
class Kind:
    """Questions, and what answers them.

    Attributes:
        draw: so many questions of a crowd.
        answer: what the page calls; its rows.
    """

    name: str
    draw: Callable[[Crowd, int], Iterable[Any]]
    answer: Callable[[Any], Sized]


def _window(one: Asked) -> Sized:
    period = one.criteria.period
    return window(one.where, period, one.filters).rows if period else []


def _page(one: Asked) -> Sized:
    """The lines of the first page, at the price asked, ready to show."""
    cards, _ = find.answers(one.criteria, None, one.payer)
    find.grouped(cards)
    return cards


def _evenings(one: Asked) -> Sized:
    asked = one.criteria.evenings
    return evenings(one.where, asked, one.filters).rows if asked else []


def _series(one: tuple[Asked, Pattern]) -> Sized:
    asked, pattern = one
    wanted = series._wanted(asked.where, asked.filters, pattern)
    return best(asked.where, asked.filters, wanted, limit=PAGE + 1)


def _series_page(one: tuple[Asked, Pattern]) -> Sized:
    asked, pattern = one
    return series.cards(asked.where, asked.filters, pattern, 1, asked.payer)[0]


def _alternatives(one: Asked) -> Sized:
    period = one.criteria.period
    return alternatives(one.where, period, one.filters) if period else []


def _week(one: tuple[Space, date]) -> Sized:
    space, day = one
    week = weeks.week_of(space, day, weeks.usual_duration(space))
    return [slot for each in week.days for slot in each.slots]


def _month(one: tuple[Space, date]) -> Sized:
    """The public page's: the table of this week and the next free slots, from one timeline."""
    space, _ = one
    minutes = weeks.usual_duration(space)
    line = weeks.line_from_this_week(space, minutes, NEXT_DAYS)
    today = clock.today(space.place.zone)
    return free_slots(space, today, today + timedelta(days=NEXT_DAYS), minutes, line=line)


def _planning(one: tuple[Place, date]) -> Sized:
    week = planning.week_of(*one)
    return [line for row in week.rows for cell in row.cells for line in cell.lines]


KINDS = (
    Kind("search.window", Crowd.windows, _window),
    Kind("search.window.page", Crowd.priced, _page),
    Kind("search.evenings", Crowd.evenings, _evenings),
    Kind("search.evenings.page", Crowd.evenings, _page),
    Kind("search.series", Crowd.rhythms, _series),
    Kind("search.series.page", Crowd.rhythms, _series_page),
    Kind("search.alternatives", Crowd.windows, _alternatives),
    Kind("calendar.week", Crowd.spaces, _week),
    Kind("calendar.month", Crowd.spaces, _month),
    Kind("planning.week", lambda crowd, n: crowd.plannings(n, PLACE_SIZE), _planning),
)
