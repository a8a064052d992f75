"""An instant in French, for letters and stamps (pages have the filter `moment`)."""

from __future__ import annotations

from datetime import datetime

from preau.core.formats import Zone, day, hour, local


def moment(instant: datetime, zone: Zone) -> str:
    """`jeudi 12 mars 2027 à 18 h 30`"""
    wall = local(instant, zone)
    return f"{day(wall.date())} à {hour(wall)}"
