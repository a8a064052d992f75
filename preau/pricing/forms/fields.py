"""Money, days of the year and for whom, as people type them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms as fields

from preau.core.formats import MONTHS
from preau.places.enums import UserCategory
from preau.pricing.enums import Residence
from preau.pricing.grids import people

_DAY = re.compile(r"^\s*(\d{1,2})(?:er)?\s*(?:[/.\-\s]\s*)(\d{1,2}|[^\W\d]+\.?)\s*$")

#: Every payer that a price can speak to, the most general first.
ROWS = [
    (audience, residence)
    for audience in ("", *UserCategory.values)
    for residence in ("", *Residence.values)
]


def row_key(audience: str, residence: str) -> str:
    return f"{audience or 'tous'}-{residence or 'partout'}"


ROW_BY_KEY = {row_key(*row): row for row in ROWS}
ROW_CHOICES = [(row_key(*row), people(*row).capitalize()) for row in ROWS]


class EurosField(fields.CharField):
    """« 12,50 » → 1250 cents."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", fields.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(max_length=12, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return typed(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return cents(text) if text else None


def typed(amount: int) -> str:
    """Cents as one types them: « 12,50 », « 12 »."""
    return f"{amount // 100},{amount % 100:02d}" if amount % 100 else str(amount // 100)


def cents(text: str) -> int:
    """What was typed, in cents.

    Raises:
        ValidationError: not an amount.
    """
    plain = re.sub(r"[\s\u00a0\u202f€]", "", text).replace(",", ".")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= 100_000 or amount * 100 % 1:
        raise fields.ValidationError("Écrivez un montant en euros, comme 12 ou 12,50.")
    return int(amount * 100)


class YearDayField(fields.CharField):
    """« 15/06 » or « 15 juin » → 615."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value % 100:02d}/{value // 100:02d}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        match = _DAY.match(text.lower())
        month = _month(match[2]) if match else 0
        try:
            day = date(2028, month, int(match[1]) if match else 0)
        except ValueError as error:
            raise fields.ValidationError(
                "Écrivez un jour et un mois, comme 15/06 ou 15 juin."
            ) from error
        return day.month * 100 + day.day


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    found = [n for n, name in enumerate(MONTHS, 1) if name.startswith(text.rstrip("."))]
    return found[0] if len(text) > 2 and found else 0
