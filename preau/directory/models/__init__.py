"""The tables of the directory, by subject."""

from preau.directory.models.hours import SheetDay, SheetException, SheetHours
from preau.directory.models.moderation import SheetPair, Signal
from preau.directory.models.offers import Label, ServiceOffer
from preau.directory.models.sheets import Sheet, SheetChange, SheetReference

__all__ = [
    "Label",
    "ServiceOffer",
    "Sheet",
    "SheetChange",
    "SheetDay",
    "SheetException",
    "SheetHours",
    "SheetPair",
    "SheetReference",
    "Signal",
]
