"""Hiding small counts so that nothing gives them back, neither by subtraction nor by knowing how.

A line is a count for each département and their sum. A count from one to four is shown as "moins
de 5". As the sum would give back a lone hidden count, another one, five or more, is masked with it;
when what the two add up to says too much, the sum is masked too. Which one is masked follows an
order drawn from the month and the code alone: it says nothing of the counts.

`tests/stats/test_disclosure.py` checks it against a reader who knows this very code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from preau.stats.enums import Shown

#: Fewer than that is not shown.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Protected:
    """What is shown of each count of a line, and of their sum."""

    cells: dict[str, Shown]
    total: Shown


def is_few(value: int) -> bool:
    return 0 < value < LEAST


def protect(counts: Mapping[str, int], month: date) -> Protected:
    """Decide what is shown of one line: a measure, in one month."""
    total = sum(counts.values())
    if is_few(total):  # zeros too: how many there are would count the others
        return Protected(dict.fromkeys(counts, Shown.MASKED), Shown.FEW)
    few = [key for key, value in counts.items() if is_few(value)]
    cells = {key: Shown.FEW if key in few else Shown.YES for key in counts}
    if not few:
        return Protected(cells, Shown.YES)
    with_them = _companion(counts, month)
    if with_them is None:
        return Protected(cells, Shown.MASKED)
    cells[with_them] = Shown.MASKED
    hidden = counts[with_them] + sum(counts[key] for key in few)
    # From there on each of the few may still be anything from one to four.
    enough = hidden >= len(few) - 1 + LEAST + LEAST - 1
    return Protected(cells, Shown.YES if enough else Shown.MASKED)


def _companion(counts: Mapping[str, int], month: date) -> str | None:
    """The first count of five or more, in an order that the counts do not decide."""
    for key in sorted(counts, key=lambda code: _rank(month, code)):
        if counts[key] >= LEAST:
            return key
    return None


def _rank(month: date, code: str) -> str:
    return hashlib.sha256(f"{month.isoformat()}:{code}".encode()).hexdigest()
