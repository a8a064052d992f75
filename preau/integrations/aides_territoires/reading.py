"""The answers of Aides-territoires, as our types. Their words are theirs: nothing is translated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from preau.integrations.http import Unavailable

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Aid:
    """One aid. Texts are empty, dates and numbers None, where the service says nothing.

    Attributes:
        id: stable; `slug` and `path` (from the root of the site) follow the name.
        name: shown; `initial_name` is the one of its programme.
        description_html, eligibility_html, contact_html, rate_comment_html, examples_html: written
            by others, as they come: never shown without being cleaned.
        perimeter, perimeter_scale: where it holds ("Isère", "Département").
        categories: each "Thème / catégorie".
        type_groups: "Aide financière", "Aide en ingénierie": of the types, where given.
        closes_on: last day to apply; `preapplies_on` the last for a first, short file.
        rate_min, rate_max: percents of what is spent.
        loan_euros, advance_euros: largest loan, largest advance to be paid back.
        recurrence: "Permanente", "Ponctuelle", "Récurrente".
        europe: the kind of European aid, empty for none.
        credit: sentence of thanks that its licence asks for (`licence`), with where it was taken.
        line: as it came, for those who keep it whole.
    """

    id: str
    slug: str
    path: str
    name: str
    initial_name: str
    short_title: str
    financers: tuple[str, ...]
    instructors: tuple[str, ...]
    programs: tuple[str, ...]
    description_html: str = field(repr=False)
    eligibility_html: str = field(repr=False)
    contact_html: str = field(repr=False)
    rate_comment_html: str = field(repr=False)
    examples_html: str = field(repr=False)
    perimeter: str
    perimeter_scale: str
    steps: tuple[str, ...]
    categories: tuple[str, ...]
    audiences: tuple[str, ...]
    types: tuple[str, ...]
    type_groups: tuple[str, ...]
    destinations: tuple[str, ...]
    project_references: tuple[str, ...]
    origin_url: str
    application_url: str
    is_call: bool
    is_charged: bool
    is_live: bool
    opens_on: date | None
    preapplies_on: date | None
    closes_on: date | None
    rate_min: float | None
    rate_max: float | None
    loan_euros: float | None
    advance_euros: float | None
    recurrence: str
    europe: str
    credit: str
    credit_url: str
    licence: str
    created_at: datetime | None
    updated_at: datetime | None
    line: Line = field(repr=False)


@dataclass(frozen=True, slots=True)
class Perimeter:
    """A territory of theirs. `id` is what the filter "perimeter_id" takes; `code` INSEE's, or a
    SIREN for an EPCI, empty for a territory of their own."""

    id: str
    name: str
    label: str
    scale: str
    code: str
    postcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `count` of the whole search, and its lines as they came (`aid_of` reads one, so
    that a line nobody understands need not stop the others)."""

    count: int
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def ids(self) -> list[str]:
        """Raises: Unavailable."""
        return [_id(line) for line in self.lines]

    @property
    def answer(self) -> dict[str, Any]:
        """The page in the shape of the service, for what reads files of its answers."""
        return {
            "count": self.count,
            "previous": None,
            "next": None,
            "results": [dict(line) for line in self.lines],
        }


def page_of(said: Any) -> Page:
    """Raises: Unavailable."""
    count = said.get("count") if isinstance(said, Mapping) else None
    lines = said.get("results") if isinstance(said, Mapping) else None
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise Unavailable("a page without a count")
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        raise Unavailable("a page without a list of results")
    return Page(count, tuple(lines))


def aid_of(line: Any) -> Aid:
    """Raises: Unavailable: it has another shape; the field is named, not what it holds."""
    if not isinstance(line, Mapping):
        raise Unavailable("an aid of another shape")
    return Aid(
        id=_id(line),
        **_texts(line),
        **_lists(line),
        **_figures(line),
        opens_on=_day(line, "start_date"),
        preapplies_on=_day(line, "predeposit_date"),
        closes_on=_day(line, "submission_deadline"),
        created_at=_instant(line, "date_created"),
        updated_at=_instant(line, "date_updated"),
        line=line,
    )


