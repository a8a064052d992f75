"""Champs of a démarche, and Python values as its prefilling takes them.

What the service does not understand it drops without a word (201 all the same): so a value that
it would drop is refused here, with a reason, and the rest goes.
https://doc.demarches-simplifiees.fr/pour-aller-plus-loin/api-de-preremplissage
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

LARGEST_EXPONENT = 1_000

#: What travels: a string, a list of strings, or rows of a repetition.
Sent: TypeAlias = str | list[str] | list[dict[str, "Sent"]]


@dataclass(frozen=True, slots=True)
class Champ:
    """A champ as the démarche describes it.

    Attributes:
        id: base64 of `Champ-<number>`.
        type: GraphQL's name without `ChampDescriptor`: `Text`, `Commune`, `Repetition`…
        options: values that it offers, as they are sent (codes where it has codes).
        other: another text than those options is taken.
        champs: those of each row of a repetition.
    """

    id: str
    type: str
    label: str
    required: bool = False
    options: tuple[str, ...] = ()
    other: bool = False
    champs: tuple[Champ, ...] = ()

    @property
    def key(self) -> str:
        """Its name in a prefilling."""
        return key_of(self.id)

    @property
    def is_prefillable(self) -> bool:
        """Files, maps, titles, RNA… are not."""
        return self.type in _WRITERS or self.type == "Repetition"


class Why(StrEnum):
    """Why a value does not go."""

    UNKNOWN = "unknown"  # no such champ in this version of the démarche
    NOT_PREFILLABLE = "not_prefillable"
    EMPTY = "empty"
    FORMAT = "format"  # another kind of value, or one that the service does not read
    NOT_OFFERED = "not_offered"  # a choice that is not among the options


class Unfit(ValueError):
    """The service would drop this value. Never says it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Commune:
    """For a Commune champ. INSEE's code is not needed where the postcode has one commune."""

    postcode: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Epci:
    """For an Epci champ: code of the département, SIREN of the EPCI."""

    departement: str
    siren: str


