"""A tariff as the computation sees it: which price speaks to whom, on which day. No database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from preau.places.enums import UserCategory
from preau.pricing.enums import OptionUnit, QuotaKind, QuotaPer, RateUnit, Residence
from preau.pricing.tiles import DayHours, Priced, PriceOn


@dataclass(frozen=True, slots=True)
class Who:
    """For whom a price is computed."""

    category: str
    is_local: bool = False

    @property
    def residence(self) -> Residence:
        return Residence.LOCAL if self.is_local else Residence.OUTSIDE

    def fits(self, audience: str, residence: str) -> bool:
        return audience in ("", self.category) and residence in ("", self.residence)


@dataclass(frozen=True, slots=True)
class SeasonDays:
    """A part of the year, months and days as `415` for 15 April; it may run over the new year."""

    name: str
    first: int
    last: int

    def holds(self, day: date) -> bool:
        number = day.month * 100 + day.day
        if self.first <= self.last:
            return self.first <= number <= self.last
        return number >= self.first or number <= self.last

    @property
    def length(self) -> int:
        """Roughly how long: between two seasons that hold, the shorter one speaks."""
        return (self.last - self.first) % 1231


@dataclass(frozen=True, slots=True)
class Cell:
    """One price of the grid. Empty audience or residence: everyone, from anywhere."""

    unit: RateUnit
    cents: int
    audience: str = ""
    residence: str = ""
    season: SeasonDays | None = None


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """So many bookings or minutes free."""

    pk: int
    kind: QuotaKind
    limit: int
    per: QuotaPer
    term_only: bool = False
    audience: str = ""
    residence: str = ""


@dataclass(frozen=True, slots=True)
class OptionRule:
    """An option and what it costs this payer."""

    pk: int
    name: str
    unit: OptionUnit
    cents: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A tariff, ready to be computed with."""

    name: str
    cells: tuple[Cell, ...]
    hours: DayHours = field(default_factory=DayHours)
    minimum_cents: int = 0
    quotas: tuple[QuotaRule, ...] = ()

    def price_on(self, who: Who) -> PriceOn:
        """Unit and day → the price that speaks to this payer, the most specific one."""
        mine = [cell for cell in self.cells if who.fits(cell.audience, cell.residence)]
        mine.sort(key=_most_specific)
        by_unit = {unit: [cell for cell in mine if cell.unit == unit] for unit in RateUnit}
        kept: dict[tuple[RateUnit, date], Priced | None] = {}

        def price(unit: RateUnit, day: date) -> Priced | None:
            key = (unit, day)
            if key not in kept:
                kept[key] = _first(by_unit[unit], day)
            return kept[key]

        return price

    def quotas_for(self, who: Who) -> list[QuotaRule]:
        """Those that this payer may use, the most specific first."""
        mine = [one for one in self.quotas if who.fits(one.audience, one.residence)]
        return sorted(mine, key=lambda one: (-specificity(one.audience, one.residence), one.pk))


def specificity(audience: str, residence: str) -> int:
    """Both, then the audience, then the residence, then everyone."""
    return 2 * bool(audience) + bool(residence)


def _most_specific(cell: Cell) -> tuple[int, int, int]:
    season = cell.season.length if cell.season else 2000
    return -specificity(cell.audience, cell.residence), season, cell.cents


def _first(cells: Iterable[Cell], day: date) -> Priced | None:
    for cell in cells:
        if cell.season is None or cell.season.holds(day):
            return Priced(cell.cents, cell.season.name if cell.season else "")
    return None


def window_of(per: QuotaPer, day: date) -> date:
    """The first day of the stretch in which a quota is counted."""
    if per == QuotaPer.YEAR:
        return date(day.year, 1, 1)
    if per == QuotaPer.SCHOOL_YEAR:
        return date(day.year if day.month >= 9 else day.year - 1, 9, 1)
    if per == QuotaPer.MONTH:
        return day.replace(day=1)
    return date.fromordinal(day.toordinal() - day.weekday())


_PEOPLE = {
    UserCategory.RESIDENT: "particuliers",
    UserCategory.ASSOCIATION: "associations",
    UserCategory.COMPANY: "entreprises",
    UserCategory.PUBLIC: "collectivités et services publics",
    UserCategory.SCHOOL: "établissements scolaires",
}


def people(audience: str, residence: str) -> str:
    """« associations de la commune », « particuliers hors commune », « tous »."""
    who = _PEOPLE[UserCategory(audience)] if audience else "tous"
    if residence == Residence.LOCAL:
        return f"{who} de la commune" if audience else "toute la commune"
    if residence == Residence.OUTSIDE:
        return f"{who} hors commune" if audience else "hors commune"
    return who
