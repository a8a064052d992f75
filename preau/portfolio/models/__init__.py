"""The tables of the portfolio."""

from preau.portfolio.bringing.models import (
    BatchLine,
    ColumnMemory,
    PerimeterFile,
    ProjectBatch,
)
from preau.portfolio.figures.models import ImpactSummary
from preau.portfolio.models.counts import CELLS, STATES, CountedAt, ProjectCount, ProjectFlow

__all__ = [
    "CELLS",
    "STATES",
    "BatchLine",
    "ColumnMemory",
    "CountedAt",
    "ImpactSummary",
    "PerimeterFile",
    "ProjectBatch",
    "ProjectCount",
    "ProjectFlow",
]
