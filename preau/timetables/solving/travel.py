"""The shortest way through a few places: exact, by dynamic programming over subsets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

#: Stops of one half-day beyond which nobody travels.
MOST_STOPS = 10


def shortest(places: Sequence[int], travel: tuple[tuple[int, ...], ...]) -> int:
    """Minutes of the shortest open way through all of them, in any order.

    Raises:
        ValueError: more stops than a half-day holds.
    """
    return order(tuple(places), travel)[0]


@lru_cache(maxsize=20_000)
def order(
    places: tuple[int, ...], travel: tuple[tuple[int, ...], ...]
) -> tuple[int, tuple[int, ...]]:
    """(minutes, the places in the order of the shortest way)."""
    count = len(places)
    if count > MOST_STOPS:
        raise ValueError(f"{count} stops in one half-day.")
    if count < 2:
        return 0, places
    best: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {
        (1 << n, n): (0, (n,)) for n in range(count)
    }
    for seen in range(1, 1 << count):
        for last in range(count):
            if (seen, last) not in best:
                continue
            minutes, way = best[seen, last]
            for following in range(count):
                if seen >> following & 1:
                    continue
                key = (seen | 1 << following, following)
                longer = minutes + travel[places[last]][places[following]]
                if key not in best or longer < best[key][0]:
                    best[key] = (longer, (*way, following))
    everywhere = (1 << count) - 1
    minutes, way = min(best[everywhere, last] for last in range(count))
    return minutes, tuple(places[n] for n in way)
