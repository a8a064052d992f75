"""The shape of a source, and of a cell compared with another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, User
from preau.core.errors import Refusal
from preau.core.formats import day, euros
from preau.integrations.grist.cells import Cell, Column, Value, cell, read_date
from preau.mirrors.models import Mirror

ZONE = ZoneInfo(settings.TIME_ZONE)
#: How a row is found again; what says that it is followed.
IDENTITY = Column("preau_id", "Text", "Identifiant Préau (ne pas modifier)")
FOLLOWED = Column("preau_suivi", "Text", "Suivi par Préau")
UP_TO_DATE, OUT_OF_SCOPE = "Oui", "Hors périmètre"

Cells = Mapping[str, Cell]


def reader_of(membership: Membership) -> Actor:
    """Whoever wears that hat, and nobody in particular: what one of them reads for themself, or
    was invited to by name, is not the organisation's."""
    return Actor(User(pk=0), membership)


@dataclass(frozen=True, slots=True)
class Field:
    """A column that can be mirrored.

    Attributes:
        usual: chosen until somebody says otherwise.
        is_personal: names people, or says how to join them.
        state_side: empty where the organisation is not of the services at work on the project.
        choices: what may be typed there, for people.
    """

    id: str
    label: str
    value: Callable[[Any], Value]
    type: str = "Text"
    usual: bool = True
    is_personal: bool = False
    state_side: bool = False
    choices: tuple[str, ...] = ()

    @property
    def column(self) -> Column:
        return Column(self.id, self.type, self.label)


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that may be changed in Grist: together, since they are written by one verb.

    Attributes:
        apply: (subject's key, column → cell, actor) → None; raises Refusal.
    """

    key: str
    label: str
    columns: tuple[str, ...]
    apply: Callable[[int, Cells, Actor], None]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of thing.

    Attributes:
        table: the name asked of Grist.
        rows: all that the organisation reads, whatever the columns need joined to it.
        since: those among them that may have changed since a moment.
        address: where a person sees it here.
        title: what it is called in a list of conflicts.
        state_side: of which things the organisation reads the state side too: it changes while
            the thing itself does not.
    """

    key: str
    label: str
    table: str
    fields: tuple[Field, ...]
    rows: Callable[[Actor], QuerySet[Any]]
    since: Callable[[QuerySet[Any], datetime], QuerySet[Any]]
    address: Callable[[Any], str]
    title: Callable[[Any], str]
    groups: tuple[Group, ...] = ()
    state_side: Callable[[Actor], QuerySet[Any]] | None = None

    def chosen(self, names: Iterable[str]) -> list[Field]:
        wanted = set(names)
        return [one for one in self.fields if one.id in wanted]

    def opened(self, keys: Iterable[str]) -> list[Group]:
        wanted = set(keys)
        return [one for one in self.groups if one.key in wanted]

    def columns(self, names: Iterable[str]) -> list[Column]:
        return [IDENTITY, FOLLOWED, *(one.column for one in self.chosen(names))]

    def cells_of(self, row: Any, fields: Sequence[Field]) -> dict[str, Cell]:
        """What a thing is in the document."""
        inside = getattr(row, "inside", True)
        found = {
            one.id: None
            if one.state_side and not inside
            else normal(one.type, cell(one.value(row)))
            for one in fields
        }
        return found | {FOLLOWED.id: UP_TO_DATE}

    def label_of(self, column: str) -> str:
        return next((one.label for one in self.fields if one.id == column), column)


def identity(mirror: Mirror, source: str, subject: int) -> UUID:
    """Always the same for the same thing in the same mirror: sent twice, it is one row."""
    return uuid5(mirror.key, f"{source}:{subject}")


def digest(cells: Cells) -> str:
    text = json.dumps(cells, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def normal(kind: str, found: Cell) -> Cell:
    """A cell as it is compared: Grist and Préau say « nothing » in several ways."""
    if found in ("", ["L"]):
        return None
    if isinstance(found, str):
        return found.strip() or None
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if kind in {"Text", "Choice"} and isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found


def values(cells: Cells) -> dict[str, Value]:
    """Cells as the client wants them: it writes the mark of a list itself."""
    return {
        name: [one for one in found[1:] if isinstance(one, str | int)]
        if isinstance(found, list)
        else found
        for name, found in cells.items()
    }


def said(kind: str, found: Cell) -> str:
    """A cell in words."""
    if found is None:
        return "vide"
    if kind == "Date":
        try:
            moment = read_date(found)
        except ValueError:
            return str(found)
        return day(moment) if moment else "vide"
    if kind == "Numeric" and isinstance(found, int | float) and not isinstance(found, bool):
        return euros(round(found * 100))
    if isinstance(found, list):
        return ", ".join(str(one) for one in found[1:])
    return str(found)


# --- What sources share


def joined(enum: Any, values: Iterable[str]) -> list[str]:
    return [str(enum(one).label) for one in values if one in enum.values]


def in_euros(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def on_day(moment: datetime | None) -> Value:
    return moment.astimezone(ZONE).date() if moment else None


def absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def project_page(key: UUID) -> str:
    return absolute(reverse("projects:sheet", args=[key]))


# --- What comes back


def text_of(cells: Cells, column: str, longest: int, label: str) -> str:
    found = cells.get(column)
    text = "" if found is None else str(found)
    if len(text) > longest:
        raise Refusal(f"« {label} » : {longest} caractères au plus.", code="long")
    return text


def one_of(enum: Any, cells: Cells, column: str, label: str) -> Any:
    """The value whose words were typed."""
    found = cells.get(column)
    words = "" if found is None else str(found).casefold()
    for value in enum:
        if words == str(value.label).casefold() or (not words and value == ""):
            return value
    known = ", ".join(f"« {value.label} »" for value in enum)
    raise Refusal(f"« {label} » : écrivez {known}, et rien d’autre.", code="choice")


def cents_of(cells: Cells, column: str, label: str) -> int | None:
    found = cells.get(column)
    if found is None or found == 0:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < 10**12:
        raise Refusal(f"« {label} » n’est pas un montant en euros.", code="amount")
    return round(found * 100)


def day_of(cells: Cells, column: str, label: str) -> Any:
    try:
        return read_date(cells.get(column))
    except ValueError:
        raise Refusal(f"« {label} » n’est pas une date.", code="date") from None
