"""Which spaces take all or most of a rhythm, ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from preau.availability.facts import holidays_near
from preau.availability.queries.search import Filters, Where
from preau.availability.queries.series import Neighbourhood, Takes, best, neighbourhoods
from preau.booking.patterns import Pattern
from preau.booking.series_queries import address_of, names_of
from preau.core import formats
from preau.core.timeranges import Period
from preau.find.prices import prices
from preau.find.shown import shown_spaces
from preau.places.models import Place, Space
from preau.pricing.payers import Payer
from preau.pricing.quotes import Quote
from preau.pricing.reading import price_in_words

PAGE = 20
#: Beyond, one asks for something else.
MOST_PAGES = 10


@dataclass(frozen=True)
class SeriesCard:
    """A space and how much of the rhythm it takes."""

    space: Space
    takes: Takes
    url: str
    quote: Quote

    @property
    def place(self) -> Place:
        return self.space.place

    @property
    def km(self) -> float:
        return self.takes.km

    @property
    def price(self) -> str:
        """For one date, for whoever looks."""
        words = price_in_words(self.quote)
        priced = not (self.quote.on_request or self.quote.is_free)
        return f"{words} la date" if priced else words

    @property
    def is_whole(self) -> bool:
        return self.takes.free == self.takes.total

    @property
    def words(self) -> str:
        """« toutes les dates (36) », « 34 dates sur 36 »"""
        if self.is_whole:
            return f"Libre à toutes les dates ({self.takes.total})"
        return f"{formats.count(self.takes.free, 'date')} sur {self.takes.total}"


def cards(
    where: Where, filters: Filters, pattern: Pattern, page: int, payer: Payer
) -> tuple[list[SeriesCard], bool]:
    """One page of the spaces, those that take the most dates first; and whether there are more.

    A number of queries that depends neither on the spaces nor on the dates.
    """
    wanted = _wanted(where, filters, pattern)
    rows = best(where, filters, wanted, limit=PAGE + 1, offset=(page - 1) * PAGE)
    more = len(rows) > PAGE and page < MOST_PAGES
    spaces = shown_spaces(row.space_id for row in rows[:PAGE])
    shown = [row for row in rows[:PAGE] if row.space_id in spaces]
    quotes = prices(
        [(spaces[row.space_id], _first(pattern, spaces, row), row.quantity) for row in shown], payer
    )
    found = [
        SeriesCard(spaces[row.space_id], row, _url(row, pattern), quote)
        for row, quote in zip(shown, quotes, strict=True)
    ]
    return found, more


def _first(pattern: Pattern, spaces: dict[int, Space], row: Takes) -> Period | None:
    """The first time of the rhythm: the price of one date is said by it."""
    zone = spaces[row.space_id].place.zone
    return next((day.period for day in pattern.occurrences(zone) if day.period), None)


def _wanted(where: Where, filters: Filters, pattern: Pattern) -> dict[Neighbourhood, list[Period]]:
    """The periods wanted in each neighbourhood, without its own holidays."""
    near = neighbourhoods(where)
    pairs = {(one.school_zone, one.owner_id) for one in near}
    spans = holidays_near(pairs, pattern.first_day, pattern.last_day)
    found: dict[Neighbourhood, list[Period]] = {}
    for one in near:
        names = names_of(spans[one.school_zone, one.owner_id], one.departement_code)
        days = pattern.occurrences(ZoneInfo(one.zone), names)
        found[one] = [day.period for day in days if day.period]
    return found


def _url(row: Takes, pattern: Pattern) -> str:
    query = address_of(pattern)
    if row.quantity > 1:
        query["postes"] = str(row.quantity)
    return f"{reverse('booking:series_start', args=[row.space_id])}?{urlencode(query)}"
