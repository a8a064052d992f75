"""The tables of the library."""

from preau.resources.models.following import Entry, Signal
from preau.resources.models.mirror import MirrorRun
from preau.resources.models.resources import Contact, Resource

__all__ = ["Contact", "Entry", "MirrorRun", "Resource", "Signal"]
