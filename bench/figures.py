"""One line a figure, `bench <name> <value> <unit>`, and all of them in a JSON file at the end."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Every figure said by this process, in order.
FIGURES: list[dict[str, Any]] = []
EVERY_SECONDS = 2.0
_said: dict[str, float] = {}


def figure(name: str, value: float | int, unit: str) -> None:
    """Say one figure, and keep it."""
    shown = value if isinstance(value, int) else _rounded(value)
    FIGURES.append({"name": name, "value": shown, "unit": unit})
    sys.stdout.write(f"bench {name} {shown} {unit}\n")
    sys.stdout.flush()


def spread(name: str, milliseconds: Sequence[float], **more: tuple[float | int, str]) -> None:
    """p50, p95 and p99 of durations, how many there were, then `more` as `name=(value, unit)`."""
    if not milliseconds:
        raise ValueError(f"{name}: nothing was measured.")
    for cut in (50, 95, 99):
        figure(f"{name}.p{cut}", percentile(milliseconds, cut), "ms")
    figure(f"{name}.count", len(milliseconds), "times")
    for key, (value, unit) in more.items():
        figure(f"{name}.{key}", value, unit)


def percentile(values: Sequence[float], cut: int) -> float:
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[cut - 1]


def progress(step: str, done: int, total: int) -> None:
    """How far a long step is: at most every two seconds, and at its end."""
    now = time.monotonic()
    if done < total and now - _said.get(step, 0.0) < EVERY_SECONDS:
        return
    _said[step] = now
    sys.stderr.write(f"  {step}: {done:,} / {total:,} ({100 * done // max(total, 1)} %)\n")
    sys.stderr.flush()


@contextmanager
def timed(name: str) -> Iterator[None]:
    """The seconds that a step takes, as a figure."""
    began = time.monotonic()
    yield
    figure(name, time.monotonic() - began, "s")


def save(path: Path, about: dict[str, Any]) -> None:
    """All figures said so far with what they are about; those of parts measured before stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {one["name"] for one in FIGURES}
    kept = [one for one in read_figures(path) if one["name"] not in said]
    whole = about | {"figures": kept + FIGURES}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")


def read_figures(path: Path) -> list[dict[str, Any]]:
    """What an earlier run has left there, if any."""
    try:
        found: list[dict[str, Any]] = json.loads(path.read_text())["figures"]
    except (OSError, ValueError, KeyError):
        return []
    return found


def _rounded(value: float) -> float:
    """Three significant digits below a hundred, whole tenths above."""
    return round(value, 1) if abs(value) >= 100 else float(f"{value:.3g}")
