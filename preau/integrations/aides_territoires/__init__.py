"""The aids of Aides-territoires: https://aides-territoires.beta.gouv.fr/api/docs/

A key opens a token of a day, and the token everything else. Traps: valid tokens are refused now and
then; "page_size" is ignored; the address it gives for the next page loses filters given several
times; a page may come out of a cache that forgot how long pages were. Pages are therefore built and
checked here: what `Client.pages` gives to its end is whole, or it raises.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from preau.integrations.aides_territoires.reading import (
    Aid,
    Page,
    Perimeter,
    aid_of,
    page_of,
    perimeter_of,
)
from preau.integrations.http import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Params,
    Rejected,
    Service,
    Unauthorized,
    Unavailable,
)

__all__ = ["Aid", "Client", "Page", "Perimeter", "aid_of"]

URL = "https://aides-territoires.beta.gouv.fr/api"
#: A whole page of long texts takes seconds.
TIMEOUT_SECONDS = 30.0
TRIES = 4
#: Tokens hold 24 hours.
TOKEN_SECONDS = 23 * 3600
#: The length everybody gets without asking: the only one that its cache cannot get wrong.
PER_PAGE = 50
#: Thousands of aids, 35,000 communes: more is a fault.
MOST = 100_000
_OURS = {"page", "itemsPerPage", "page_size", "size"}

Filters = Mapping[str, str | Sequence[str]]


@dataclass
class Client:
    """One key's access; a context manager keeps the connection from page to page.

    Attributes:
        url: root of the API, without a final slash.
        key: "X-AUTH-TOKEN" of an account there.
        timeout: seconds for one exchange.
        tries: how often what failed is asked, and a refused token shown once more.
        sleep: waits so many seconds.
        now: seconds of a clock that never goes back.
    """

    url: str
    key: str = field(repr=False)
    timeout: float = TIMEOUT_SECONDS
    tries: int = TRIES
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    now: Callable[[], float] = field(default=time.monotonic, repr=False)
    _token: str = field(default="", init=False, repr=False)
    _until: float = field(default=0.0, init=False, repr=False)

    def __post_init__(self) -> None:
        self._service = Service(self.url, timeout=self.timeout, tries=self.tries, sleep=self.sleep)

    def __enter__(self) -> Self:
        self._service.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._service.__exit__(kind, error, trace)

    def pages(self, filters: Filters | None = None) -> Iterator[Page]:
        """Every aid that the filters keep, page after page.

        Args:
            filters: in the service's names; several values in a list: "organization_type_slugs",
                "category_slugs", "aid_type_slugs", "perimeter_id" (`Perimeter.id`), "keyword"…

        Raises:
            Unavailable: at any page: a page missing, of another length, an aid twice, a count that
                changed: something moved while it was read. What came before is true, not whole.
            Rejected: a filter it does not take.
        """
        return self._pages("/aids/", filters or {})

    def aid(self, number: str) -> Aid | None:
        """One aid by its `id`; None when there is no such aid (any more)."""
        return self._one(f"/aids/by-id/{quote(number, safe='')}/")

    def aid_named(self, slug: str) -> Aid | None:
        """One aid by its `slug`; None when there is no such aid (any more)."""
        return self._one(f"/aids/{quote(slug, safe='')}/")

    def perimeters(self, filters: Filters) -> Iterator[Perimeter]:
        """
        Args:
            filters: "q" (words), "insees" (codes of communes), "zipcodes", "scale".

        Raises:
            Unavailable: see `pages`.
        """
        for page in self._pages("/perimeters/", filters):
            yield from (perimeter_of(line) for line in page.lines)

    def _one(self, path: str) -> Aid | None:
        try:
            return aid_of(self._get(path))
        except Rejected as no:
            if no.status == 404:
                return None
            raise

    def _pages(self, path: str, filters: Filters) -> Iterator[Page]:
        if _OURS & set(filters):
            raise ValueError("pages are counted here")
        seen: set[str] = set()
        total, number = 0, 1
        while number == 1 or len(seen) < total:
            query: Params = {**filters, "page": number, "itemsPerPage": PER_PAGE}
            page = page_of(self._get(path, query))
            total = page.count if number == 1 else total
            wanted = min(PER_PAGE, total - len(seen))
            if page.count != total or total > MOST or len(page.lines) != wanted:
                raise Unavailable("the pages do not follow each other")
            seen |= set(page.ids)
            if len(seen) != (number - 1) * PER_PAGE + wanted:
                raise Unavailable("the pages repeat each other")
            yield page
            number += 1

    def _get(self, path: str, query: Params | None = None) -> Any:
        """Answers 401 to valid tokens now and then: a new token at once, then patience."""
        pause = FIRST_PAUSE
        for attempt in range(self.tries + 1):
            signed = {"Authorization": f"Bearer {self._signed_in()}"}
            try:
                return self._service.send(
                    "GET", path, params=query, headers=signed, again=True
                ).json()
            except Unauthorized:
                if attempt in {0, self.tries}:
                    self._token = ""
                if attempt == self.tries:
                    raise
                if attempt > 0:
                    self.sleep(pause + random.uniform(0, pause / 2))  # noqa: S311  (no secret)
                    pause = min(pause * 2, LONGEST_PAUSE)
        raise AssertionError("an attempt returns or raises")

    def _signed_in(self) -> str:
        """
        Raises:
            Unauthorized: the key is wrong: asking again changes nothing.
        """
        if not self._token or self.now() >= self._until:
            began = self.now()
            said = self._service.send(
                "POST", "/connexion/", headers={"X-AUTH-TOKEN": self.key}, again=True
            ).json()
            token = said.get("token") if isinstance(said, dict) else None
            if not isinstance(token, str) or not token:
                raise Unavailable("no token in the answer")
            self._token, self._until = token, began + TOKEN_SECONDS
        return self._token
