"""A tariff as people read it: tables of prices, sentences for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from preau.core import formats
from preau.pricing import wording
from preau.pricing.enums import RateUnit
from preau.pricing.grids import Cell, Grid, SeasonDays, people, specificity
from preau.pricing.loading import grid_of
from preau.pricing.models import Tariff
from preau.pricing.quotes import Quote


@dataclass(frozen=True, slots=True)
class PriceRow:
    label: str
    prices: list[str]


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices of a season: one row a payer, one column a unit that has a price."""

    title: str
    units: list[str]
    rows: list[PriceRow]


@dataclass(frozen=True, slots=True)
class Reading:
    """All of a tariff, ready to be shown."""

    tariff: Tariff
    tables: list[PriceTable]
    hours: str
    notes: list[str] = field(default_factory=list)


def read(tariff: Tariff) -> Reading:
    """The whole tariff in words. It comes with its parts."""
    grid = grid_of(tariff)
    return Reading(tariff, _tables(grid), _hours(tariff, grid), _notes(tariff, grid))


def price_in_words(quote: Quote) -> str:
    """« 24,00 € », « Gratuit », « Prix sur demande »"""
    if quote.on_request:
        return "Prix sur demande"
    return "Gratuit" if quote.is_free else formats.euros(quote.total_cents)


def _tables(grid: Grid) -> list[PriceTable]:
    ours = {cell.season for cell in grid.cells if cell.season}
    seasons = [None, *sorted(ours, key=lambda season: season.first)]
    units = [unit for unit in RateUnit if any(cell.unit == unit for cell in grid.cells)]
    rows = sorted({(cell.audience, cell.residence) for cell in grid.cells})
    return [
        PriceTable(
            title=_season(season) if season else "Toute l’année",
            units=[str(unit.label) for unit in units],
            rows=[
                PriceRow(
                    people(*row).capitalize(),
                    [_price(grid.cells, unit, row, season) for unit in units],
                )
                for row in rows
            ],
        )
        for season in seasons
        if any(cell.season == season for cell in grid.cells)
    ]


def _price(
    cells: Iterable[Cell], unit: RateUnit, row: tuple[str, str], season: SeasonDays | None
) -> str:
    """The price that a payer of this row has: its own, else a broader row's."""
    fit = [
        cell
        for cell in cells
        if cell.unit == unit
        and cell.audience in ("", row[0])
        and cell.residence in ("", row[1])
        and cell.season in (None, season)
    ]
    fit.sort(key=lambda cell: (-specificity(cell.audience, cell.residence), cell.season is None))
    if not fit:
        return "–"
    return "Gratuit" if fit[0].cents == 0 else formats.euros(fit[0].cents)


def season_in_words(first: int, last: int) -> str:
    """« du 15 juin au 15 septembre »"""
    return f"du {_year_day(first)} au {_year_day(last)}"


def _year_day(number: int) -> str:
    day, month = number % 100, formats.MONTHS[number // 100 - 1]
    return f"{'1er' if day == 1 else day}{formats.NBSP}{month}"


def _season(season: SeasonDays) -> str:
    return f"{season.name.capitalize()}, {season_in_words(season.first, season.last)}"


def _hours(tariff: Tariff, grid: Grid) -> str:
    units = {cell.unit for cell in grid.cells}
    said = []
    if RateUnit.HALF_DAY in units:
        said.append(
            f"Demi-journée : de {_clock(tariff.morning_start)} à {_clock(tariff.afternoon_start)} "
            f"ou de {_clock(tariff.afternoon_start)} à {_clock(tariff.evening_start)}."
        )
    if RateUnit.EVENING in units:
        said.append(
            f"Soirée : de {_clock(tariff.evening_start)} à {_clock(tariff.evening_end % 1440)}."
        )
    if RateUnit.DAY in units and tariff.evening_end > 1440:
        said.append(f"La journée va jusqu’à {_clock(tariff.evening_end - 1440)} le lendemain.")
    if RateUnit.WEEKEND in units:
        said.append(f"Week-end : du vendredi {_clock(tariff.evening_start)} au dimanche minuit.")
    return " ".join(said)


def _clock(minutes: int) -> str:
    hour, rest = divmod(minutes, 60)
    text = f"{hour}{formats.NBSP}h"
    return f"{text}{formats.NBSP}{rest:02d}" if rest else text


def _notes(tariff: Tariff, grid: Grid) -> list[str]:
    said = [
        f"{wording.quota_in_words(quota)[:1].upper()}{wording.quota_in_words(quota)[1:]}."
        for quota in grid.quotas
    ]
    if tariff.minimum_cents:
        said.append(f"Minimum de facturation : {formats.euros(tariff.minimum_cents)}.")
    for deposit in tariff.deposits.all():
        who = people(deposit.audience, deposit.residence)
        said.append(f"Caution : {formats.euros(deposit.amount_cents)} ({who}).")
    said += cancellation_in_words(
        [(tier.hours_before, tier.fee_percent) for tier in tariff.cancellation_tiers.all()]
    )
    return said


def cancellation_in_words(tiers: Sequence[tuple[int, int]]) -> list[str]:
    """« Annulation à moins de 48 h du début : 50 % du prix reste dû. »"""
    if not tiers:
        return ["Annulation sans frais."]
    return [
        f"Annulation à moins de {_delay(hours)} du début : "
        f"{percent}{formats.NBSP}% du prix reste dû."
        for hours, percent in sorted(tiers, reverse=True)
    ]


def _delay(hours: int) -> str:
    if hours % 24 == 0 and hours >= 48:
        return formats.count(hours // 24, "jour")
    return f"{hours}{formats.NBSP}h"
