"""A place as lists tell it: what every format is read into and written from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from preau.directory.enums import ServiceFamily, ServiceLevel
from preau.directory.formats.hours import Hours

#: What a row of any format is: its columns by name; nested where the format nests.
Row = dict[str, Any]


@dataclass
class OfferRecord:
    """A service, as `ServiceOffer` keeps it."""

    name: str
    family: str = ServiceFamily.PUBLIC_SOCIAL
    theme: str = ""
    description: str = ""
    level: str = ServiceLevel.BASIC
    provider_name: str = ""
    publics: list[str] = field(default_factory=list)
    fee: str = ""
    by_appointment: bool = False
    when: str = ""
    external_id: str = ""
    since: date | None = None
    until: date | None = None


@dataclass
class Record:
    """One place.

    Attributes:
        external_id: its name in the list it comes from.
        fields: columns of `Sheet` by name, only those that the list speaks of.
        hours, offers: None where the list does not speak of them.
        told_on: when the list says that it was last changed.
        problems, remarks: (column, French sentence): what forbids, and what is worth knowing.
    """

    external_id: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    commune_code: str = ""
    commune_name: str = ""
    postcode: str = ""
    departement_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    hours: Hours | None = None
    offers: list[OfferRecord] | None = None
    told_on: date | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def wrong(self, column: str, sentence: str) -> None:
        self.problems.append((column, sentence))

    def note(self, column: str, sentence: str) -> None:
        self.remarks.append((column, sentence))


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing lists.

    Attributes:
        needed: columns without which a file is not in this format.
        columns: all of them, in canonical order.
        cannot: what of a sheet it has no room for, in French.
    """

    key: str
    label: str
    columns: tuple[str, ...]
    needed: frozenset[str]
    read: Callable[[Row, date], Record]
    write: Callable[[Record], Row]
    cannot: str = ""


def again(now: Row, then: Row, raw: Mapping[str, Any]) -> Row:
    """A row written again: what was sent where the sheet still says the same, else what it says.

    So that a list comes back as it came, columns that sheets do not carry included.

    Args:
        now: the row of the sheet as it is.
        then: the row of the sheet as the list had made it.
        raw: the row of the list.
    """
    return {
        name: raw[name] if name in raw and value == then.get(name) else value
        for name, value in now.items()
    }


def several(cell: str, sign: str = ";") -> list[str]:
    """The values of a cell that holds several."""
    found = [one.strip() for one in cell.split(sign)]
    return [one for one in dict.fromkeys(found) if one]


def text_of(value: object) -> str:
    """A cell as text: JSON and spreadsheets give numbers too."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def joined(values: Sequence[str], sign: str = ";") -> str:
    return sign.join(values)