#: For a champ of each type: str (texts, codes, choices, addresses, SIRET), int, Decimal or float
#: (numbers), date, datetime with its time zone, bool, `Commune`, `Epci`, a sequence of str
#: (several choices), a sequence of mappings champ id → value (repetition), int (another dossier).
Value: TypeAlias = (
    bool
    | int
    | float
    | Decimal
    | str
    | date
    | datetime
    | Commune
    | Epci
    | Sequence[str]
    | Sequence[Mapping[str, "Value"]]
    | None
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A champ whose value does not go, and why. `row` of a repetition, from 0."""

    champ: str
    why: Why
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Prefilling:
    """What goes (key → value), and what does not."""

    sent: Mapping[str, Sent]
    refused: tuple[Refusal, ...]


def key_of(champ: str) -> str:
    return f"champ_{champ.rstrip('=')}"


def prefilling(champs: Sequence[Champ], values: Mapping[str, Value]) -> Prefilling:
    """Values (champ id → value) for the champs of a démarche, each checked against its champ."""
    known = {champ.key: champ for champ in champs}
    sent: dict[str, Sent] = {}
    refused: list[Refusal] = []
    for name, value in values.items():
        champ = known.get(key_of(name))
        try:
            if champ is None:
                raise Unfit(Why.UNKNOWN)
            if champ.type == "Repetition":
                sent[champ.key] = _rows(champ, value, refused)
            else:
                sent[champ.key] = written(champ, value)
        except Unfit as error:
            refused.append(Refusal(name, error.why))
    return Prefilling(sent, tuple(refused))


def written(champ: Champ, value: Value) -> Sent:
    """One value as it is sent, for any champ but a repetition.

    Raises:
        Unfit: it would be dropped.
    """
    writer = _WRITERS.get(champ.type)
    if writer is None:
        raise Unfit(Why.NOT_PREFILLABLE)
    if value is None or value in ("", [], ()):
        raise Unfit(Why.EMPTY)
    return writer(champ, value)


def takes(champ: Champ, sent: Sent) -> bool:
    """Whether a champ, as it is described now, would keep what was sent once: not a repetition."""
    if not champ.is_prefillable or isinstance(sent, list) != (champ.type in _LISTS):
        return False
    if champ.type in {"DropDownList", "MultipleDropDownList"}:
        words = [sent] if isinstance(sent, str) else sent
        return champ.other or all(one in champ.options for one in words)
    pattern = _SHAPES.get(champ.type)
    return pattern is None or re.fullmatch(pattern, str(sent)) is not None


def _rows(champ: Champ, value: Value, refused: list[Refusal]) -> list[dict[str, Sent]]:
    rows = []
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise Unfit(Why.FORMAT)
    for number, row in enumerate(value):
        if not isinstance(row, Mapping):
            raise Unfit(Why.FORMAT)
        inside = prefilling(champ.champs, row)
        refused += [Refusal(one.champ, one.why, number) for one in inside.refused]
        if inside.sent:
            rows.append(dict(inside.sent))
    if not rows:
        raise Unfit(Why.EMPTY)
    return rows


def _text(champ: Champ, value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit(Why.FORMAT)
    if not value.strip():
        raise Unfit(Why.EMPTY)
    return value


def _matching(pattern: str) -> Callable[[Champ, Any], str]:
    def write(champ: Champ, value: Any) -> str:
        if not re.fullmatch(pattern, _text(champ, value)):
            raise Unfit(Why.FORMAT)
        return str(value)

    return write


def _integer(champ: Champ, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit(Why.FORMAT)
    return str(value)


def _decimal(champ: Champ, value: Any) -> str:
    """Digits and a point: an exponent is not a number over there."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise Unfit(Why.FORMAT)
    number = Decimal(str(value))
    # Without an exponent, 1E+1000000 is a megabyte.
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise Unfit(Why.FORMAT)
    return format(number, "f")


def _date(champ: Champ, value: Any) -> str:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Unfit(Why.FORMAT)
    return value.isoformat()


def _datetime(champ: Champ, value: Any) -> str:
    """In UTC: the service reads `+02:00`, not `-04:00` nor `Z`."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Unfit(Why.FORMAT)
    try:
        return value.astimezone(UTC).isoformat(timespec="seconds")
    except OverflowError:  # the first and last days of the calendar
        raise Unfit(Why.FORMAT) from None


def _boolean(champ: Champ, value: Any) -> str:
    if not isinstance(value, bool):
        raise Unfit(Why.FORMAT)
    return "true" if value else "false"


def _choice(champ: Champ, value: Any) -> str:
    text = _text(champ, value)
    if text not in champ.options and not champ.other:
        raise Unfit(Why.NOT_OFFERED)
    return text


def _code(champ: Champ, value: Any) -> str:
    text = _text(champ, value)
    if champ.options and text not in champ.options:
        raise Unfit(Why.NOT_OFFERED)
    if not re.fullmatch("[0-9A-Z]{2,3}", text):
        raise Unfit(Why.FORMAT)
    return text


def _choices(champ: Champ, value: Any) -> list[str]:
    """All of them or none: one that is not offered has the service drop the lot."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise Unfit(Why.FORMAT)
    return [_choice(champ, one) for one in value]


def _commune(champ: Champ, value: Any) -> list[str]:
    if not isinstance(value, Commune) or not re.fullmatch("[0-9]{5}", value.postcode):
        raise Unfit(Why.FORMAT)
    if not value.code:
        return [value.postcode]
    if not re.fullmatch("[0-9][0-9AB][0-9]{3}", value.code):
        raise Unfit(Why.FORMAT)
    return [value.postcode, value.code]


def _epci(champ: Champ, value: Any) -> list[str]:
    if not isinstance(value, Epci) or not re.fullmatch("[0-9]{9}", value.siren):
        raise Unfit(Why.FORMAT)
    return [_code(champ, value.departement), value.siren]


_WRITERS: Mapping[str, Callable[[Champ, Any], Sent]] = {
    **dict.fromkeys(("Text", "Textarea", "Email", "Phone", "Iban", "Address", "Formatted"), _text),
    "IntegerNumber": _integer,
    "DecimalNumber": _decimal,
    "Date": _date,
    "Datetime": _datetime,
    "YesNo": _boolean,
    "Checkbox": _boolean,
    "Civilite": _matching(r"M\.|Mme"),
    "DropDownList": _choice,
    "MultipleDropDownList": _choices,
    "Departement": _code,
    "Region": _code,
    "Pays": _code,
    "Commune": _commune,
    "Epci": _epci,
    "Siret": _matching("[0-9]{14}"),
    "DossierLink": _integer,
}
#: Types that take several words.
_LISTS = frozenset({"MultipleDropDownList", "Commune", "Epci"})
#: How values of some types are written.
_SHAPES = {
    "IntegerNumber": r"-?\d+",
    "DossierLink": r"-?\d+",
    "DecimalNumber": r"-?\d+(\.\d+)?",
    "Date": r"\d{4}-\d\d-\d\d",
    "Datetime": r"\d{4}-\d\d-\d\dT.+",
    "YesNo": "true|false",
    "Checkbox": "true|false",
    "Civilite": r"M\.|Mme",
    "Departement": "[0-9A-Z]{2,3}",
    "Region": "[0-9A-Z]{2,3}",
    "Pays": "[0-9A-Z]{2,3}",
    "Siret": "[0-9]{14}",
}
