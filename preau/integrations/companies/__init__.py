"""Who an organisation is, by its number or its name: API Recherche d'entreprises (DINUM).

https://recherche-entreprises.api.gouv.fr/docs/ : open, without a key; 7 requests a second for one
address, then 429 with a time to wait. It knows Sirene's legal units and their establishments, not
those whose owner asked not to be published; of some it hides the name or the address, which are
then empty here. Neither officers nor elected members are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from preau.integrations.companies.reading import (
    Collectivity,
    Company,
    Establishment,
    companies_of,
)
from preau.integrations.http import Service, Unavailable

__all__ = ["Collectivity", "Company", "Establishment", "Found", "by_number", "by_words"]

URL = "https://recherche-entreprises.api.gouv.fr"
LEAST_LETTERS = 3
MOST_PER_PAGE = 25
#: Results beyond this rank are refused.
FARTHEST = 10_000
#: Without "minimal", officers and accounts come along; without "include", not even the seat.
_PARTS = {"minimal": "true", "include": "siege,complements,matching_etablissements"}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search. `total` stops at 10,000, whatever there is."""

    companies: tuple[Company, ...]
    total: int
    page: int
    pages: int


def by_number(service: Service, number: str) -> Company | None:
    """The company of a SIREN (9 digits), or of the establishment of a SIRET (14), open or closed.

    Args:
        service: at the root of the API (`URL`).
        number: digits, with spaces or not.

    Returns:
        None when nobody has this number, or asked not to be published. With a SIRET, `asked` is
        its establishment.

    Raises:
        ValueError: neither 9 nor 14 digits; nothing was asked.
        Unavailable: see `preau.integrations.http`.
    """
    digits = re.sub(r"\s", "", number)
    if not re.fullmatch(r"[0-9]{9}([0-9]{5})?", digits):
        raise ValueError("a SIREN has 9 digits, a SIRET 14")
    said = service.get("/search", {"q": digits, **_PARTS}).json()
    found = companies_of(said, asked=digits if len(digits) == 14 else "")
    same = [company for company in found if company.siren == digits[:9]]
    return same[0] if same else None


def by_words(
    service: Service,
    words: str,
    *,
    filters: Mapping[str, str] | None = None,
    page: int = 1,
    per_page: int = 10,
) -> Found:
    """Companies whose name, address or people resemble these words, the nearest first.

    Args:
        service: at the root of the API (`URL`).
        words: 3 letters or more, unless a filter is given. A number alone is looked up as such,
            and filters are then ignored by the service.
        filters: in the service's names, several values separated by commas: "code_postal",
            "departement", "code_commune", "epci", "nature_juridique", "etat_administratif" ("A"
            open, "C" closed), "est_association", "est_collectivite_territoriale" ("true")…
        page, per_page: from 1; at most 25 a page and 10,000 in all.

    Raises:
        ValueError: too few letters, or a page out of bounds; nothing was asked.
        Rejected: a filter that the service does not know, or its value.
        Unavailable: see `preau.integrations.http`.
    """
    text = " ".join(words.split())
    if len(text) < LEAST_LETTERS and not filters:
        raise ValueError(f"{LEAST_LETTERS} letters at least")
    if page < 1 or not 1 <= per_page <= MOST_PER_PAGE or page * per_page > FARTHEST:
        raise ValueError("no such page")
    query: dict[str, str | int] = {**(filters or {}), **_PARTS, "page": page, "per_page": per_page}
    if text:
        query["q"] = text
    said = service.get("/search", query).json()
    found = tuple(companies_of(said))
    total, at, pages = (_count(said, key) for key in ("total_results", "page", "total_pages"))
    return Found(found, total, at, pages)


def _count(said: Any, name: str) -> int:
    count = said.get(name)
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise Unavailable("the answer has another shape")
    return count
