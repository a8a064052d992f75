"""The tables of the directory, by subject."""

from preau.directory.models.bringing import (
    ListColumn,
    ListedFields,
    OpenDataFile,
    SheetBatch,
    SheetLine,
)
from preau.directory.models.hours import SheetDay, SheetException, SheetHours
from preau.directory.models.moderation import SheetClaim, SheetPair, Signal
from preau.directory.models.offers import Label, ServiceOffer
from preau.directory.models.sheets import Sheet, SheetChange, SheetReference

__all__ = [
    "Label",
    "ListColumn",
    "ListedFields",
    "OpenDataFile",
    "ServiceOffer",
    "Sheet",
    "SheetBatch",
    "SheetChange",
    "SheetClaim",
    "SheetDay",
    "SheetException",
    "SheetHours",
    "SheetLine",
    "SheetPair",
    "SheetReference",
    "Signal",
]
