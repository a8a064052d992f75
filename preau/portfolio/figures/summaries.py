"""Figures worked out every hour, and read in one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from preau.core import clock
from preau.portfolio.figures import catalogue
from preau.portfolio.figures.base import Figure
from preau.portfolio.figures.enums import Period, ScopeKind
from preau.portfolio.figures.models import ImpactSummary
from preau.portfolio.figures.scopes import NATION, Scope, population
from preau.projects.models import Programme
from preau.territories.models import Departement, Region

#: Older than that, the clock has stopped: figures are worked out while the reader waits.
FRESH = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Reading:
    figures: dict[str, Figure]
    at: datetime


def read(scope: Scope, period: Period) -> Reading:
    """Every figure, of the last hour, or of now where nothing was kept (nothing is written)."""
    now = clock.now()
    if scope.within is None:
        kept = ImpactSummary.objects.filter(
            scope=scope.kind, code=scope.code, period=period, computed_at__gt=now - FRESH
        ).first()
        if kept is not None and kept.figures.keys() >= catalogue.DEFINITIONS.keys():
            found = {key: Figure.from_json(key, one) for key, one in kept.figures.items()}
            return Reading(found, kept.computed_at)
    return Reading(catalogue.compute(population(scope, period, now)), now)


def kept_ahead() -> Iterator[Scope]:
    """CRTE are small enough to be counted while one waits."""
    yield NATION
    for region in Region.objects.order_by("code"):
        yield Scope(ScopeKind.REGION, region.code, region.name)
    for departement in Departement.objects.order_by("code"):
        yield Scope(ScopeKind.DEPARTEMENT, departement.code, departement.name)
    for programme in Programme.objects.filter(active=True):
        yield Scope(ScopeKind.PROGRAMME, programme.slug, programme.name)


def refresh() -> int:
    """Work everything out again, each row in its own transaction; how many."""
    count = 0
    for scope in kept_ahead():
        for period in Period:
            now = clock.now()
            figures = catalogue.compute(population(scope, period, now))
            ImpactSummary.objects.update_or_create(
                scope=scope.kind,
                code=scope.code,
                period=period,
                defaults={
                    "figures": {key: one.to_json() for key, one in figures.items()},
                    "computed_at": now,
                },
            )
            count += 1
    return count
