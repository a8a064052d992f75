"""What hangs on each project, counted with it: one statement for any number of them."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce

from preau.projects.enums import LIVE, SHOWN, STILL_BLOCKING
from preau.projects.models import (
    Blockage,
    FundingRequest,
    Project,
    ProjectCommune,
    ProjectProgramme,
    Recommendation,
)


def with_totals(found: QuerySet[Project]) -> QuerySet[Project]:
    """Communes and programmes by name, standing blockages, advice sent, cents asked, granted."""
    return found.annotate(
        commune_names=_joined(ProjectCommune, "commune__name"),
        programme_names=_joined(ProjectProgramme, "programme__name", until=None),
        standing_blockages=_counted(Blockage, state__in=STILL_BLOCKING, project__state__in=LIVE),
        sent_advice=_counted(Recommendation, state__in=SHOWN),
        asked=_summed("asked_cents"),
        granted=_summed("granted_cents"),
    )


def _of(model: Any, conditions: dict[str, Any]) -> Any:
    return model.objects.filter(project=OuterRef("pk"), **conditions).order_by().values("project")


def _joined(model: Any, name: str, **conditions: Any) -> Any:
    rows = _of(model, conditions)
    words = rows.annotate(
        words=StringAgg(Cast(name, TextField()), Value(", "), order_by=name)
    ).values("words")
    return Coalesce(Subquery(words), Value(""), output_field=TextField())


def _counted(model: Any, **conditions: Any) -> Any:
    rows = _of(model, conditions).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(rows), 0)


def _summed(name: str) -> Any:
    return Subquery(_of(FundingRequest, {}).annotate(total=Sum(name)).values("total"))
