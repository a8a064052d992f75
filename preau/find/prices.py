"""The price of each result for whoever looks, and the search by price."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from preau.availability.queries.search import PAGE, Cursor, Found, Page
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.places.models import Space
from preau.pricing.grids import people
from preau.pricing.payers import Payer
from preau.pricing.quotes import Asked, Quote, quotes_each

#: Spaces looked at for one page when a price is asked: so many at once, so many times at most.
SCANNED = 100
SCANS = 3
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


def prices(rows: Sequence[tuple[Space, Period | None, int]], payer: Payer) -> list[Quote]:
    """What each space costs this payer at that time, else at an ordinary one, in few queries."""
    asked = [
        Asked(space, (period or ordinary(space),), quantity) for space, period, quantity in rows
    ]
    return quotes_each(asked, payer) if asked else []


def ordinary(space: Space) -> Period:
    """A time to say a price by when nobody has said when: two hours tomorrow morning."""
    zone = space.place.zone
    start = local_instant(clock.today(zone) + timedelta(days=1), _ORDINARY_HOUR, zone)
    minutes = max(space.min_minutes, min(120, space.max_minutes))
    return Period(start, start + timedelta(minutes=minutes))


def page_by_price(
    look: Callable[[Cursor | None, int], Page],
    load: Callable[[Sequence[Found]], dict[int, Space]],
    wanted: PriceWanted,
    payer: Payer,
    after: Cursor | None,
) -> Page:
    """A page of the spaces that have the price, by distance, in a bounded number of queries.

    The cursor is the last space shown, or the last one looked at when few have the price: so
    nothing is skipped and nothing comes twice. An empty page with a next one says "further on".
    """
    kept: list[Found] = []
    for _ in range(SCANS):
        page = look(after, SCANNED)
        spaces = load(page.rows)
        rows = [row for row in page.rows if row.space_id in spaces]
        quotes = prices([(spaces[r.space_id], r.period, r.quantity) for r in rows], payer)
        kept += [row for row, quote in zip(rows, quotes, strict=True) if wanted.fits(quote)]
        if len(kept) > PAGE:
            last = kept[PAGE - 1]
            return Page(kept[:PAGE], Cursor(last.km, last.space_id))
        after = page.next
        if after is None:
            break
    return Page(kept, after)


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
