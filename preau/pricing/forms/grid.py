"""The grid as a table: rows are payers, columns are units, one table a season."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from preau.pricing.enums import RateUnit
from preau.pricing.forms.fields import ROW_BY_KEY, ROW_CHOICES, ROWS, cents, row_key, typed
from preau.pricing.grids import people
from preau.pricing.models import Tariff


@dataclass
class CellInput:
    """One box of the table."""

    name: str
    label: str
    value: str
    error: str = ""


@dataclass
class RowInput:
    label: str
    cells: list[CellInput]


@dataclass
class TableInput:
    """The prices of a season, or of all the year."""

    title: str
    caption: str
    rows: list[RowInput] = field(default_factory=list)


class GridForm:
    """Reads and shows every price of a tariff. An empty box takes the price of a broader row."""

    def __init__(self, tariff: Tariff, sent: Mapping[str, str] | None = None) -> None:
        self.tariff = tariff
        self.seasons = list(tariff.seasons.all())
        self.sent = sent
        self.values = self._saved() if sent is None else self._typed(sent)
        self.keys = self._rows(sent)
        self.errors: dict[str, str] = {}
        self.amounts: dict[tuple[int | None, str, str, str], int] = {}

    def _saved(self) -> dict[str, str]:
        return {
            cell_name(rate.season_id, rate.audience, rate.residence, rate.unit): typed(
                rate.amount_cents
            )
            for rate in self.tariff.rates.all()
        }

    @staticmethod
    def _typed(sent: Mapping[str, str]) -> dict[str, str]:
        return {
            name: str(value).strip()[:20] for name, value in sent.items() if name.startswith("p.")
        }

    def _rows(self, sent: Mapping[str, str] | None) -> list[str]:
        """The rows shown: everyone, those with a price, and the one just asked for."""
        used = {name.split(".")[2] for name, value in self.values.items() if value}
        used |= set(sent.get("rangs", "").split()) if sent else set()
        if sent and sent.get("faire") == "ajouter":
            used.add(sent.get("rang", ""))
        return [key for key in map(_key, ROWS) if key in used or key == _key(("", ""))]

    def is_valid(self) -> bool:
        for season in (None, *(one.pk for one in self.seasons)):
            for key in self.keys:
                for unit in RateUnit:
                    name = cell_name(season, *ROW_BY_KEY[key], unit)
                    if not self.values.get(name):
                        continue
                    try:
                        amount = cents(self.values[name])
                    except ValidationError as error:
                        self.errors[name] = error.messages[0]
                    else:
                        self.amounts[season, *ROW_BY_KEY[key], unit] = amount
        return not self.errors

    @property
    def row_keys(self) -> str:
        return " ".join(self.keys)

    @property
    def rows_to_add(self) -> list[tuple[str, str]]:
        return [choice for choice in ROW_CHOICES if choice[0] not in self.keys]

    @property
    def units(self) -> list[str]:
        return [str(unit.label) for unit in RateUnit]

    @property
    def tables(self) -> list[TableInput]:
        """What the template draws."""
        found = [self._table(None, "Toute l’année")]
        return found + [self._table(one.pk, f"Saison « {one.name} »") for one in self.seasons]

    def _table(self, season: int | None, title: str) -> TableInput:
        table = TableInput(title, f"Prix en euros, {title.lower()}")
        for key in self.keys:
            row = ROW_BY_KEY[key]
            label = people(*row).capitalize()
            cells = []
            for unit in RateUnit:
                name = cell_name(season, *row, unit)
                words = f"{title}, {label}, {unit.label.lower()}"
                value, error = self.values.get(name, ""), self.errors.get(name, "")
                cells.append(CellInput(name, words, value, error))
            table.rows.append(RowInput(label, cells))
        return table

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(field, sentence) of what is to be mended, for the summary."""
        labels = {
            cell.name: cell.label
            for table in self.tables
            for row in table.rows
            for cell in row.cells
        }
        return [(name, f"{labels[name]} : {text}") for name, text in self.errors.items()]


def cell_name(season: int | None, audience: str, residence: str, unit: str) -> str:
    return f"p.{season or 0}.{row_key(audience, residence)}.{unit}"


def _key(row: tuple[str, str]) -> str:
    return row_key(*row)
