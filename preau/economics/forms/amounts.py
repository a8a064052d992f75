"""Euros typed, cents kept; hours typed, minutes kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms as fields

#: What people put between thousands; the no-break ones come from a copied page.
_SPACES = str.maketrans("", "", " \u00a0\u202f€")


class Figure(fields.DecimalField):
    """« 1 840,50 » as it is written in French, whichever the space."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.translate(_SPACES) if isinstance(value, str) else value)


MOST_EUROS = 100_000_000


def euros(label: str, **more: Any) -> fields.DecimalField:
    return _decimal(label, "Écrivez un montant en chiffres, par exemple 1 500,50.", **more)


def quantity(label: str, **more: Any) -> fields.DecimalField:
    return _decimal(label, "Écrivez un nombre en chiffres, par exemple 12,5.", **more)


def _decimal(label: str, invalid: str, **more: Any) -> fields.DecimalField:
    more = {"max_value": MOST_EUROS, "min_value": 0, "decimal_places": 2} | more
    return Figure(
        label=label,
        localize=True,
        widget=fields.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": invalid},
        **more,
    )


def cents_of(amount: Decimal | None) -> int:
    return int((amount or Decimal()) * 100)


def amount_of(cents: int) -> Decimal:
    return Decimal(cents) / 100
