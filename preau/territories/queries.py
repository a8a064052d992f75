"""Find a commune: from what somebody types, or around a point."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from preau.territories import names
from preau.territories.distances import distance_km, in_box
from preau.territories.models import Commune

LONGEST_TEXT = 100
ARTICLES = ("", "le ", "la ", "les ", "l ")
#: Communes read to check a typing error: more than any seven letters are shared by.
TYPO_CANDIDATES = 400
SHORTEST_UNFINISHED_WITH_TYPO = 6
#: More communes than share any one name, with or without its article.
MOST_OF_A_NAME = 40
_ORDER = ("-population", "code")
_FRANCE = re.compile(r"[\s,]+france\s*$", re.IGNORECASE)
_DISTRICT = re.compile(r"(?<=[^\W\d])\s+\d{1,2}\s*(?:er|[eè]me|e)\b(?:\s+arr\w*\.?)?\s*$", re.I)
_NUMBER_FIRST = re.compile(r"^\s*(\d{5}|2[ab]\d{3})\b[\s,–-]*(.*)$", re.I | re.A | re.S)
_NUMBER_LAST = re.compile(r"^(.*?)[\s,(–-]*\b(\d{1,5}|2[ab]\d{0,3})\s*\)?\s*$", re.I | re.A | re.S)


def suggest(text: str, limit: int = 10) -> list[Commune]:
    """Communes for what has been typed so far: a name, a postcode, or both; best first.

    Accents, capitals, hyphens, "St" and one typing error are forgiven. Whole names come first,
    then names that begin so, then names with such a word, then near misses; each from the most
    populated down. The département comes with each commune.
    """
    key, number = _parse(text)
    if not key and not number:
        return []
    communes = _numbered(_active(), number)
    if not key:
        return list(communes.order_by(*_ORDER)[:limit])
    return _named(communes, key, limit)


def resolve(text: str) -> Commune | None:
    """The commune most likely meant by a text such as `Grenoble`, `38000` or `St-Égrève (38)`."""
    found = suggest(text, 1)
    if not found:
        key, number = _parse(text)
        # "Paris 12", "Grenoble 99999": the name is surer than the number.
        found = _named(_active(), key, 1) if key and number else []
    return found[0] if found else None


def meant(text: str) -> tuple[Commune | None, list[Commune]]:
    """The commune most likely meant, and others of its name, when the text gives a name alone.

    A whole name is found with its namesakes in one query.
    """
    key, number = _parse(text)
    named: list[Commune] = []
    if key and not number:
        exact = _active().filter(search_key__in=_with_articles(key))
        named = list(exact.order_by(*_ORDER)[:MOST_OF_A_NAME])
    first = named[0] if named else resolve(text)
    if first is None or number:
        return first, []
    if not named:
        named = list(_active().filter(search_key=first.search_key).order_by(*_ORDER))
    return first, [one for one in named[1:] if one.search_key == first.search_key]


def nearest_commune(lat: float, lon: float) -> Commune | None:
    """The commune whose centre is nearest; None more than 1,000 km from any (not in France)."""
    for km in (15, 100, 1000):
        near = _around(lat, lon, km).first()
        if near is not None:
            return near
    return None


def communes_within(lat: float, lon: float, km: float) -> list[tuple[Commune, float]]:
    """Communes whose centre is within `km`, nearest first, with their distance in kilometres."""
    return [(commune, commune.km) for commune in _around(lat, lon, km)]  # type: ignore[attr-defined]


def _active() -> QuerySet[Commune]:
    return Commune.objects.filter(active=True).select_related("departement")


def _around(lat: float, lon: float, km: float) -> QuerySet[Commune]:
    return (
        _active()
        .filter(in_box(lat, lon, km))
        .annotate(km=distance_km(lat, lon))
        .filter(km__lte=km)
        .order_by("km", "code")
    )


def _parse(text: str) -> tuple[str, str]:
    """The name, as a search key, and the number (postcode, its beginning, INSEE or département)."""
    text = _DISTRICT.sub("", _FRANCE.sub("", text[:LONGEST_TEXT]))
    if match := _NUMBER_FIRST.match(text):
        return names.typed_key(match[2]), match[1].upper()
    if match := _NUMBER_LAST.match(text):
        return names.typed_key(match[1]), match[2].upper()
    return names.typed_key(text), ""


def _numbered(communes: QuerySet[Commune], number: str) -> QuerySet[Commune]:
    if not number:
        return communes
    if len(number) == 5:
        with_postcode = communes.filter(postcodes__contains=[number])
        # Some numbers are a postcode here and an INSEE code there: people type postcodes.
        return with_postcode if with_postcode.exists() else communes.filter(code=number)
    if len(number) <= 2:
        corsica = Q(departement__in=("2A", "2B")) if number == "20" else Q()
        return communes.filter(Q(departement__code__startswith=number) | corsica)
    if not number.isdigit():
        return communes.filter(code__startswith=number)
    return communes.filter(postcode_starts__contains=[number])


def _named(communes: QuerySet[Commune], key: str, limit: int) -> list[Commune]:
    found: dict[str, Commune] = {}

    def add(more: QuerySet[Commune]) -> None:
        for commune in more.order_by(*_ORDER)[:limit]:
            found.setdefault(commune.code, commune)

    add(communes.filter(search_key__in=_with_articles(key)))
    exact = bool(found)
    if len(found) < limit:
        add(communes.filter(search_key__startswith=key))
    if len(found) < limit and len(key) >= 3:
        add(communes.filter(search_key__contains=f" {key}"))
    if len(found) < limit and not exact and len(key) >= names.SHORTEST_WITH_TYPO:
        add(communes.filter(code__in=_near_misses(communes, key)))
    return list(found.values())[:limit]


def _with_articles(key: str) -> list[str]:
    articles = ARTICLES if key not in names.COMMON_STARTS else ("",)
    return [article + key for article in articles]


def _near_misses(communes: QuerySet[Commune], key: str) -> list[str]:
    """Codes of the communes whose name is one typing error away, unfinished names included."""
    typed = names.stem(key)
    unfinished = len(typed) >= SHORTEST_UNFINISHED_WITH_TYPO
    candidates = (
        communes.filter(typo_keys__overlap=names.typo_keys(key))
        .order_by(*_ORDER)
        .values_list("code", "search_key")[:TYPO_CANDIDATES]
    )
    return [
        code
        for code, name in candidates
        if names.within_one_edit(typed, names.stem(name), prefix=unfinished)
    ]
