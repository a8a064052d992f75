"""`make bench ONLY=writes`: what is written, through the verbs that the pages call.

Clients are processes with a connection and a person each; the database and they share the machine.
Beside the time, which the rest of the machine changes, each figure says the processor's work: that
of Python (`.cpu.python`) and that of the server's processes (`.cpu.database`), in milliseconds a
booking. What was written is taken out at the end, and the search index compared with the truth.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.db import connection

from bench.country import Country
from bench.figures import figure
from bench.reads.questions import moment
from bench.writes import cleaning, contending, seasons, singles, together
from preau.core import clock

#: In this order: what is cancelled was booked just before.
MEASURES: dict[str, Callable[[Country], None]] = {
    "book": singles.book,
    "cancel": singles.cancel_some,
    "series": seasons.series,
    "import": seasons.bring_in,
    "rule": seasons.rule,
    "hot": contending.hot_slot,
    "search": together.search_meanwhile,
}


def main(country: Country) -> None:
    with clock.frozen(moment(country.today)):
        cleaning.remove()  # of a run that was stopped
        before = _deadlocks()
        for name, measure in MEASURES.items():
            if country.wants(f"writes.{name}"):
                measure(country)
        figure("writes.deadlocks", _deadlocks() - before, "deadlocks")
        spaces = cleaning.remove()
        wrong = cleaning.wrong_days(spaces)
        figure("writes.index.written_in", len(spaces), "spaces")
        figure("writes.index.wrong", wrong, "rows")
        if wrong:
            sys.exit(1)


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
