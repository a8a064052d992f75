"""Time the commune autocomplete in the database over all communes.

    python bench/territories.py

Needs a loaded database (`manage.py load_territories`). The texts are drawn with a fixed seed:
names of the communes, weighted by population, whole, unfinished or with one typing error, and
postcodes.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from preau.territories.models import Commune  # noqa: E402
from preau.territories.queries import suggest  # noqa: E402

QUERIES = 600
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    random_texts = texts(random.Random(38))  # noqa: S311  a repeatable draw, no secret
    suggest("chauffe")
    spent: dict[str, list[float]] = {}
    missed = []
    for kind, text, wanted in random_texts:
        seconds = 0.0

        def timed(execute: Any, *args: Any) -> Any:
            nonlocal seconds
            start = time.perf_counter()
            try:
                return execute(*args)
            finally:
                seconds += time.perf_counter() - start

        with connection.execute_wrapper(timed):
            found = suggest(text)
        spent.setdefault(kind, []).append(seconds * 1000)
        if kind in {"name", "typo"} and wanted not in {commune.code for commune in found}:
            missed.append(text)
    spent["all"] = [value for values in spent.values() for value in values]
    for kind, values in spent.items():
        cuts = statistics.quantiles(values, n=100)
        sys.stdout.write(
            f"{kind:8} n={len(values):4} p50={cuts[49]:5.1f} ms p95={cuts[94]:5.1f} ms"
            f" max={max(values):5.1f} ms\n"
        )
    sys.stdout.write(f"names and typos not found in the first 10: {len(missed)} {missed[:10]}\n")


def texts(draw: random.Random) -> list[tuple[str, str, str]]:
    """(kind, text, code of the commune meant)."""
    communes = list(Commune.objects.filter(active=True).order_by("code"))
    weights = [commune.population**0.7 + 1 for commune in communes]
    kinds = ["name", "prefix", "typo", "postcode", "both"]
    result = []
    for index, commune in enumerate(draw.choices(communes, weights, k=QUERIES)):
        kind = kinds[index % len(kinds)]
        name = commune.name.replace("Saint-", draw.choice(["Saint-", "st ", "St-"]))
        text = {
            "name": name,
            "prefix": name[: draw.randint(1, len(name))],
            "typo": mistype(name, draw),
            "postcode": commune.main_postcode[: draw.randint(2, 5)],
            "both": f"{commune.main_postcode} {name}",
        }[kind]
        result.append((kind, text, commune.code))
    return result


def mistype(name: str, draw: random.Random) -> str:
    at = draw.randrange(1, max(2, len(name) - 1))
    letter = draw.choice(LETTERS)
    return draw.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
        ]
    )


if __name__ == "__main__":
    main()
