"""From the name of a perimeter of Aides-territoires to our areas, or nothing."""

from __future__ import annotations

import re
from functools import cached_property

from preau.resources import areas
from preau.resources.enums import Scale
from preau.territories.models import Commune, Departement, Epci, Region
from preau.territories.names import search_key

_NATIONAL = {"france", "europe", "france metropolitaine", "france entiere", "union europeenne"}
_IN_BRACKETS = re.compile(r"\s*\(([^)]*)\)\s*$")
_INSEE = re.compile(r"\b(\d[\dAB]\d{3})\b")


class Perimeters:
    """Looks names up; one instance a load, so that each table is read once."""

    def find(self, name: str, scale: str) -> list[str]:
        """The keys of one perimeter. What we cannot place (a basin, a park) gives none: an aid
        offered where it does not hold costs more than one that is not offered."""
        plain = search_key(_IN_BRACKETS.sub("", name))
        if not plain:
            return []
        if plain in _NATIONAL or search_key(scale) in {"pays", "continent"}:
            return [areas.NATIONAL]
        wanted = search_key(scale)
        if wanted in {"commune", "epci"}:
            found = self._communes(name, plain) if wanted == "commune" else self._epcis(plain)
        else:
            found = self._above.get(plain, "")
        return [found] if found else []

    @cached_property
    def _above(self) -> dict[str, str]:
        found = {
            search_key(row.name): areas.key(Scale.DEPARTEMENT, row.code)
            for row in Departement.objects.all()
        }
        for region in Region.objects.all():  # La Réunion is both: the same communes
            found[search_key(region.name)] = areas.key(Scale.REGION, region.code)
        return found

    def _epcis(self, plain: str) -> str:
        return self._epci_names.get(plain, "")

    @cached_property
    def _epci_names(self) -> dict[str, str]:
        rows = Epci.objects.filter(active=True)
        names = [(search_key(row.name), row.pk) for row in rows]
        once = {name for name, _ in names if sum(1 for other, _ in names if other == name) == 1}
        return {name: areas.key(Scale.EPCI, pk) for name, pk in names if name in once}

    def _communes(self, name: str, plain: str) -> str:
        rows = Commune.objects.filter(active=True)
        if number := _INSEE.search(name):
            rows = rows.filter(code=number[1]) | rows.filter(
                postcodes__contains=[number[1]], search_key=plain
            )
        else:
            rows = rows.filter(search_key=plain)
        found = list(rows.values_list("code", flat=True)[:2])
        return areas.key(Scale.COMMUNE, found[0]) if len(found) == 1 else ""
