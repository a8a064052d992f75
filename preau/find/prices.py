"""The price of each result for whoever looks, and the search by price."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from preau.availability.queries.search import PAGE, Cursor, Found, Page
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.find.shown import shown_spaces
from preau.places.models import Space
from preau.pricing.grids import people
from preau.pricing.loading import Loaded
from preau.pricing.payers import Payer
from preau.pricing.quotes import Asked, Quote, quotes_each

#: Spaces looked at for one page when a price is asked, each time that more are needed.
SCANS = (40, 100, 160)
_ORDINARY_HOUR = 10 * 60


@dataclass(frozen=True, slots=True)
class PriceWanted:
    """What a price must be: at most so much (0: free), or anything but free."""

    most_cents: int | None = None
    not_free: bool = False

    def fits(self, quote: Quote) -> bool:
        if self.not_free:
            return not quote.is_free
        return not quote.on_request and quote.total_cents <= (self.most_cents or 0)


@dataclass(frozen=True, slots=True)
class Priced:
    """A space that answers, and what it costs whoever looks at that time."""

    row: Found
    space: Space
    quote: Quote


def prices(
    rows: Sequence[tuple[Space, Period | None, int]], payer: Payer, known: Loaded | None = None
) -> list[Quote]:
    """What each space costs this payer at that time, else at an ordinary one, in few queries."""
    asked = [
        Asked(space, (period or ordinary(space),), quantity) for space, period, quantity in rows
    ]
    return quotes_each(asked, payer, known) if asked else []


def ordinary(space: Space) -> Period:
    """A time to say a price by when nobody has said when: two hours tomorrow morning."""
    zone = space.place.zone
    start = local_instant(clock.today(zone) + timedelta(days=1), _ORDINARY_HOUR, zone)
    minutes = max(space.min_minutes, min(120, space.max_minutes))
    return Period(start, start + timedelta(minutes=minutes))


def page_by_price(
    look: Callable[[Cursor | None, int], Page],
    wanted: PriceWanted,
    payer: Payer,
    after: Cursor | None,
) -> tuple[list[Priced], Cursor | None]:
    """A page of the spaces that have the price, by distance, in a bounded number of queries.

    The cursor is the last space shown, or the last one looked at when few have the price: so
    nothing is skipped and nothing comes twice. An empty page with a next one says "further on".
    """
    kept: list[Priced] = []
    for limit in SCANS:
        page = look(after, limit)
        kept += [one for one in _priced(page.rows, payer) if wanted.fits(one.quote)]
        if len(kept) > PAGE:
            last = kept[PAGE - 1].row
            return kept[:PAGE], Cursor(last.km, last.space_id)
        after = page.next
        if after is None:
            break
    return kept, after


def _priced(found: Sequence[Found], payer: Payer) -> list[Priced]:
    spaces = shown_spaces(row.space_id for row in found)
    rows = [row for row in found if row.space_id in spaces]
    quotes = prices([(spaces[one.space_id], one.period, one.quantity) for one in rows], payer)
    pairs = zip(rows, quotes, strict=True)
    return [Priced(row, spaces[row.space_id], quote) for row, quote in pairs]


def payer_in_words(payer: Payer, name: str) -> str:
    """For whom the prices of the page are."""
    if payer.organization_id is not None:
        return f"Prix calculés pour {name}."
    if payer.user_id is None:
        return (
            f"Prix calculés pour les {people(payer.category, '')} qui n’habitent pas la commune. "
            "Connectez-vous pour voir les vôtres."
        )
    if not payer.commune_code:
        return (
            "Prix calculés pour vous. Indiquez votre commune dans votre compte : "
            "certains tarifs sont réservés aux habitants."
        )
    return "Prix calculés pour vous."
