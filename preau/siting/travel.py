"""Travel times sent as a file: one journey a line, from commune to commune, in minutes."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from preau.core.errors import Refusal
from preau.core.tables import columns, reading
from preau.core.tables.columns import Column
from preau.siting.models import TravelTimes
from preau.siting.solving.posing import Minutes
from preau.territories.models import Commune

MOST_BYTES = 40 * reading.MEGABYTE
MOST_PAIRS = 2_000_000
MOST_MINUTES = 240
#: Faults told; the rest is counted.
SHOWN = 20
COLUMNS = (
    Column(
        "origin",
        "Commune de départ",
        "Code INSEE",
        ("38185", "38421"),
        needed=True,
        aliases=("origine", "départ", "code départ", "code origine"),
    ),
    Column(
        "destination",
        "Commune d’arrivée",
        "Code INSEE",
        ("38421", "38185"),
        needed=True,
        aliases=("arrivée", "code arrivée", "code destination"),
    ),
    Column(
        "minutes",
        "Minutes",
        "",
        ("12", "14,5"),
        needed=True,
        aliases=("durée", "temps"),
    ),
)


@dataclass(frozen=True, slots=True)
class Read:
    """What a good file holds."""

    codes: list[str]
    origins: list[int]
    destinations: list[int]
    minutes: list[float]


def read(content: bytes) -> Read:
    """
    Raises:
        Refusal: what is wrong, line by line (`sentence` has the first ones).
    """
    table = reading.read(content, most_bytes=MOST_BYTES)
    mapping = columns.guess(table.headings, COLUMNS)
    columns.refuse_missing(mapping, COLUMNS, field="file")
    at = [mapping.index(one.key) for one in COLUMNS]
    known = dict.fromkeys(Commune.objects.filter(active=True).values_list("code", flat=True), -1)
    result, count = Read([], [], [], []), 0
    faults: list[str] = []
    for row in table.rows:
        cells = [row.cells[index].strip() if index < len(row.cells) else "" for index in at]
        problem = _problem(cells, known)
        if problem:
            count += 1
            if len(faults) < SHOWN:
                faults.append(f"ligne {row.number} : {problem}")
            continue
        for code in cells[:2]:
            if known[code] < 0:
                known[code] = len(result.codes)
                result.codes.append(code)
        result.origins.append(known[cells[0]])
        result.destinations.append(known[cells[1]])
        result.minutes.append(_minutes(cells[2]))
        if len(result.minutes) > MOST_PAIRS:
            raise Refusal("Ce fichier contient plus de 2 000 000 de trajets.", field="file")
    _refuse(faults, count)
    if not result.minutes:
        raise Refusal("Ce fichier ne contient aucun trajet sous ses titres.", field="file")
    return result


def _refuse(faults: Sequence[str], count: int) -> None:
    if not faults:
        return
    more = f" Et {count - len(faults)} autres lignes." if count > len(faults) else ""
    raise Refusal(
        "Rien n’a été gardé, il y a des lignes à corriger : " + " ; ".join(faults) + "." + more,
        field="file",
        code="lines",
    )


def _problem(cells: Sequence[str], known: Mapping[str, int]) -> str:
    for code in cells[:2]:
        if code not in known:
            return f"« {code} » n’est pas le code INSEE d’une commune actuelle"
    try:
        minutes = _minutes(cells[2])
    except ValueError:
        return f"« {cells[2]} » n’est pas un nombre de minutes"
    if not 0 <= minutes <= MOST_MINUTES:  # not a number is refused here too
        return f"{cells[2]} minutes : attendu de 0 à {MOST_MINUTES}"
    return ""


def _minutes(cell: str) -> float:
    return float(cell.replace(",", "."))


def pack(found: Read) -> bytes:
    """As `TravelTimes.content` keeps it."""
    head = ",".join(found.codes).encode()
    body = (
        np.array(found.origins, dtype="<u4").tobytes()
        + np.array(found.destinations, dtype="<u4").tobytes()
        + np.array(found.minutes, dtype="<f4").tobytes()
    )
    return zlib.compress(len(head).to_bytes(4, "little") + head + body)


def digest(packed: bytes) -> str:
    return hashlib.sha256(zlib.decompress(packed)).hexdigest()


def minutes_between(times: TravelTimes, codes: Sequence[str]) -> Minutes:
    """The journeys between these communes, by their rank among them."""
    content = zlib.decompress(bytes(times.content))
    length = int.from_bytes(content[:4], "little")
    theirs = content[4 : 4 + length].decode().split(",")
    pairs = (len(content) - 4 - length) // 12
    start = 4 + length
    origins = np.frombuffer(content, "<u4", pairs, start)
    destinations = np.frombuffer(content, "<u4", pairs, start + 4 * pairs)
    minutes = np.frombuffer(content, "<f4", pairs, start + 8 * pairs)
    rank = {code: number for number, code in enumerate(codes)}
    ranks = np.array([rank.get(code, -1) for code in theirs], dtype=np.int64)
    one, other = ranks[origins], ranks[destinations]
    inside = (one >= 0) & (other >= 0)
    return Minutes(one[inside], other[inside], minutes[inside].astype(np.float64))
