"""Who is within reach of whom, on the sphere, without a matrix of all pairs."""

from __future__ import annotations

import itertools

import numpy as np

from preau.siting.solving.sparse import Floats, Ints, Sparse, of_pairs, spans

EARTH_KM = 6371.0088
#: Pairs looked at, at most: about a third are within reach, and each costs some sixty bytes.
MOST_PAIRS = 24_000_000
_SPAN = np.int64(1 << 20)  # cells of a side of the cube that holds the Earth, at most


class TooManyPairs(ValueError):
    """The radius is too wide for so many points."""


def on_sphere(latitudes: Floats, longitudes: Floats) -> Floats:
    """Points of the unit sphere, one a row."""
    latitude, longitude = np.radians(latitudes), np.radians(longitudes)
    flat = np.cos(latitude)
    return np.column_stack((flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)))


def within(centres: Floats, points: Floats, km: float) -> Sparse:
    """For each centre (a row of `on_sphere`), the points at most `km` away as the crow flies.

    Points are sorted into cubes as wide as the radius: those within reach lie in the cube of the
    centre or in one of its 26 neighbours. Memory follows the number of pairs found.

    Raises:
        TooManyPairs: more than the memory of a web process should hold.
    """
    if not len(centres) or not len(points):
        return Sparse(np.zeros(len(centres) + 1, dtype=np.int64), np.zeros(0, dtype=np.int64))
    chord = 2 * np.sin(min(km / (2 * EARTH_KM), np.pi / 2))
    width = max(chord, 4 / float(_SPAN))
    keys = _cells(points, width)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    columns: list[Ints] = []
    rows: list[Ints] = []
    looked_at = 0
    for step in itertools.product((-1, 0, 1), repeat=3):
        wanted = _cells(centres, width, step)
        first = np.searchsorted(keys, wanted, "left")
        end = np.searchsorted(keys, wanted, "right")
        looked_at += int((end - first).sum())
        if looked_at > MOST_PAIRS:
            raise TooManyPairs
        column = np.repeat(np.arange(len(centres), dtype=np.int64), end - first)
        row = order[spans(first, end)]
        apart = ((centres[column] - points[row]) ** 2).sum(axis=1)
        near = apart <= chord * chord * (1 + 1e-12)
        columns.append(column[near])
        rows.append(row[near])
    return of_pairs(np.concatenate(columns), np.concatenate(rows), len(centres))


def nearest_km(points: Floats, centres: Floats) -> Floats:
    """For each point, the way to the nearest centre as the crow flies; infinite without one."""
    if not len(centres):
        return np.full(len(points), np.inf)
    result = np.empty(len(points))
    step = max(1, 4_000_000 // len(centres))
    for start in range(0, len(points), step):
        cosine = (points[start : start + step] @ centres.T).max(axis=1)
        result[start : start + step] = EARTH_KM * np.arccos(np.clip(cosine, -1, 1))
    return result


def _cells(points: Floats, width: float, step: tuple[int, ...] = (0, 0, 0)) -> Ints:
    cells = np.floor((points + 1) / width).astype(np.int64) + np.array(step) + 1
    return np.asarray((cells[:, 0] * _SPAN + cells[:, 1]) * _SPAN + cells[:, 2])
