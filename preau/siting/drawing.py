"""The map as a picture made by the server: for whoever has no script, and for the report."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

WIDTH, MOST_HEIGHT, MARGIN = 720.0, 900.0, 14.0
#: Farther apart than this is overseas and mainland together: the mainland alone is drawn.
MOST_DEGREES = 20.0


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Dots in the order they are laid: uncovered communes, existing places, new places."""

    width: int
    height: int
    missed: list[Dot]
    existing: list[Dot]
    chosen: list[Dot]


def picture(points: dict[str, list[dict[str, Any]]]) -> Picture | None:
    """None when there is nothing to draw."""
    kept = _together(points)
    everything = [one for some in kept.values() for one in some]
    if not everything:
        return None
    south, north = min(p["lat"] for p in everything), max(p["lat"] for p in everything)
    west, east = min(p["lon"] for p in everything), max(p["lon"] for p in everything)
    shrunk = math.cos(math.radians((south + north) / 2))
    wide = max((east - west) * shrunk, 1e-3)
    high = max(north - south, 1e-3)
    scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
    largest = max((one.get("size", 0) for one in kept["missed"]), default=1) or 1

    def dot(one: dict[str, Any], radius: float) -> Dot:
        return Dot(
            round(MARGIN + (one["lon"] - west) * shrunk * scale, 1),
            round(MARGIN + (north - one["lat"]) * scale, 1),
            round(radius, 1),
            one["name"],
        )

    return Picture(
        width=round(wide * scale + 2 * MARGIN),
        height=round(high * scale + 2 * MARGIN),
        missed=[dot(one, 1.5 + 7 * math.sqrt(one["size"] / largest)) for one in kept["missed"]],
        existing=[dot(one, 3.5) for one in kept["existing"]],
        chosen=[dot(one, 7.0) for one in kept["chosen"]],
    )


def _together(points: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Around what the study is about: a place far away does not shrink the rest to a dot."""
    centre = points["chosen"] or points["missed"]
    if not centre:
        return points
    latitudes = sorted(one["lat"] for one in centre)
    longitudes = sorted(one["lon"] for one in centre)
    middle = latitudes[len(latitudes) // 2], longitudes[len(longitudes) // 2]
    spans = [
        1.3 * max(abs(one[0] - middle[0]), abs(one[1] - middle[1]))
        for one in ((p["lat"], p["lon"]) for p in (*points["chosen"], *points["missed"]))
    ]
    reach = min(MOST_DEGREES / 2, max(spans) + 0.05)
    return {
        kind: [
            one
            for one in some
            if abs(one["lat"] - middle[0]) <= reach and abs(one["lon"] - middle[1]) <= reach
        ]
        for kind, some in points.items()
    }
