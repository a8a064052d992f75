"""Pieces that every schema shares."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Path, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

#: What a PostgreSQL text cannot hold, and what no keyboard types.
_NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
#: With something in it besides spaces.
_TYPED = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*"
_SAYS_SOMETHING = rf"^{_TYPED}[^\s\x00-\x1f\x7f]{_TYPED}$"
FIRST_YEAR, LAST_YEAR = 2000, 2199
LARGEST_ID = 2**63 - 1


class In(Schema):
    """What is sent: a name that does not exist is told, rather than forgotten."""

    model_config = ConfigDict(extra="forbid")


class NothingIn(In):
    """Un objet vide : `{}`."""


class Out(Schema):
    """What is answered."""


def _within_reason(value: Any) -> Any:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("Cette date est trop éloignée. Vérifiez l’année.")
    return value


def text(most: int, least: int = 0) -> StringConstraints:
    """A text of a form, without what no keyboard types: `Annotated[str, text(80)]`."""
    pattern = _SAYS_SOMETHING if least else _NO_CONTROLS
    return StringConstraints(max_length=most, min_length=least or None, pattern=pattern)


Instant = Annotated[AwareDatetime, AfterValidator(_within_reason)]
Day = Annotated[date, AfterValidator(_within_reason)]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
#: Minutes of the wall, « 18:00 ».
WALL = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
Wall = Annotated[str, StringConstraints(pattern=WALL)]
Cursor = Annotated[str, StringConstraints(max_length=80, pattern=r"^[\x20-\x7e]*$")]


class FieldError(Out):
    field: str = Field(description="Le champ concerné, « » pour l’ensemble.")
    code: str
    detail: str


class ProblemOut(Out):
    """Ce qui n’a pas été, au format « problem details » (RFC 9457)."""

    type: str = Field(description="La famille du problème : une ancre de cette documentation.")
    title: str
    status: int
    detail: str = Field(description="Ce qui s’est passé et quoi faire, en une phrase.")
    code: str = Field(description="Nom stable, plus fin que le type : « slot_taken ».")
    errors: list[FieldError] = Field(default=[], description="Champ par champ.")
