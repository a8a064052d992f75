"""The same rooms, hours and bookings in libres, and the same questions asked of both.

libres (OneGov) is a reservation engine over PostgreSQL: what may be reserved is an *allocation*,
one stretch of opening time; what is reserved is one row for each quarter-hour of it. It is used
here as its documentation says, on the same server, through the same driver, in turn with Préau.

What it cannot say, so that those rooms are left out of the sample: preparation and clean-up times,
halls whose parts share units (a scheduler may name others that block it, but then its reads no
longer know what is free), and pools, which it has as a quota without the partial times used here.
What it does not know, so that it is given for nothing: distances, capacities, the shortest and
longest booking, lead time and horizon. A booking across midnight in a room open round the clock
cannot be reserved, as an allocation a day is what its users make; nor is any price known.
"""

from __future__ import annotations

import time

from bench.country import Country
from bench.figures import figure
from bench.peer import reads, writes
from bench.peer.engine import Engine
from bench.peer.sample import choose

DATABASE = "libres_peer"


def main(country: Country) -> None:
    sample = choose(country)
    figure("peer.rooms", len(sample.rooms), "rooms")
    figure("peer.rooms_libres_can_express", 100 * sample.expressible, "%")
    began = time.monotonic()
    with Engine.created(country.url, DATABASE) as engine:
        engine.fill(sample.rooms)
        figure("peer.build", time.monotonic() - began, "s")
        figure("peer.bookings", sum(len(room.bookings) for room in sample.rooms), "bookings")
        engine.check_rows(sample.rooms)
        for name, measure in (*reads.MEASURES.items(), *writes.MEASURES.items()):
            if country.wants(f"peer.{name}"):
                measure(country, sample, engine)
