"""Search rows against spaces, places, equipment and hours."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from preau.availability.care.reports import SPACE_INDEX, Difference
from preau.availability.index import search_rows, write_search_rows
from preau.availability.models import SpaceIndex
from preau.places.locks import lock_roots
from preau.places.models import Space

_COLUMNS = [field.attname for field in SpaceIndex._meta.concrete_fields]


def suspects(ids: Sequence[int]) -> list[int]:
    """Spaces that search would find otherwise than they are, or not at all."""
    return [one.subject for one in _compare(ids)[0]]


@transaction.atomic
def settle(ids: Sequence[int], *, repair: bool) -> list[Difference]:
    """The same with their halls locked, written right when asked to."""
    lock_roots(Space.objects.filter(pk__in=ids))
    found, fresh = _compare(ids)
    if repair and found:
        wrong = [one.subject for one in found]
        SpaceIndex.objects.filter(pk__in=set(wrong) - fresh.keys()).delete()
        write_search_rows([fresh[pk] for pk in wrong if pk in fresh])
    return found


def _compare(ids: Sequence[int]) -> tuple[list[Difference], dict[int, SpaceIndex]]:
    fresh = search_rows(list(Space.objects.filter(pk__in=ids).select_related("place")))
    known = SpaceIndex.objects.in_bulk(ids)
    found = []
    for pk in sorted(fresh.keys() | known.keys()):
        old, new = _values(known.get(pk)), _values(fresh.get(pk))
        if old != new:
            wrong = [name for name in _COLUMNS if old.get(name) != new.get(name)]
            found.append(
                Difference(SPACE_INDEX, pk, None, 0, _shown(old, wrong), _shown(new, wrong))
            )
    return found, fresh


def _values(row: SpaceIndex | None) -> dict[str, object]:
    return {name: getattr(row, name) for name in _COLUMNS} if row else {}


def _shown(values: dict[str, object], wrong: Sequence[str]) -> str:
    if not values:
        return ""
    return ", ".join(f"{name} {values[name]}" for name in wrong) if len(wrong) < 5 else "a row"
