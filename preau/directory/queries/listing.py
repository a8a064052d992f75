"""The list: nearest first where a commune is asked, by name otherwise. Keyset pages."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from django.db.models import F, FloatField, Q, QuerySet, Value

from preau.directory.filters import Asked
from preau.directory.models import Label, ServiceOffer, Sheet
from preau.directory.queries.labels import labels_of
from preau.directory.queries.now import Now, states_of
from preau.territories.distances import distance_km, in_box

PAGE = 20
#: Beyond, the page says « plus de 500 ».
MOST_COUNTED = 500
MOST_SERVICES = 4
#: How far an empty answer looks for the nearest alternatives.
FAR_KM = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A card. `km` is None without a commune asked."""

    sheet: Sheet
    now: Now
    km: float | None
    services: list[str] = field(default_factory=list)
    more_services: int = 0
    labels: list[Label] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """`total` is None beyond MOST_COUNTED; `next` is "" on the last page."""

    lines: list[Line]
    total: int | None
    next: str = ""


def page(asked: Asked, *, after: str = "") -> Page:
    """Nothing while the visitor must first say where: each place of France would be tried."""
    if asked.needs_where:
        return Page([], 0)
    found = asked.of()
    counted = found.order_by()[: MOST_COUNTED + 1].count()
    ordered = _from(_ordered(found, asked), after, asked)
    some = list(
        ordered.select_related("commune", "place").defer("search_key", "description")[: PAGE + 1]
    )
    following = ""
    if len(some) > PAGE:
        end = some[PAGE - 1]
        lead = repr(end.km) if asked.centre else end.name  # type: ignore[attr-defined]
        following = f"{end.pk}:{lead}"
    total = None if counted > MOST_COUNTED else counted
    return Page(in_lines(some[:PAGE]), total, following)


def _ordered(found: QuerySet[Sheet], asked: Asked) -> QuerySet[Sheet]:
    if asked.centre is None:
        nowhere = Value(None, output_field=FloatField())
        return found.annotate(km=nowhere).order_by("name", "pk")
    return found.annotate(km=distance_km(*asked.centre)).order_by("km", "pk")


def _from(found: QuerySet[Sheet], after: str, asked: Asked) -> QuerySet[Sheet]:
    """What follows the last line of the page before; everything for what no page of ours wrote."""
    pk, _, lead = after.partition(":")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 18 and lead) or "\x00" in lead:
        return found
    if asked.centre is None:
        later = found.filter(name__gte=lead)  # where the index is entered
        return later.filter(Q(name__gt=lead) | Q(name=lead, pk__gt=int(pk)))
    try:
        km = float(lead)
    except ValueError:
        return found
    if not math.isfinite(km):
        return found
    return found.filter(Q(km__gt=km) | Q(km=km, pk__gt=int(pk)))


def in_lines(sheets: list[Sheet]) -> list[Line]:
    """With their present state, services and labels: four queries."""
    states, labels = states_of(sheets), labels_of(sheets)
    services: dict[int, list[str]] = {}
    offers = ServiceOffer.objects.filter(sheet__in=sheets).order_by("family", "name", "id")
    for sheet_id, name in offers.values_list("sheet", "name"):
        services.setdefault(sheet_id, []).append(name)
    return [
        Line(
            sheet=one,
            now=states[one.pk],
            km=getattr(one, "km", None),
            services=services.get(one.pk, [])[:MOST_SERVICES],
            more_services=max(len(services.get(one.pk, [])) - MOST_SERVICES, 0),
            labels=labels.get(one.pk, []),
        )
        for one in sheets
    ]


def nearest(asked: Asked, count: int = 3) -> list[Line]:
    """What answers beyond the circle, when nothing does within."""
    if asked.centre is None:
        return []
    found = asked.of(anywhere=True).filter(in_box(*asked.centre, FAR_KM))
    ordered = found.annotate(km=distance_km(*asked.centre)).order_by(F("km"), "pk")
    return in_lines(list(ordered.select_related("commune", "place")[:count]))
