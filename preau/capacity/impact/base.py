"""What a figure is: a definition, written once, and a value with what it was counted on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from preau.capacity.queries.scopes import Scope

#: Fifty-two weeks: the same weekdays, the same season, nearly the same holidays.
A_YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Definition:
    """Attributes:
    sentence: what is counted, divided by what, in plain words.
    limits: what it does not say.
    """

    key: str
    label: str
    unit: str
    sentence: str
    limits: str = ""
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """Attributes:
    value: None when there is nothing to count on; `words` says why.
    before: the same a year earlier, where it is compared.
    counted: on what, in words.
    """

    key: str
    value: float | None
    words: str = ""
    before: float | None = None
    counted: str = ""


@dataclass(frozen=True)
class Question:
    """Whose impact, and when: both days included.

    Attributes:
        inside: asked by the people of the place; the others are not told figures of a few.
    """

    scope: Scope
    first: date
    last: date
    inside: bool = False

    def a_year_before(self) -> Question:
        return replace(self, first=self.first - A_YEAR, last=self.last - A_YEAR)


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    definitions: tuple[Definition, ...]
    compute: Callable[[Question], list[Figure]]
