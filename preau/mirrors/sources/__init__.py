"""What can be mirrored: its columns, whose it is to read, which columns may come back."""

from preau.mirrors.sources.advice import ADVICE
from preau.mirrors.sources.base import Field, Group, Source
from preau.mirrors.sources.bookings import BOOKINGS
from preau.mirrors.sources.funding import FUNDING
from preau.mirrors.sources.projects import PROJECTS

SOURCES: dict[str, Source] = {one.key: one for one in (PROJECTS, ADVICE, FUNDING, BOOKINGS)}

__all__ = ["SOURCES", "Field", "Group", "Source"]
