"""The past of a sheet in words: what changed, when, where it comes from; never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q

from preau.directory.enums import ChangeCause
from preau.directory.models import Sheet, SheetChange

MOST = 20
_NAMES = {
    "hours": "Horaires",
    "services": "Services",
    "merged": "Fiche réunie à celle-ci",
    "reason": "Motif",
    "manager": "Qui tient la fiche",
    "labels": "Labels",
}
#: Of no interest once the address is said.
_SILENT = {"latitude", "longitude", "departement_code"}
#: May be somebody's own: that they changed is told, never what they were.
CONTACTS = frozenset({"phone", "email"})


@dataclass(frozen=True, slots=True)
class Line:
    """« Téléphone : rien → 04 76 00 00 00 »"""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Past:
    at: datetime
    cause: str
    lines: list[Line]


def history_of(sheet: Sheet) -> list[Past]:
    """The latest changes, those of the sheets it absorbed included."""
    whose = Q(sheet=sheet) | Q(sheet__merged_into=sheet)
    rows = SheetChange.objects.filter(whose).order_by("-at", "-id")[:MOST]
    return [Past(one.at, ChangeCause(one.cause).label, lines_of(one)) for one in rows]


def lines_of(change: SheetChange) -> list[Line]:
    found = []
    for name, (before, after) in change.fields.items():
        if name == "services":
            found += _services(before or [], after or [])
        elif name in CONTACTS:
            found.append(Line(name_of(name), "", _became(before, after)))
        elif name not in _SILENT:
            found.append(Line(name_of(name), said(name, before), said(name, after)))
    return found


def _became(before: object, after: object) -> str:
    if before and after:
        return "changé"
    return "ajouté" if after else "retiré"


def _services(before: list[str], after: list[str]) -> list[Line]:
    gone = [Line("Service retiré", one, "") for one in before if one not in after]
    return gone + [Line("Service ajouté", "", one) for one in after if one not in before]


def name_of(name: str) -> str:
    """As the form calls it."""
    if name in _NAMES:
        return _NAMES[name]
    field = Sheet._meta.get_field(name)
    words = str(getattr(field, "verbose_name", name))
    return words[:1].upper() + words[1:]


def said(name: str, value: Any) -> str:
    """A kept value in words."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    choices = _choices(name)
    if isinstance(value, list):
        return ", ".join(choices.get(one, str(one)) for one in value)
    return choices.get(value, str(value))


def _choices(name: str) -> dict[Any, str]:
    try:
        field: Any = Sheet._meta.get_field(name)
    except FieldDoesNotExist:
        return {}
    if isinstance(field, ArrayField):
        field = field.base_field
    return {key: str(words) for key, words in (getattr(field, "choices", None) or ())}
