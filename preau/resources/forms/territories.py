"""Territories as people write them, one a line: « Isère », « CC Le Grésivaudan », « 38000 »."""

from __future__ import annotations

import re
from collections.abc import Iterable

from preau.core.errors import Refusal
from preau.resources import areas
from preau.resources.enums import Scale
from preau.territories.models import Departement, Epci, Region
from preau.territories.names import search_key
from preau.territories.queries import resolve

MOST_LINES = 60
_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")
_LABELS = {search_key(scale.label): scale for scale in Scale}
_FRANCE = {"france", "france entiere", "national"}


def written(keys: Iterable[str]) -> str:
    """The areas of a record, as its form shows them."""
    named = areas.named(keys)
    lines = [
        "France entière" if area.scale == Scale.NATIONAL else f"{area.scale.label} : {area.name}"
        for area in named.values()
    ]
    return "\n".join(lines)


def read(text: str) -> list[str]:
    """The areas that the lines name.

    Raises:
        Refusal: a line names none, in words that quote it.
    """
    lines = [line.strip(" ;,\t\r") for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MOST_LINES:
        raise Refusal(
            f"Écrivez au plus {MOST_LINES} territoires : un département ou une région en réunit"
            " beaucoup."
        )
    found = []
    for line in lines:
        key = _key(line)
        if not key:
            raise Refusal(
                f"Nous ne trouvons pas « {line[:80]} ». Écrivez une commune, une"
                " intercommunalité, un département ou une région, un par ligne."
            )
        found.append(key)
    return areas.checked(found)


def _key(line: str) -> str:
    label, colon, rest = line.partition(":")
    scale = _LABELS.get(search_key(label)) if colon else None
    name = rest.strip() if scale else line
    if search_key(name) in _FRANCE:
        return areas.NATIONAL
    order = [scale] if scale else [Scale.REGION, Scale.DEPARTEMENT, Scale.EPCI, Scale.COMMUNE]
    return next((key for one in order if (key := _of_scale(one, name))), "")


def _of_scale(scale: Scale, name: str) -> str:
    plain = _BRACKETS.sub("", name)
    if scale == Scale.REGION:
        return _among(scale, [(one.code, one.name) for one in Region.objects.all()], plain)
    if scale == Scale.DEPARTEMENT:
        rows = [(one.code, one.name) for one in Departement.objects.all()]
        codes = {code for code, _ in rows}
        if plain.upper() in codes:
            return areas.key(scale, plain.upper())
        return _among(scale, rows, plain)
    if scale == Scale.EPCI:
        exact = Epci.objects.filter(active=True, name__iexact=name)[:2]
        return areas.key(scale, exact[0].pk) if len(exact) == 1 else ""
    commune = resolve(name) if scale == Scale.COMMUNE else None
    return areas.key(scale, commune.code) if commune else ""


def _among(scale: Scale, rows: list[tuple[str, str]], name: str) -> str:
    wanted = search_key(name)
    found = [code for code, known in rows if search_key(known) == wanted]
    return areas.key(scale, found[0]) if len(found) == 1 else ""
