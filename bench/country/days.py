"""The search index's occupied days, as `preau.availability.index` writes them (a test compares)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from bench.country.demand import Demand, place_zones, true_midnights
from bench.country.land import Land
from preau.availability.models import DAY_BITS

_LANES = 32
_EPOCH = date(1970, 1, 1)


@dataclass
class SpaceDays:
    day: Any  # since 1970
    space: Any
    lane: Any
    octets: Any  # bit(100), thirteen bytes


def space_days(land: Land, demand: Demand) -> SpaceDays:
    """Every taken day of every space, in the order of the table's key."""
    rows = np.flatnonzero(demand.stands)
    space, row = _seen_by(land, demand, rows)
    buffer = ((land.before + land.after) // 15)[space].astype(np.int32)
    first_day = int(demand.day.min())
    last_day = int(demand.day.max()) + 1
    midnight = true_midnights(land, first_day, last_day - first_day + 2)
    zone = place_zones(land)[land.space_place[space]]
    day = demand.day[row] - first_day
    begin = demand.start[row] - buffer - midnight[zone, day]
    end = demand.end[row] + buffer - midnight[zone, day]
    length = midnight[zone, day + 1] - midnight[zone, day]
    rank = np.empty(land.spaces, dtype=np.int64)
    by_tile = np.argsort(land.tile[land.space_place], kind="stable")
    rank[by_tile] = np.arange(land.spaces)
    key = (day.astype(np.int64) * land.spaces + rank[space]) * _LANES + demand.lane[row]
    late = np.flatnonzero(end > length)  # past midnight: the rest is the next day's
    key = np.concatenate([key, key[late] + land.spaces * _LANES])
    begin = np.concatenate([begin, np.zeros(len(late), dtype=begin.dtype)])
    end = np.concatenate([np.minimum(end, length), end[late] - length[late]])
    return _united(key, begin, end, by_tile, first_day)


def _seen_by(land: Land, demand: Demand, rows: Any) -> tuple[Any, Any]:
    """(space, row) pairs: the parts of a hall see the whole taken, the whole each of its parts."""
    space = demand.space[rows]
    in_hall = land.is_hall[space]
    part = land.part[space]
    root = land.space_root[space]
    wholes = np.flatnonzero(in_hall & (part == 0))
    parts = np.flatnonzero(in_hall & (part > 0))
    spaces = [space, root[parts], *(space[wholes] + number for number in (1, 2, 3))]
    seen = [rows, rows[parts], *(rows[wholes] for _ in range(3))]
    return np.concatenate(spaces), np.concatenate(seen)


def _united(key: Any, begin: Any, end: Any, by_tile: Any, first_day: int) -> SpaceDays:
    order = np.argsort(key)
    key = key[order]
    firsts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    begin, end = begin[order], end[order]
    words = []
    for prefix in _prefixes():
        masks = prefix[end] & ~prefix[begin]
        words.append(np.bitwise_or.reduceat(masks, firsts) if len(masks) else masks)
    octets = np.empty((len(firsts), 13), dtype=np.uint8)
    octets[:, :8] = words[0].astype(">u8").view(np.uint8).reshape(-1, 8)
    octets[:, 8:] = words[1].astype(">u8").view(np.uint8).reshape(-1, 8)[:, :5]
    unique = key[firsts]
    lane = unique % _LANES
    unique //= _LANES
    return SpaceDays(
        day=(unique // len(by_tile) + first_day).astype(np.int32),
        space=by_tile[unique % len(by_tile)],
        lane=lane.astype(np.int16),
        octets=octets,
    )


def _prefixes() -> tuple[Any, Any]:
    """The first n bits set, from the left, as two words of 64."""
    whole = [((1 << n) - 1) << (128 - n) for n in range(DAY_BITS + 1)]
    high = np.array([value >> 64 for value in whole], dtype=np.uint64)
    low = np.array([value & ((1 << 64) - 1) for value in whole], dtype=np.uint64)
    return high, low
