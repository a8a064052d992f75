"""How many départements a search touches: the figures of docs/operations/scale.md, from the real
communes."""

import csv
import io
import random
import re
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

from django.conf import settings

from preau.availability.index import tile_of
from preau.availability.queries.discs import Where, frame
from preau.territories.distances import km_between

SAMPLE, SEED, KM = 2_000, 4, 15.0
DATA = Path(settings.BASE_DIR, "preau/territories/data/territories.zip")
PAGE = Path(settings.BASE_DIR, "docs/operations/scale.md")


def communes():
    """Name, département, inhabitants and town hall (else centre) of each."""
    with zipfile.ZipFile(DATA) as archive:
        rows = csv.DictReader(io.StringIO(archive.read("communes.csv").decode()))
        return [
            (
                row["name"],
                row["departement"],
                int(row["population"]),
                float(row["hall_latitude"] or row["latitude"]),
                float(row["hall_longitude"] or row["longitude"]),
            )
            for row in rows
        ]


def touched():
    """For discs drawn as searches are: the départements of the town halls within, and of those in
    the tiles that the search reads."""
    everywhere = communes()
    by_tile = defaultdict(list)
    for one in everywhere:
        by_tile[tile_of(one[3], one[4])].append(one)
    weights = [population for _, _, population, *_ in everywhere]
    for _, _, _, latitude, longitude in random.Random(SEED).choices(everywhere, weights, k=SAMPLE):
        around = frame(Where(latitude, longitude, KM))
        ranges = zip(around.first, around.last, strict=True)
        read = [one for a, z in ranges for tile in range(a, z + 1) for one in by_tile[tile]]
        within = {one[1] for one in read if km_between(latitude, longitude, *one[3:]) <= KM}
        yield len(within), len({one[1] for one in read})


def test_the_page_gives_the_figures(record_property):
    discs, tiles = zip(*touched(), strict=True)
    shares = Counter(min(count, 4) for count in discs)
    figures = {
        "mean": f"{sum(discs) / SAMPLE:.2f}",
        "max": str(max(discs)),
        **{f"share_{n}": f"{100 * shares[n] / SAMPLE:.0f} %" for n in (1, 2, 3, 4)},
        "tiles_mean": f"{sum(tiles) / SAMPLE:.2f}",
        "tiles_max": str(max(tiles)),
    }
    for name, value in figures.items():
        record_property(name, value)
    line = (
        f"| {figures['mean']} | {figures['max']} | {figures['share_1']} | {figures['share_2']} "
        f"| {figures['share_3']} | {figures['share_4']} |"
    )
    read = f"{figures['tiles_mean']} on average, {figures['tiles_max']} at most"
    page = re.sub(r"\s+", " ", PAGE.read_text())
    assert line in page, line
    assert read in page, read
