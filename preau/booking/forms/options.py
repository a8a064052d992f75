"""What can be added to a booking, and how many."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from preau.booking.models import Booking
from preau.core import formats, forms
from preau.core.formats import euros
from preau.pricing.enums import OptionUnit
from preau.pricing.models import Option
from preau.pricing.payers import Payer
from preau.pricing.queries import options_for


class OptionsForm(forms.Form):
    """A number for each option; none is zero."""

    mark_optional = False

    def __init__(self, *args: Any, booking: Booking, payer: Payer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = {int(pk): quantity for pk, quantity in booking.wanted_options}
        self.offered = options_for(booking.space, payer)
        for option, cents in self.offered:
            self.fields[f"option_{option.pk}"] = django_forms.IntegerField(
                label=option.name,
                help_text=_hint(option, cents),
                min_value=0,
                max_value=_most(option),
                required=False,
                initial=wanted.get(option.pk, 0),
                error_messages={
                    "max_value": _too_many(option),
                    "min_value": "Écrivez 0 si vous n’en voulez pas.",
                },
            )

    @property
    def wanted(self) -> list[list[int]]:
        chosen = [
            [option.pk, self.cleaned_data.get(f"option_{option.pk}") or 0]
            for option, _ in self.offered
        ]
        return [one for one in chosen if one[1]]


def _most(option: Option) -> int:
    """As many as there are; one of what is counted once a booking and never runs out."""
    if option.stock is not None:
        return option.stock
    return 1 if option.unit == OptionUnit.BOOKING else 1000


def _too_many(option: Option) -> str:
    if option.stock is None:
        return f"{formats.count(_most(option), 'fois', 'fois')} au plus."
    return f"Il y en a {option.stock} en tout."


def _hint(option: Option, cents: int) -> str:
    price = f"{euros(cents)} {option.get_unit_display().lower()}" if cents else "Gratuit"
    stock = f" {option.stock} au plus." if option.stock is not None else ""
    return f"{option.description} {price}.{stock}".strip()
