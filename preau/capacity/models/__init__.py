"""What is kept of capacity: summaries by month, searches that failed, changes and factors."""

from preau.capacity.models.impact import EmissionFactor, PlannedChange
from preau.capacity.models.summaries import CapacityArea, CapacityMonth, CapacityRun
from preau.capacity.models.wanted import FailedSearch

__all__ = [
    "CapacityArea",
    "CapacityMonth",
    "CapacityRun",
    "EmissionFactor",
    "FailedSearch",
    "PlannedChange",
]
