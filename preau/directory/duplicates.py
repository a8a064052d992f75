"""Two sheets of one place: how alike they are, in figures and in words.

Pure but for the reads at the end. A pair is only suggested: a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from django.db.models import Q

from preau.core import formats, rows
from preau.directory.enums import SheetState
from preau.directory.models import Sheet, SheetPair
from preau.territories.distances import in_box, km_between
from preau.territories.names import search_key

#: From here on a pair is shown to a person.
THRESHOLD = 0.68
NEAR_KM = 0.3
#: Words that say what a place is, not which one.
COMMON = frozenset(
    """maison espace salle centre point relais accueil service services france public publics
    municipal municipale communal communale mairie annexe gymnase mediatheque bibliotheque foyer
    association associations antenne local tiers lieu cafe social sociale numerique polyvalente
    fetes ecole college lycee""".split()  # noqa: SIM905  a list of words reads better so
)
EMPTY = frozenset(("de", "du", "des", "d", "l", "la", "le", "les", "a", "au", "aux", "et", "en"))
COMMON_WEIGHT = 0.3
LIVE = (SheetState.PUBLISHED, SheetState.PROPOSED, SheetState.CLOSED)
_STREETS = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "pl": "place",
    "r": "rue", "rte": "route", "che": "chemin", "imp": "impasse", "all": "allee",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Probe:
    """What a sheet, or a line of a list, is recognised by. `sheet_id` is 0 for a line."""

    name: str
    commune_code: str
    commune_name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    address: str = ""
    phone: str = ""
    siret: str = ""
    sheet_id: int = 0


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 1, and what it rests on."""

    score: float
    reasons: list[str] = field(default_factory=list)


def likeness(one: Probe, other: Probe) -> Likeness:
    """How sure it is that both are one place."""
    same_commune = one.commune_code == other.commune_code
    km = _km(one, other)
    if not same_commune and (km is None or km > NEAR_KM):
        return Likeness(0.0)
    named = name_likeness(_words(one), _words(other))
    score, reasons = 0.55 * named, []
    if named > 0.99:
        reasons.append("même nom")
    elif named >= 0.5:
        reasons.append("noms proches")
    for points, words in _facts(one, other, same_commune, km):
        score += points
        reasons.append(words)
    # One reception desk, one telephone, several places: the names must say something too.
    if named < 0.4 and not _same(one.siret, other.siret):
        score = min(score, 0.6)
    return Likeness(round(min(score, 1.0), 3), reasons)


def _facts(
    one: Probe, other: Probe, same_commune: bool, km: float | None
) -> Iterable[tuple[float, str]]:
    if same_commune:
        yield 0.05, "même commune"
    if km is not None and km <= NEAR_KM:
        near = 0.25 if km <= 0.05 else 0.2 if km <= 0.15 else 0.12
        yield near, f"à {formats.distance(km)} l’un de l’autre"
    elif km is None:
        yield 0.12, "position imprécise"
    if _same(address_key(one.address), address_key(other.address)):
        yield 0.15, "même adresse"
    if _same(_digits(one.phone), _digits(other.phone)):
        yield 0.15, "même téléphone"
    if _same(one.siret, other.siret):
        yield 0.25, "même SIRET"


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _km(one: Probe, other: Probe) -> float | None:
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    return km_between(one.latitude, one.longitude, other.latitude, other.longitude)  # type: ignore[arg-type]


def _words(one: Probe) -> tuple[str, ...]:
    return name_words(one.name, one.commune_name)


@lru_cache(maxsize=20_000)
def name_words(name: str, commune: str = "") -> tuple[str, ...]:
    """The words of a name that tell it, without the commune it stands in."""
    words = search_key(name).split()
    town = search_key(commune).split()
    size = len(town)
    for start in range(len(words) - size, -1, -1) if size else []:
        if words[start : start + size] == town and len(words) > size:
            del words[start : start + size]
    kept = [word for word in words if word not in EMPTY]
    return tuple(sorted(set(kept or words)))


def name_likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """1 for the same words in any order; a typing error is forgiven, common words count little."""
    if not one or not other:
        return 0.0
    shared, left = 0.0, list(other)
    for word in one:
        match = next((two for two in left if _alike(word, two)), None)
        if match is not None:
            left.remove(match)
            shared += _weight(word)
    first, second = sum(map(_weight, one)), sum(map(_weight, other))
    # Half whether they say as much, half whether one says all that the other does.
    return 0.5 * (2 * shared / (first + second)) + 0.5 * (shared / min(first, second))


def _weight(word: str) -> float:
    return COMMON_WEIGHT if word in COMMON else 1.0


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < 5 or one[0] != other[0]:
        return False
    return SequenceMatcher(None, one, other).ratio() >= 0.87


def address_key(text: str) -> str:
    """Number and street, written one way; "" without a number."""
    words = [_STREETS.get(word, word) for word in search_key(text).split()]
    if not any(word[:1].isdigit() for word in words):
        return ""
    return " ".join(word for word in words if word not in EMPTY)


def _digits(phone: str) -> str:
    """The last nine: « +33 4 76… » and « 04 76… » are one number."""
    return re.sub(r"\D", "", phone)[-9:]


# --- Among the sheets there are ------------------------------------------------------------------


def probe_of(sheet: Sheet) -> Probe:
    return Probe(
        name=sheet.name,
        commune_code=sheet.commune_id,
        commune_name=sheet.commune.name,
        latitude=sheet.latitude if sheet.is_located else None,
        longitude=sheet.longitude if sheet.is_located else None,
        address=sheet.address,
        phone=sheet.phone,
        siret=sheet.siret,
        sheet_id=sheet.pk or 0,
    )


def candidates(probe: Probe, *, least: float = THRESHOLD) -> list[tuple[Sheet, Likeness]]:
    """Live sheets that may be of the same place, the likeliest first. One query."""
    near = Q(commune=probe.commune_code)
    if probe.latitude is not None and probe.longitude is not None:
        near |= in_box(probe.latitude, probe.longitude, NEAR_KM)
    found = Sheet.objects.filter(near, state__in=LIVE).exclude(pk=probe.sheet_id)
    scored = [(one, likeness(probe, probe_of(one))) for one in found.select_related("commune")]
    kept = [pair for pair in scored if pair[1].score >= least]
    return sorted(kept, key=lambda pair: (-pair[1].score, pair[0].pk))


def note_pairs(sheet: Sheet) -> int:
    """Write down what this sheet may be a double of; a pair once decided is not asked again."""
    pairs = []
    for other, found in candidates(probe_of(sheet)):
        first, second = sorted([sheet.pk, other.pk])
        pairs.append(
            SheetPair(first_id=first, second_id=second, score=found.score, reasons=found.reasons)
        )
    return len(rows.insert(pairs, unless=("first_id", "second_id"))) if pairs else 0
