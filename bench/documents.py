"""What a document costs: CPU of each step, then how many an hour on two cores (trial authority).

Its text is the national model's, read once from the database. The time-stamp authority answers
in this process: its network is not counted.
"""

from __future__ import annotations

import io
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import django
import pikepdf

from preau.agreements.actions.drawing import zones_of
from preau.agreements.drafting import content, sample
from preau.agreements.enums import LegalCase
from preau.agreements.models import Model
from preau.agreements.queries import published
from preau.agreements.signatories import signatories_of
from preau.documents import rendering, sealing, verification

#: Three sign, over forty Tuesdays: the longest national model.
CASE = LegalCase.COLLEGE
RUNS, CORES, EACH = 20, 2, 5
LINES = ["Mme Hélène Œuvrard, maire", "le 1er septembre 2026 à 10 h 12"]


def agreement() -> dict[str, Any]:
    """The national model of a collège as it would be signed: 23 articles, five annexes."""
    model = Model.objects.get(organization=None, case=CASE)
    version = published(model)
    assert version is not None, "No national model: manage.py load_models"
    facts = sample.facts(CASE)
    zones = zones_of(signatories_of(facts))
    _, data = content.compose(version, facts, number="", zones=zones)
    return data


def main() -> None:
    spent: dict[str, list[float]] = {}
    data = agreement()
    for rank in range(RUNS):
        pages = _whole(data, rank, spent)
    _say("agreement.pages", pages, "pages")
    for name, runs in spent.items():
        _say(f"{name}.p50", round(statistics.median(runs), 1), "ms CPU")
        _say(f"{name}.most", round(max(runs[1:]), 1), "ms CPU")
    whole = sum(sum(runs) for name, runs in spent.items() if name != "verify") / RUNS
    _say("agreement.whole_round", round(whole), "ms CPU")
    start = time.perf_counter()
    # Spawned: a fork would copy typst's threads halted, and wait for them for ever.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(CORES, spawned, initializer=django.setup) as pool:
        done = sum(pool.map(_many, [data] * CORES, range(CORES)))
    hourly = done * 3600 / (time.perf_counter() - start)
    _say("agreements.of_three_signatories", round(hourly), f"an hour on {CORES} cores")


def _many(data: dict[str, Any], rank: int) -> int:
    for one in range(EACH):
        _whole(data, rank * EACH + one, {})
    return EACH


def _whole(data: dict[str, Any], rank: int, spent: dict[str, list[float]]) -> int:
    """One agreement from data to seal, then its verification; how many pages it has."""

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        made = work()
        spent.setdefault(name, []).append((time.process_time() - start) * 1000)
        return made

    given, at = data | {"number": f"CONV-2026-{rank:04d}"}, sample.AT
    pdf = timed("render", lambda: rendering.render(content.TEMPLATE, given, at=at))
    boxes = timed("boxes", lambda: rendering.boxes(content.TEMPLATE, given, at=at))
    pdf = timed("prepare", lambda: sealing.prepare(pdf, boxes, labels={}))
    for name in boxes:
        before = pdf
        pdf = timed("sign", lambda: sealing.sign(before, field=name, lines=LINES))  # noqa: B023
    signed = pdf
    pdf = timed("seal", lambda: sealing.seal(signed))
    timed("evidence", lambda: sealing.sign_evidence(b"{}"))
    timed("verify", lambda: verification.verify(pdf))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return len(file.pages)


def _say(name: str, value: float, unit: str) -> None:
    sys.stdout.write(f"bench documents.{name} {value} {unit}\n")
