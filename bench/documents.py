"""What a document costs: CPU of each step, then how many an hour on two cores (trial authority).

Needs no database. The time-stamp authority answers in this process: its network is not counted.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import Any

import django

from preau.documents import rendering, sealing, verification

TEMPLATE = "documents/exemple.typ"
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
RUNS, CORES, EACH = 20, 2, 5
NAMES = ("proprietaire", "etablissement", "occupant")
LINES = ["Mme Hélène Œuvrard, maire", "le 1er septembre 2026 à 10 h 12"]


def data(rank: int) -> dict[str, Any]:
    """An agreement of three signatories and eleven articles: four pages."""
    text = "La commune met le gymnase à disposition de l’occupant, qui l’accepte. " * 8
    return {
        "title": "Convention d’occupation du gymnase Jean-Moulin",
        "reference": f"CONV-2026-{rank:04d}",
        "sender": ["Ville d’essai", "Direction des sports"],
        "subtitle": "Les mardis de septembre à juin",
        "note": f"CONV-2026-{rank:04d}",
        "parties": [{"name": name, "lines": ["1 place de la Mairie"]} for name in NAMES],
        "articles": [{"title": "Objet", "text": f"{text}\n\n- un\n- deux"} for _ in range(11)],
        "lines": [["Mardi", "1", "10,00 €"] for _ in range(20)],
        "zones": [{"label": name, "name": name, "quality": ""} for name in NAMES],
    }


def main() -> None:
    spent: dict[str, list[float]] = {}
    for rank in range(RUNS):
        _whole(rank, spent)
    for name, runs in spent.items():
        _say(f"{name}.p50", round(statistics.median(runs), 1), "ms CPU")
        _say(f"{name}.most", round(max(runs[1:]), 1), "ms CPU")
    start = time.perf_counter()
    # Spawned: a fork would copy typst's threads halted, and wait for them for ever.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(CORES, spawned, initializer=django.setup) as pool:
        done = sum(pool.map(_many, range(CORES)))
    hourly = done * 3600 / (time.perf_counter() - start)
    _say("agreements.of_three_signatories", round(hourly), f"an hour on {CORES} cores")


def _many(rank: int) -> int:
    for one in range(EACH):
        _whole(rank * EACH + one, {})
    return EACH


def _whole(rank: int, spent: dict[str, list[float]]) -> None:
    """One agreement from data to seal, then its verification."""

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        made = work()
        spent.setdefault(name, []).append((time.process_time() - start) * 1000)
        return made

    given = data(rank)
    pdf = timed("render", lambda: rendering.render(TEMPLATE, given, at=AT))
    boxes = timed("boxes", lambda: rendering.boxes(TEMPLATE, given, at=AT))
    pdf = timed("prepare", lambda: sealing.prepare(pdf, boxes, labels={}))
    for name in NAMES:
        before = pdf
        pdf = timed("sign", lambda: sealing.sign(before, field=name, lines=LINES))  # noqa: B023
    signed = pdf
    pdf = timed("seal", lambda: sealing.seal(signed))
    timed("evidence", lambda: sealing.sign_evidence(b"{}"))
    timed("verify", lambda: verification.verify(pdf))


def _say(name: str, value: float, unit: str) -> None:
    sys.stdout.write(f"bench documents.{name} {value} {unit}\n")
