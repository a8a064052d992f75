"""A sample of answers against the brute force: the same rows, in the same order, page after page.

Any difference is printed with its question, and ends the run in failure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from bench.country import Country
from bench.figures import figure, progress
from bench.reads import brute
from bench.reads.questions import Asked, Crowd, moment
from bench.reads.truth import Truth
from preau.availability.queries.alternatives import alternatives
from preau.availability.queries.search import PAGE, Cursor, Found, Page, evenings, window
from preau.booking.patterns import Pattern
from preau.find import series, weeks
from preau.find.queries import VISITOR

SAMPLE = 30
#: Where the same distance computed twice may differ.
KM = 1e-6


def compare(country: Country) -> int:
    """How many answers are wrong, all kinds together."""
    truth = Truth(moment(country.today))
    wrong = 0
    for name, draw, check in CHECKS:
        if not country.wants(f"reads.oracle.{name}"):
            continue
        crowd = Crowd(f"{country.seed} oracle {name}", country.today)
        missed = rows = 0
        for number, one in enumerate(draw(crowd, SAMPLE), 1):
            expected, found = check(truth, one)
            rows += len(expected)
            if not _same(expected, found):
                missed += 1
                _tell(name, one, expected, found)
            progress(f"reads.oracle.{name}", number, SAMPLE)
        figure(f"reads.oracle.{name}.mismatches", missed, "answers")
        figure(f"reads.oracle.{name}.compared", SAMPLE, "answers")
        figure(f"reads.oracle.{name}.rows", rows, "rows")
        wrong += missed
    return wrong


def _same(expected: Sequence[Any], found: Sequence[Any]) -> bool:
    return len(expected) == len(found) and all(map(_alike, expected, found))


def _alike(one: Any, other: Any) -> bool:
    """Equal, but for the last digits of a distance."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < KM
    if isinstance(one, tuple) and isinstance(other, tuple):
        return _same(one, other)
    return bool(one == other)


def _tell(name: str, question: Any, expected: Sequence[Any], found: Sequence[Any]) -> None:
    sys.stdout.write(f"# {name}: {question}\n")
    for place in range(max(len(expected), len(found))):
        right = expected[place] if place < len(expected) else None
        said = found[place] if place < len(found) else None
        if not _alike(right, said):
            sys.stdout.write(
                f"#   row {place}: expected {right}\n#   row {place}: found    {said}\n"
            )
    sys.stdout.flush()


_Rows = list[tuple[Any, ...]]


def _pages(look: Callable[[Cursor | None], Page]) -> _Rows:
    """Two pages by the cursor, and where the second one ends."""
    first = look(None)
    second = look(first.next) if first.next else Page([], None)
    rows = [_row(one) for page in (first, second) for one in page.rows]
    ends = [(end.space_id, end.km) for end in (first.next, second.next) if end]
    return [*rows, *ends]


def _row(one: Found) -> tuple[Any, ...]:
    period = one.period
    return (one.space_id, one.km, period and period.start, period and period.end, one.quantity)


def _expected_pages(rows: Iterator[tuple[Any, ...]]) -> _Rows:
    found = list(islice(rows, 2 * PAGE + 1))
    ends = [found[end - 1][:2] for end in (PAGE, 2 * PAGE) if len(found) > end]
    return [*found[: 2 * PAGE], *ends]


def _window(truth: Truth, one: Asked) -> tuple[_Rows, _Rows]:
    period = one.criteria.period
    if period is None:
        raise ValueError("A window has hours.")
    expected = _expected_pages(brute.window(truth, one.where, period, one.filters))
    return expected, _pages(lambda end: window(one.where, period, one.filters, after=end))


def _evenings(truth: Truth, one: Asked) -> tuple[_Rows, _Rows]:
    asked = one.criteria.evenings
    if asked is None:
        raise ValueError("Evenings have days.")
    expected = _expected_pages(brute.evenings(truth, one.where, asked, one.filters))
    return expected, _pages(lambda end: evenings(one.where, asked, one.filters, after=end))


def _series(truth: Truth, one: tuple[Asked, Pattern]) -> tuple[_Rows, _Rows]:
    asked, pattern = one
    expected = brute.series(truth, asked.where, asked.filters, pattern)
    found: _Rows = []
    for page in (1, 2):
        cards, more = series.cards(asked.where, asked.filters, pattern, page, VISITOR)
        found += [(c.space.pk, c.km, c.takes.free, c.takes.total, c.takes.quantity) for c in cards]
        if not more:
            break
    return expected[: 2 * PAGE], found


def _alternatives(truth: Truth, one: Asked) -> tuple[_Rows, _Rows]:
    period = one.criteria.period
    if period is None:
        raise ValueError("A window has hours.")
    found = alternatives(one.where, period, one.filters)
    said = [
        (a.reason.name, a.space_id, a.period.start, a.period.end, a.km, a.quantity) for a in found
    ]
    return brute.alternatives(truth, one.where, period, one.filters), said


def _week(truth: Truth, one: Any) -> tuple[_Rows, _Rows]:
    space, day = one
    minutes = weeks.usual_duration(space)
    week = weeks.week_of(space, day, minutes)
    found = [(slot.start, slot.end) for each in week.days for slot in each.slots]
    return brute.slots(truth, space.pk, week.monday, 7, minutes), found


CHECKS: tuple[tuple[str, Any, Any], ...] = (
    ("window", Crowd.windows, _window),
    ("window_odd", Crowd.odd_windows, _window),
    ("evenings", Crowd.evenings, _evenings),
    ("evenings_odd", Crowd.odd_evenings, _evenings),
    ("series", Crowd.rhythms, _series),
    ("alternatives", Crowd.windows, _alternatives),
    ("week", Crowd.spaces, _week),
)
