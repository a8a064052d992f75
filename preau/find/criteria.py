"""What is asked, understood; and its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from preau.availability.queries.search import Evenings, Filters, Where
from preau.core import formats
from preau.core.timeranges import Period
from preau.find.prices import PriceWanted
from preau.find.words import wall_words
from preau.territories.models import Commune


@dataclass(frozen=True)
class Criteria:
    """A search.

    Attributes:
        commune: the one asked, or the nearest to the visitor; its time zone is the search's.
        address: the address the search starts from, in full, or "".
        period: exact hours of an exact day.
        evenings: a length of time within some hours, of one day or of several.
        price: what it must cost whoever looks.
    """

    where: Where
    commune: Commune
    around_me: bool
    address: str
    filters: Filters
    period: Period | None
    evenings: Evenings | None
    day: date | None
    price: PriceWanted | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.commune.time_zone)

    @property
    def has_time(self) -> bool:
        return self.period is not None or self.evenings is not None

    @property
    def around(self) -> str:
        """« autour de Voreppe », « autour de 3 rue du Four 38340 Voreppe », « autour de vous »"""
        if self.around_me:
            return "autour de vous"
        return f"autour de {self.address or self.commune.name}"

    @property
    def when(self) -> str:
        """What was understood of the time, in words."""
        if self.period:
            return formats.slot(self.period.start, self.period.end, self.zone)
        if not self.evenings:
            return ""
        length = formats.duration(self.evenings.minutes)
        if self.day:
            return f"{length} dans la journée du {formats.day(self.day)}"
        start, end = wall_words(self.evenings.start_minute), wall_words(self.evenings.end_minute)
        return f"{length} entre {start} et {end}, dans les 4 semaines à venir"