def perimeter_of(line: Line) -> Perimeter:
    """Raises: Unavailable."""
    return Perimeter(
        id=_id(line),
        name=_text(line, "name"),
        label=_text(line, "text"),
        scale=_text(line, "scale"),
        code=_text(line, "code"),
        postcodes=_names(line, "zipcodes"),
    )


#: Ours → theirs.
_TEXTS = {
    "slug": "slug",
    "path": "url",
    "name": "name",
    "initial_name": "name_initial",
    "short_title": "short_title",
    "description_html": "description",
    "eligibility_html": "eligibility",
    "contact_html": "contact",
    "rate_comment_html": "subvention_comment",
    "examples_html": "project_examples",
    "perimeter": "perimeter",
    "perimeter_scale": "perimeter_scale",
    "origin_url": "origin_url",
    "application_url": "application_url",
    "recurrence": "recurrence",
    "europe": "european_aid",
    "credit": "import_data_mention",
    "credit_url": "import_data_url",
    "licence": "import_share_licence",
}
_LISTS = {
    "financers": "financers",
    "instructors": "instructors",
    "programs": "programs",
    "steps": "mobilization_steps",
    "categories": "categories",
    "audiences": "targeted_audiences",
    "types": "aid_types",
    "destinations": "destinations",
    "project_references": "project_references",
}
_NUMBERS = {
    "rate_min": "subvention_rate_lower_bound",
    "rate_max": "subvention_rate_upper_bound",
    "loan_euros": "loan_amount",
    "advance_euros": "recoverable_advance_amount",
}


def _texts(line: Line) -> dict[str, Any]:
    return {ours: _text(line, theirs) for ours, theirs in _TEXTS.items()}


def _lists(line: Line) -> dict[str, Any]:
    full = line.get("aid_types_full")
    groups = [
        _text(one["group"], "name")
        for one in (full if isinstance(full, list) else [])
        if isinstance(one, Mapping) and isinstance(one.get("group"), Mapping)
    ]
    found = {ours: _names(line, theirs) for ours, theirs in _LISTS.items()}
    return {**found, "type_groups": tuple(dict.fromkeys(name for name in groups if name))}


def _figures(line: Line) -> dict[str, Any]:
    found = {ours: _number(line, theirs) for ours, theirs in _NUMBERS.items()}
    return {
        **found,
        "is_call": _flag(line, "is_call_for_project"),
        "is_charged": _flag(line, "is_charged"),
        "is_live": _flag(line, "is_live"),
    }


def _id(line: Line) -> str:
    """A number for aids; "<number>-<slug>" or a number, under one of two names, for perimeters."""
    found = line.get("id", line.get("perimeter_id"))
    if isinstance(found, bool) or not isinstance(found, int | str) or not str(found).strip():
        raise Unavailable("a result without an id")
    return str(found).strip()


def _text(line: Line, name: str) -> str:
    found = line.get(name)
    if found is not None and not isinstance(found, str):
        raise Unavailable(f"{name} is no text")
    return (found or "").strip()


def _names(line: Line, name: str) -> tuple[str, ...]:
    found = line.get(name)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Unavailable(f"{name} is no list of words")
    return tuple(one.strip() for one in found if one.strip())


def _flag(line: Line, name: str) -> bool:
    found = line.get(name)
    if found is not None and not isinstance(found, bool):
        raise Unavailable(f"{name} is neither yes nor no")
    return found is True


def _number(line: Line, name: str) -> float | None:
    """Some come as text."""
    found = line.get(name)
    if found is None or found == "":
        return None
    try:
        number = float("no" if isinstance(found, bool) else found)
    except (TypeError, ValueError, OverflowError):
        raise Unavailable(f"{name} is no number") from None
    if not math.isfinite(number) or number < 0:
        raise Unavailable(f"{name} is no number")
    return number


def _day(line: Line, name: str) -> date | None:
    text = _text(line, name)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise Unavailable(f"{name} is no date") from None


def _instant(line: Line, name: str) -> datetime | None:
    text = _text(line, name)
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Unavailable(f"{name} is no instant") from None
    if found is not None and found.tzinfo is None:
        raise Unavailable(f"{name} has no time zone")
    return found
