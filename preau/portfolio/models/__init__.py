"""The tables of the portfolio."""

from preau.portfolio.bringing.models import (
    BatchLine,
    ColumnMemory,
    PerimeterFile,
    ProjectBatch,
)
from preau.portfolio.figures.models import ImpactSummary
from preau.portfolio.models.counts import CountedAt, ProjectCount, ProjectFlow

__all__ = [
    "BatchLine",
    "ColumnMemory",
    "CountedAt",
    "ImpactSummary",
    "PerimeterFile",
    "ProjectBatch",
    "ProjectCount",
    "ProjectFlow",
]
