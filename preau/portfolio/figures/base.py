"""What a figure is: a definition, written once, and a value with what it was counted on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Aggregate, DurationField, ExpressionWrapper, FloatField, QuerySet
from django.db.models.functions import Extract

from preau.projects.models import Project

DAY_SECONDS = 24 * 3600


class Unit(StrEnum):
    DAYS = "jours"
    PERCENT = "%"
    EUROS = "€"
    COUNT = ""
    MARK = "sur 5"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure means, said once for pages, files and tests.

    Attributes:
        key: stable, stored and in files.
        label: the figure's name.
        sentence: what is divided by what, in plain words.
        population: whom it is about, in words.
        numerator, denominator: names of both counts ("recommandations vues").
        waiting: the name of those whose time is not over yet, or "".
    """

    key: str
    label: str
    sentence: str
    unit: Unit
    population: str
    denominator: str
    numerator: str = ""
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The same figure for one kind."""

    label: str
    value: float | None
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and what it was counted on. `value` is None when there is nothing to count on.

    Attributes:
        waiting: those it is too soon to count (no end yet), told apart; None where all count.
    """

    key: str
    value: float | None
    denominator: int
    numerator: int | None = None
    waiting: int | None = None
    parts: tuple[Part, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "of": self.denominator,
            "count": self.numerator,
            "waiting": self.waiting,
            "parts": [[one.label, one.value, one.numerator, one.denominator] for one in self.parts],
        }

    @classmethod
    def from_json(cls, key: str, kept: dict[str, Any]) -> Figure:
        parts = tuple(Part(*one) for one in kept["parts"])
        return cls(key, kept["value"], kept["of"], kept["count"], kept["waiting"], parts)


@dataclass(frozen=True, slots=True)
class Population:
    """The projects that figures are about, seen at an instant.

    Attributes:
        projects: filed ones, whatever became of them: a draft is in no figure.
    """

    projects: QuerySet[Project]
    now: datetime

    def keys(self) -> QuerySet[Project, Any]:
        return self.projects.order_by().values("pk")


@dataclass(frozen=True, slots=True)
class Section:
    """Definitions that are read together, and the one function that works them out."""

    key: str
    title: str
    compute: Callable[[Population], list[Figure]]
    definitions: tuple[Definition, ...]
    note: str = ""


class Percentile(Aggregate):
    """The value under which a part of the observations lies; those without a value do not count."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, part: float, **extra: Any) -> None:
        super().__init__(expression, part=str(float(part)), **extra)


def days_between(start: Any, end: Any) -> Any:
    """In days and fractions of a day; null when one of both is."""
    length = ExpressionWrapper(end - start, output_field=DurationField())
    return Extract(length, "epoch") / float(DAY_SECONDS)


def share(part: int, whole: int) -> float | None:
    """In per cent, to a tenth; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def tenth(value: float | None) -> float | None:
    return None if value is None else round(float(value), 1)
