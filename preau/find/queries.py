"""From what is asked to the lines of the list: the engine answers, the page joins the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from preau.accounts.actors import ANONYMOUS
from preau.availability.queries.alternatives import (
    Alternative,
    alternatives,
    alternatives_on_days,
)
from preau.availability.queries.search import (
    PAGE,
    Cursor,
    Filters,
    Found,
    Page,
    Where,
    evenings,
    near,
    window,
)
from preau.availability.queries.space import next_slots
from preau.core import clock
from preau.core.timeranges import Period
from preau.find.criteria import Criteria
from preau.find.links import booking_url
from preau.find.prices import page_by_price, prices
from preau.find.shown import first_photos, shown_spaces
from preau.find.words import price_words
from preau.places.models import Photo, Place, Space
from preau.pricing.payers import Payer, payer_of
from preau.pricing.quotes import Quote
from preau.pricing.reading import price_in_words

#: Somebody not known: a person from nowhere in particular.
VISITOR = payer_of(ANONYMOUS)
DAYS_AHEAD = 28
USUAL_MINUTES = 120
_CURSOR = re.compile(r"(\d{1,5}(?:\.\d{1,20})?(?:e-\d{1,3})?)_(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Card:
    """A line of the list.

    Attributes:
        slot: the time asked, or the next free one.
        note: how it differs from what was asked, for a proposal.
        quantity: how many of its stations the people asked need.
    """

    space: Space
    km: float | None
    photo: Photo | None
    slot: Period | None
    note: str = ""
    quantity: int = 1
    quote: Quote | None = None

    @property
    def place(self) -> Place:
        return self.space.place

    @property
    def is_accessible(self) -> bool:
        return self.space.is_accessible and self.place.is_accessible

    @property
    def price(self) -> str:
        """For whoever looks, at the time of the line."""
        return price_in_words(self.quote) if self.quote else price_words(self.space)

    @property
    def book_url(self) -> str:
        return booking_url(self.space, self.slot, self.quantity) if self.slot else ""


@dataclass(frozen=True)
class Group:
    """Neighbouring lines of the same place, shown under one heading."""

    place: Place
    km: float | None
    photo: Photo | None
    cards: list[Card]

    @property
    def position(self) -> str:
        """Latitude and longitude for the map, written as scripts write them."""
        return f"{self.place.latitude:.6f},{self.place.longitude:.6f}"


def grouped(cards: list[Card]) -> list[Group]:
    groups = []
    for _, together in groupby(cards, key=lambda card: card.place.pk):
        lines = list(together)
        photo = next((card.photo for card in lines if card.photo), None)
        groups.append(Group(lines[0].place, lines[0].km, photo, lines))
    return groups


def cursor_text(cursor: Cursor) -> str:
    return f"{cursor.km!r}_{cursor.space_id}"


def read_cursor(text: str) -> Cursor | None:
    """The page asked for, or None when the text says nothing."""
    match = _CURSOR.fullmatch(text)
    return Cursor(float(match[1]), int(match[2])) if match else None


def answers(
    criteria: Criteria, after: Cursor | None, payer: Payer
) -> tuple[list[Card], Cursor | None]:
    """One page of lines, nearest first, at the price asked; and where the next one begins."""
    if criteria.price is None:
        page = _found(criteria, after, PAGE)
        return result_cards(page.rows, payer), page.next

    def look(cursor: Cursor | None, limit: int) -> Page:
        return _found(criteria, cursor, limit)

    priced, following = page_by_price(look, criteria.price, payer, after)
    spaces = {one.row.space_id: one.space for one in priced}
    # Without a time they were priced at an ordinary hour: the line says its next free slot's.
    quotes = [one.quote for one in priced] if criteria.has_time else None
    return _lines([one.row for one in priced], spaces, payer, quotes), following


def _found(criteria: Criteria, after: Cursor | None, limit: int) -> Page:
    where, filters = criteria.where, criteria.filters
    if criteria.period:
        return window(where, criteria.period, filters, after=after, limit=limit)
    if criteria.evenings:
        return evenings(where, criteria.evenings, filters, after=after, limit=limit)
    return near(where, filters, after=after, limit=limit)


def result_cards(rows: list[Found], payer: Payer = VISITOR) -> list[Card]:
    """Lines ready to show; a space found without a time gets its next free slot."""
    return _lines(rows, shown_spaces(row.space_id for row in rows), payer)


def _lines(
    rows: list[Found], spaces: dict[int, Space], payer: Payer, quotes: list[Quote] | None = None
) -> list[Card]:
    timeless = [spaces[r.space_id] for r in rows if r.period is None and r.space_id in spaces]
    needs = {row.space_id: row.quantity for row in rows}
    slots = upcoming(timeless, needs) if timeless else {}
    dated = [(row, row.period or slots.get(row.space_id)) for row in rows]
    return _cards(dated, spaces, payer, quotes)


def nearby_cards(where: Where, limit: int = 3) -> list[Card]:
    """The nearest spaces of any kind, with their next free slot."""
    return result_cards(near(where, Filters(), limit=limit).rows)


def proposals(criteria: Criteria, payer: Payer = VISITOR) -> list[Card]:
    """What comes nearest to a search that found nothing; the price asked still holds."""
    if not criteria.has_time:
        wider = replace(criteria.where, km=2 * criteria.where.km)
        cards = result_cards(near(wider, criteria.filters, limit=6).rows, payer)
    else:
        rows = _alternatives(criteria)
        spaces = shown_spaces(row.space_id for row in rows)
        cards = _cards([(row, row.period) for row in rows], spaces, payer)
    wanted = criteria.price
    return [one for one in cards if wanted is None or (one.quote and wanted.fits(one.quote))]


def _alternatives(criteria: Criteria) -> list[Alternative]:
    if criteria.period:
        return alternatives(criteria.where, criteria.period, criteria.filters)
    asked = criteria.evenings
    if asked is None:
        return []
    today = clock.today(criteria.zone)
    days = [today + timedelta(days=n) for n in range(DAYS_AHEAD)]
    others = replace(asked, days=tuple(day for day in days if day not in asked.days))
    return alternatives_on_days(criteria.where, asked, criteria.filters, others)


def _cards(
    rows: Sequence[tuple[Found | Alternative, Period | None]],
    spaces: dict[int, Space],
    payer: Payer,
    quotes: list[Quote] | None = None,
) -> list[Card]:
    photos = first_photos(spaces.values())
    known = [(row, slot) for row, slot in rows if row.space_id in spaces]
    quotes = quotes or prices(
        [(spaces[row.space_id], slot, row.quantity) for row, slot in known], payer
    )
    return [
        Card(
            space=spaces[row.space_id],
            km=row.km,
            photo=photos.get(row.space_id),
            slot=slot,
            note=row.sentence if isinstance(row, Alternative) else "",
            quantity=row.quantity,
            quote=quote,
        )
        for (row, slot), quote in zip(known, quotes, strict=True)
    ]


def upcoming(spaces: list[Space], needs: dict[int, int] | None = None) -> dict[int, Period]:
    """The next free slot of each space: two hours, or what the space allows nearest to it.

    Args:
        needs: how many stations are wanted, by pool.
    """
    minutes = {space.pk: usual_minutes(space) for space in spaces}
    found = next_slots(spaces, minutes, DAYS_AHEAD, quantities=needs or {})
    return {pk: slot.period for pk, slot in found.items()}


def usual_minutes(space: Space) -> int:
    return max(space.min_minutes, min(USUAL_MINUTES, space.max_minutes))
