"""The siting solver on the real communes: how good, how sure, how long, how much memory.

    make bench ONLY=siting          (or `python -m bench siting`)

No database is read: the communes come from the archive that the product loads.
"""

from __future__ import annotations

import csv
import io
import resource
import time
import zipfile
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from bench.figures import figure, progress
from preau.siting.solving import reach, solve
from preau.siting.solving.posing import Ground, Places, Terms, pose
from preau.siting.solving.problem import Problem
from preau.territories.loading import ARCHIVE

#: (name, région or département, new places, km by road, seconds of proof asked: 0 for none)
CASES = (
    ("isere.p10_15km", ("departement", "38"), 10, 15, 300),
    ("isere.p20_10km", ("departement", "38"), 20, 10, 300),
    ("isere.p30_10km", ("departement", "38"), 30, 10, 300),
    ("aura.p50_15km", ("region", "84"), 50, 15, 120),
    ("aura.p100_15km", ("region", "84"), 100, 15, 60),
    ("metropole.p500_15km", ("metropole", ""), 500, 15, 0),
)
Answer = TypeVar("Answer")
Row = tuple[str, str, float, float, float]


def main(_: object = None) -> None:
    rows = communes()
    problems = {}
    for name, where, places, km, _seconds in CASES:
        problem = posed([row for row in rows if _inside(row, where)], places, km, name)
        _quickly(name, problem)
        problems[name] = problem
    _memory("siting.answers")
    for name, _, _, _, seconds in CASES:
        if seconds:
            _proven(name, problems[name], seconds)
    _memory("siting.proofs")


def _memory(name: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figure(f"{name}.memory_peak", round(peak), "MB")


def communes() -> list[Row]:
    """(département, région, inhabitants, latitude, longitude) of each."""
    with zipfile.ZipFile(ARCHIVE) as archive:

        def read(name: str) -> csv.DictReader[str]:
            return csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8", newline=""))

        regions = {row["code"]: row["region"] for row in read("departements.csv")}
        return [
            (
                row["departement"],
                regions[row["departement"]],
                float(row["population"]),
                float(row["hall_latitude"] or row["latitude"]),
                float(row["hall_longitude"] or row["longitude"]),
            )
            for row in read("communes.csv")
        ]


def _inside(row: Row, where: tuple[str, str]) -> bool:
    kind, code = where
    if kind == "departement":
        return row[0] == code
    if kind == "region":
        return row[1] == code
    return len(row[0]) == 2 and row[0] < "97"  # 2A and 2B included


def posed(rows: list[Row], places: int, km: float, name: str) -> Problem:
    points = reach.on_sphere(np.array([row[3] for row in rows]), np.array([row[4] for row in rows]))
    ground = Ground(np.array([row[2] for row in rows]), points)
    nobody = Places(np.zeros((0, 3)), np.zeros((0, 1), dtype=np.bool_), np.zeros(0, dtype=np.int64))
    problem = _timed(f"siting.{name}.pose", lambda: pose(ground, nobody, Terms(places, km)).problem)
    figure(f"siting.{name}.communes", len(rows), "communes")
    figure(f"siting.{name}.pairs", len(problem.covers.items), "pairs")
    return problem


def _quickly(name: str, problem: Problem) -> None:
    answer = _timed(f"siting.{name}.answer", lambda: solve.quick(problem))
    figure(f"siting.{name}.covered", 100 * answer.covered / answer.total, "%")
    figure(f"siting.{name}.bound", 100 * answer.bound / answer.total, "%")
    figure(f"siting.{name}.gap", 100 * answer.gap, "%")


def _proven(name: str, problem: Problem, seconds: float) -> None:
    def watch(covered: float, bound: float) -> bool:
        progress(f"{name}: gap {bound - covered:,.0f} people", 0, 1)
        return False

    answer = _timed(f"siting.{name}.proof", lambda: solve.prove(problem, watch, seconds=seconds))
    figure(f"siting.{name}.proof.covered", 100 * answer.covered / answer.total, "%")
    figure(f"siting.{name}.proof.gap", 100 * answer.gap, "%")


def _timed(name: str, work: Callable[[], Answer]) -> Answer:
    began, used = time.monotonic(), time.process_time()
    answer = work()
    figure(f"{name}.seconds", time.monotonic() - began, "s")
    figure(f"{name}.cpu", time.process_time() - used, "s")
    return answer
